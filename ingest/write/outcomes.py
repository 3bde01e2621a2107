"""The end of each document's way: written, copied, left alone or failed, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.catalog.listing import Problem
from ingest.changes.ledger import Ledger
from ingest.changes.planner import Job
from ingest.paths import ancestors
from ingest.report.ingest_report import IngestReport
from ingest.types import DocumentPart
from ingest.write.committer import Committer, MissingRecords, WriteBatch
from rag.types import Document, document_id

if TYPE_CHECKING:
    from rag.ports import Progress, StoredKb


class OutcomeWriter:
    """Settles documents, in the order of the run.

    Args:
        kb: where they go.
        ledger: what the manifest holds; kept up to date.
        report: counts them; names the knowledge base.
        on_progress: told of each.
    """

    def __init__(self, kb: StoredKb, ledger: Ledger, report: IngestReport, on_progress: Progress | None) -> None:
        self._kb = kb
        self._ledger = ledger
        self._report = report
        self._on_progress = on_progress
        self._committer = Committer(kb)
        self._n_done = 0

    def problems(self, problems: Iterable[Problem], prefixes: frozenset[str]) -> None:
        """Sources that could not even be listed. A path that is nowhere is said, not kept: it was mistyped."""
        for problem in problems:
            self._report.fail(problem.source, problem.message, transient=problem.transient)
            doc_id = document_id(self._report.kb, problem.path)
            old = self._ledger.get(doc_id)
            if (old is None and prefixes.isdisjoint(ancestors(problem.path))) or self._ledger.has_work(doc_id):
                continue
            row = Document(doc_id, problem.source, problem.path, "", "failed", 0, problem.message, problem.transient)
            self._keep_failure(row, old)

    def planned(self, job: Job) -> None:
        """What a dry run counts."""
        if job.verdict == "failed":
            self._report.fail(job.source.source, job.outcome.error, transient=job.outcome.transient)
        else:
            self._count(job.old, unchanged=job.verdict == "unchanged")
        self._progress()

    def slices(self, slices: Sequence[WriteBatch]) -> None:
        """Records with their vectors."""
        old = {slice_.document.doc_id: slice_.old for slice_ in slices}
        finished = self._committer.commit(slices)
        self._report.records += sum(len(slice_.rows) for slice_ in slices)
        for document in finished:
            self._ledger.note(document)
            if document.state == "failed":
                self._report.fail(document.source, document.error, transient=document.transient)
            else:
                self._count(old[document.doc_id], unchanged=False)
                warnings = document.metadata.get("warnings", [])
                self._report.warn(document.source, warnings, document.metadata.get("n_warnings", 0))
            self._progress()

    def part(self, part: DocumentPart) -> None:
        """A document that needs no embedding."""
        if part.verdict == "copy":
            self._copy(part)
            return
        if part.verdict == "unchanged":
            self._count(part.old, unchanged=True)
        else:
            self._report.fail(part.document.source, part.document.error, transient=part.document.transient)
            self._keep_failure(part.document, part.old)
        self._progress()

    def _copy(self, part: DocumentPart) -> None:
        """The original came earlier in this run, or is not touched by it: what the ledger says of it holds now."""
        original, document = self._ledger.get(part.duplicate_of), part.document
        if original is None or original.content_hash != document.content_hash:
            why = "its content changed while it was read, or a document with the same content could not be completed"
            self._fail_copy(part, why, content_hash="", transient=True)
        elif original.state == "failed":
            self._fail_copy(part, original.error, transient=original.transient)
        else:
            document = replace(document, metadata={**original.metadata, **document.metadata})
            try:
                for rows in self._committer.copies(original, document):
                    self.slices([WriteBatch(document, part.old, rows, last=False)])
            except MissingRecords as error:
                failed = replace(document, state="failed", content_hash="", error=str(error), transient=True)
                self._ledger.note(self._committer.take_back([WriteBatch(document, part.old, [], last=True)], failed))
                self._report.fail(failed.source, failed.error, transient=True)
                self._progress()
            else:
                self.slices([WriteBatch(document, part.old, [], last=True)])

    def _fail_copy(self, part: DocumentPart, why: str, *, transient: bool, content_hash: str | None = None) -> None:
        hashed = part.document.content_hash if content_hash is None else content_hash
        failed = replace(part.document, state="failed", content_hash=hashed, error=why, transient=transient)
        self.part(replace(part, document=failed, verdict="failed"))

    def _keep_failure(self, document: Document, old: Document | None) -> None:
        """A document that has been ingested before keeps its records through a failure that may pass."""
        if old is not None and old == replace(document, metadata=old.metadata, source=old.source):
            return
        if old is not None and old.state == "done" and document.transient:
            kept = replace(old, content_hash="", error=document.error, transient=True)
            self._kb.put_documents([kept])
            self._ledger.note(kept)
            return
        for row in self._committer.commit([WriteBatch(document, old, [], last=True)]):
            self._ledger.note(row)

    def _count(self, old: Document | None, *, unchanged: bool) -> None:
        if unchanged:
            self._report.unchanged += 1
        elif old is not None and old.state == "done":
            self._report.replaced += 1
        else:
            self._report.new += 1

    def _progress(self) -> None:
        self._n_done += 1
        if self._on_progress is not None:
            self._on_progress("documents", self._n_done, self._report.documents)
