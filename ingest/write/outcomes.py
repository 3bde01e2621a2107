"""The end of each document's way: written, copied, left alone or failed, and counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.catalog.listing import Problem
from ingest.changes.ledger import Ledger
from ingest.changes.planner import Job
from ingest.report.ingest_report import IngestReport
from ingest.scan.sources import Coverage
from ingest.types import WriteBatch
from ingest.write.committer import Committer, MissingRecords
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

    def problems(self, problems: Iterable[Problem], coverage: Coverage) -> None:
        """Sources that could not even be listed. A path that is nowhere is said, not kept: it was mistyped."""
        for problem in problems:
            path = problem.path
            self._report.fail(path.source, problem.message, transient=problem.transient)
            doc_id = document_id(self._report.kb, path.identity)
            old = self._ledger.get(doc_id)
            if (old is None and not coverage.reaches(path.ancestors)) or self._ledger.has_work(doc_id):
                continue
            row = Document(doc_id, path.source, path.identity, "", "failed", 0, problem.message, problem.transient)
            self._keep_failure(row, old)

    def planned(self, job: Job) -> None:
        """What a dry run counts."""
        if job.verdict == "failed":
            self._report.fail(job.source.path.source, job.outcome.error, transient=job.outcome.transient)
        else:
            self._count(job.old, unchanged=job.verdict == "unchanged")
        self._progress()

    def write(self, batches: Sequence[WriteBatch]) -> None:
        """Records with their vectors or, alone, a document that needs no embedding."""
        first = batches[0]
        if first.verdict == "read":
            self._write(batches)
        elif first.verdict == "copy":
            self._copy(first)
        elif first.verdict == "unchanged":
            self._count(first.old, unchanged=True)
            self._report.known.count(first.old or first.document)
            self._progress()
        else:
            self._fail(first.document, first.old)

    def _write(self, batches: Sequence[WriteBatch]) -> None:
        old = {batch.document.doc_id: batch.old for batch in batches}
        finished = self._committer.commit(batches)
        self._report.records += sum(len(batch.rows) for batch in batches)
        for document in finished:
            self._ledger.note(document)
            if document.state == "failed":
                self._report.fail(document.source, document.error, transient=document.transient)
            else:
                self._count(old[document.doc_id], unchanged=False)
                self._report.known.count(document)
                warnings = document.metadata.get("warnings", [])
                self._report.warn(document.source, warnings, document.metadata.get("n_warnings", 0))
                self._report.leave_out(document.metadata.get("left_out", {}))
            self._progress()

    def _copy(self, batch: WriteBatch) -> None:
        """The original came earlier in this run, or is not touched by it: what the ledger says of it holds now."""
        original, document, old = self._ledger.get(batch.duplicate_of), batch.document, batch.old
        if original is None or original.content_hash != document.content_hash:
            why = "its content changed while it was read, or a document with the same content could not be completed"
            self._fail(replace(document, state="failed", content_hash="", error=why, transient=True), old)
        elif original.state == "failed":
            failed = replace(document, state="failed", error=original.error, transient=original.transient)
            self._fail(failed, old)
        else:
            document = replace(document, metadata={**original.metadata, **document.metadata})
            try:
                for rows in self._committer.copies(original, document):
                    self._write([WriteBatch(document, old, rows, last=False)])
            except MissingRecords as error:
                failed = replace(document, state="failed", content_hash="", error=str(error), transient=True)
                self._ledger.note(self._committer.take_back([WriteBatch(document, old, [], last=True)], failed))
                self._report.fail(failed.source, failed.error, transient=True)
                self._progress()
            else:
                self._write([WriteBatch(document, old, [], last=True)])

    def _fail(self, document: Document, old: Document | None) -> None:
        self._report.fail(document.source, document.error, transient=document.transient)
        self._keep_failure(document, old)
        self._progress()

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
