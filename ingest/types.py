"""What the stages of an ingest hand each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from rag.types import Document, Record

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import EmbeddedRecord

Verdict: TypeAlias = Literal["unchanged", "failed", "copy", "read"]


@dataclass(frozen=True, slots=True, eq=False)
class PendingRecord:
    """A record that still lacks vectors. `pixels` where it gets one of its picture, with `sha256` of its bytes.

    `kept` has those that are not made again.
    """

    record: Record
    pixels: Image | None = None
    sha256: str = ""
    kept: EmbeddedRecord | None = None


@dataclass(frozen=True, slots=True, eq=False)
class DocumentPart:
    """A piece of a document, in order.

    Attributes:
        document: its manifest row as it will be; complete only where `last` is set.
        old: its manifest row before this run.
        verdict: what is done with it.
        drafts: its next records.
        last: nothing of it follows.
        duplicate_of: where to copy from.
    """

    document: Document
    old: Document | None
    verdict: Verdict
    drafts: list[PendingRecord] = field(default_factory=list)
    last: bool = True
    duplicate_of: str = ""


@dataclass(slots=True, eq=False)
class WriteBatch:
    """What is to be written of one document, in order: some of its records or, without any, what became of it.

    Attributes:
        document: its manifest row, as it will be when all is written.
        old: its manifest row before this run.
        rows: its next records, complete with vectors.
        last: nothing of it follows.
        verdict: as of its parts.
        duplicate_of: where to copy from.
    """

    document: Document
    old: Document | None
    rows: Sequence[EmbeddedRecord]
    last: bool
    verdict: Verdict = "read"
    duplicate_of: str = ""
