"""What an ingest did, for people and programs."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ingest.captions.join import CaptionReport
from ingest.catalog.listing import Tally
from rag.text.labels import MADE_WHEN
from rag.trace import Note
from rag.types import Document

MAX_LISTED = 1000


@dataclass(frozen=True, slots=True)
class Failure:
    """A document that could not be ingested. `transient`: the next ingest tries it again by itself."""

    source: str
    reason: str
    transient: bool = False


@dataclass(slots=True)
class Known:
    """Documents that are in, and how many of them have a date, a place, an author; pictures apart."""

    pictures: dict[str, int] = field(default_factory=dict)
    others: dict[str, int] = field(default_factory=dict)

    def count(self, document: Document) -> None:
        columns = document.metadata.get("columns") or {}
        is_picture = (mimetypes.guess_type(document.source)[0] or "").startswith("image/")
        counts = self.pictures if is_picture else self.others
        found = {
            "documents": True,
            "date": any(name in columns for name in MADE_WHEN),
            "place": "place" in columns or "country" in columns,
            "author": "author" in columns,
        }
        for name, has in found.items():
            counts[name] = counts.get(name, 0) + has


@dataclass(slots=True)
class IngestReport:
    """What an ingest did; with `dry_run`, what it would have done.

    Attributes:
        kb: the knowledge base.
        dry_run: nothing was written.
        retry: only what failed earlier was looked at.
        documents: the sources that were looked at.
        records: that were written, in either space.
        new, replaced, unchanged, removed: documents.
        n_failed: documents that have no records, or kept their old ones, because something is wrong with them.
        failed: the first thousand of them.
        n_warnings: things left out of documents that went in.
        warnings: the first thousand, with their source.
        left_out: what of documents did not go in, counted by code.
        notes: what concerns the whole of it.
        not_removed: documents that were not found, but not proved gone either: part of the dump could not be read.
        captions: how captions were joined to pictures; None where nothing was scanned.
        skipped: files left out on purpose, by reason.
        known: how many documents have a date, a place, an author.
        timings_s: busy seconds by stage; stages run at the same time, so the sum may exceed `seconds`.
        seconds: from start to end.
        on_failure: told of each failure; no part of the report.
    """

    kb: str
    dry_run: bool = False
    retry: bool = False
    documents: int = 0
    records: int = 0
    new: int = 0
    replaced: int = 0
    unchanged: int = 0
    removed: int = 0
    n_failed: int = 0
    failed: list[Failure] = field(default_factory=list)
    n_warnings: int = 0
    warnings: list[str] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    not_removed: int = 0
    captions: CaptionReport | None = None
    skipped: dict[str, Tally] = field(default_factory=dict)
    known: Known = field(default_factory=Known)
    timings_s: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    on_failure: Callable[[Failure], None] | None = field(default=None, repr=False, compare=False)

    @property
    def exit_code(self) -> int:
        """0 all well, 3 some documents failed, 1 nothing could be done."""
        if not self.n_failed and (self.documents or self.removed or self.retry):
            return 0
        return 3 if self.new or self.replaced or self.unchanged or self.removed else 1

    def fail(self, source: str, reason: str, *, transient: bool) -> None:
        self.n_failed += 1
        failure = Failure(source, reason, transient)
        if len(self.failed) < MAX_LISTED:
            self.failed.append(failure)
        if self.on_failure is not None:
            self.on_failure(failure)

    def warn(self, source: str, messages: list[str], count: int) -> None:
        self.n_warnings += count
        self.warnings.extend(f"{source}: {message}" for message in messages[: MAX_LISTED - len(self.warnings)])

    def leave_out(self, counts: Mapping[str, int]) -> None:
        for code, n in counts.items():
            self.left_out[code] = self.left_out.get(code, 0) + n

    def to_dict(self) -> dict[str, Any]:
        facts = asdict(self)
        facts.pop("on_failure")
        return facts
