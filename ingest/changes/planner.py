"""What is to be done with each source: nothing, copy, or read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from ingest.changes.ledger import Ledger
from ingest.parse import Format, detect
from ingest.read.content_hash import content_hash, link_digests
from ingest.read.pool import Reading
from ingest.read.worker import Outcome
from ingest.scan.sources import Source
from ingest.stages import Timings
from ingest.types import Verdict
from rag.errors import DocumentError, TransientError
from rag.types import Document

_MAY_LINK = frozenset({Format.HTML, Format.MARKDOWN})


class Pool(Protocol):
    """Reads documents elsewhere."""

    def submit(self, source: Source) -> Reading: ...


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """A source and what is to be done with it.

    Attributes:
        doc_id: of the document.
        source: where it is.
        old: its row in the manifest.
        verdict: `unchanged` nothing; `failed` nothing, see `outcome`; `copy` the records of `duplicate_of`; `read` it.
        outcome: for `failed` and `copy`.
        duplicate_of: the id of a document with the same content.
        reading: for `read`, unless this is a dry run.
    """

    doc_id: str
    source: Source
    old: Document | None
    verdict: Verdict
    outcome: Outcome = field(default_factory=Outcome)
    duplicate_of: str = ""
    reading: Reading | None = None


class ChangePlanner:
    """Decides by content alone; times of files say nothing.

    Args:
        ledger: the manifest and the work of this run.
        describe: part of each content hash.
        pool: reads what has to be read; None for a dry run.
        retry: read again what failed, although it has not changed.
        timings: gets the time for reading and hashing.
    """

    def __init__(self, ledger: Ledger, describe: str, pool: Pool | None, timings: Timings, *, retry: bool) -> None:
        self._ledger = ledger
        self._describe = describe
        self._pool = pool
        self._timings = timings
        self._retry = retry

    def jobs(self) -> Iterator[Job]:
        """One for each source, in order."""
        for doc_id, source in self._ledger.work():
            with self._timings.measure("plan"):
                job = self._job(doc_id, source)
            yield job

    def _job(self, doc_id: str, source: Source) -> Job:
        old = self._ledger.get(doc_id)
        try:
            data = source.read()
        except (DocumentError, TransientError) as error:
            outcome = Outcome(error=str(error), transient=isinstance(error, TransientError))
            return Job(doc_id, source, old, "failed", outcome)
        sha256 = hashlib.sha256(data).hexdigest()
        if old is not None and self._same(sha256, source, old):
            self._ledger.plan(old.content_hash, doc_id)
            if old.state == "done":
                return Job(doc_id, source, old, "unchanged")
            return Job(doc_id, source, old, "failed", Outcome(old.content_hash, sha256, [], old.error))
        if detect(data, source.path.identity) not in _MAY_LINK:
            hashed = content_hash(sha256, source, {}, describe=self._describe)
            duplicate_of = self._ledger.duplicate_of(hashed, doc_id)
            self._ledger.plan(hashed, doc_id)
            if duplicate_of:
                return Job(doc_id, source, old, "copy", Outcome(hashed, sha256), duplicate_of)
        del data  # the worker reads for itself: only one process at a time holds a large document
        return Job(doc_id, source, old, "read", reading=self._pool.submit(source) if self._pool else None)

    def _same(self, sha256: str, source: Source, old: Document) -> bool:
        """Whether the manifest's row is of this content, and to be believed."""
        if old.state == "writing" or not old.content_hash or (old.state == "failed" and (self._retry or old.transient)):
            return False
        links = old.metadata.get("links", [])
        if links is None:
            return False
        return old.content_hash == content_hash(sha256, source, link_digests(source, links), describe=self._describe)
