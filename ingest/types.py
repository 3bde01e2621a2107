"""What the stages of an ingest hand each other."""

from __future__ import annotations

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
