"""The main job: a dump goes in, records come out. Stages overlap, memory is bounded, a kill does no harm.

scan ▶ plan ▶ workers ▶ pictures to words ▶ vectors ▶ commit. The commit runs in the caller's thread, everything before
it in threads and processes of its own, with short queues between.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.assets.writer import AssetStore
from ingest.catalog.listing import Problem
from ingest.changes.ledger import Ledger
from ingest.changes.planner import ChangePlanner, Job
from ingest.paths import ancestors
from ingest.read.pool import WorkerPool, usual_workers
from ingest.records.assembler import Assembler
from ingest.records.describe import Captioner, Describer
from ingest.records.embedder import Embedder
from ingest.records.language import LanguageWatch
from ingest.report.ingest_report import Failure, IngestReport
from ingest.scan.sources import Coverage, Limits, Scan, scan
from ingest.stages import Prefetched, Timings
from ingest.types import WriteBatch
from ingest.write.outcomes import OutcomeWriter
from rag.errors import ConfigError, KnowledgeBaseNotFound
from rag.store.agreement import without_records
from rag.types import Document, document_id

if TYPE_CHECKING:
    from rag.knowledge_base import KnowledgeBase
    from rag.ports import Progress


def ingest_paths(
    kb: KnowledgeBase,
    paths: Sequence[str | Path] | str | Path,
    *,
    prune: bool = False,
    dry_run: bool = False,
    retry: bool = False,
    on_progress: Progress | None = None,
    on_failure: Callable[[Failure], None] | None = None,
    limits: Limits | None = None,
    names: Mapping[str, str] | None = None,
    n_workers: int | None = None,
) -> IngestReport:
    """Brings a knowledge base up to date with files and folders. Unchanged documents are left alone.

    It may be interrupted or killed at any moment: calling it again with the same paths completes the work.

    Args:
        kb: opened, or created, with the models it was built with.
        paths: files, folders and archives; with `retry` they may be left out.
        prune: remove documents that a complete scan of the paths proves gone.
        dry_run: only say what would be done.
        retry: only what failed or was interrupted earlier (below the paths, where any are given), even if unchanged.
        on_progress: told of every finished document.
        on_failure: told of every document that cannot be ingested, when that is known.
        limits: what is accepted.
        names: absolute paths, each with the one that was meant and that no file system could hold.
        n_workers: processes that read documents.

    Returns:
        What was done. Documents that cannot be ingested are in `failed`, they do not raise.

    Raises:
        StoreError: the store does not work.
        ChatError: a caption model is set (RAG_CAPTION_MODEL) and cannot be used.
        ConfigError: no paths.
    """
    began = time.perf_counter()
    paths = [paths] if isinstance(paths, str | Path) else paths
    if not paths and not retry:
        raise ConfigError("nothing to ingest: give files, folders or archives")
    with ExitStack() as stack:
        run = _Run(kb, stack, prune=prune, retry=retry, dry_run=dry_run, on_progress=on_progress)
        run.report.on_failure = on_failure
        run.list_sources(paths, limits or Limits(), names or {})
        if dry_run:
            run.preview()
        else:
            run.work(n_workers or usual_workers())
        run.tidy()
        report = run.report
    report.seconds = round(time.perf_counter() - began, 3)
    return report


class _Run:
    """One ingest. `stack` ends what it began, in the opposite order."""

    def __init__(
        self,
        kb: KnowledgeBase,
        stack: ExitStack,
        *,
        prune: bool,
        retry: bool,
        dry_run: bool,
        on_progress: Progress | None,
    ) -> None:
        self._kb = kb
        self._stack = stack
        self._prune = prune
        self._retry = retry
        self._timings = Timings()
        self.report = IngestReport(kb.name, dry_run=dry_run, retry=retry)
        self._assets = AssetStore(kb.assets_uri)
        self._describer = Describer(self._assets, kb.models.reader, _captioner(kb))
        with self._timings.measure("manifest"):
            self._ledger = Ledger(_documents(kb, may_be_missing=dry_run))
        stack.callback(self._ledger.close)
        self._outcomes = OutcomeWriter(kb.stored, self._ledger, self.report, on_progress)
        self._problems: list[Problem] = []
        self._coverage = Coverage()

    def list_sources(self, paths: Sequence[str | Path], limits: Limits, names: Mapping[str, str]) -> None:
        """Lists everything first, so that progress has an end and captions have their pictures."""
        if self._retry:
            paths = self._failed_paths(paths)
        with self._timings.measure("scan"):
            running = scan(paths, roots=self._ledger.roots(), limits=limits, names=names)
            self._take(self._stack.enter_context(running))
        self.report.documents = self._ledger.n_work()

    def preview(self) -> None:
        """Counts what `work` would do."""
        planner = ChangePlanner(self._ledger, self._describer.fingerprint, None, self._timings, retry=self._retry)
        for problem in self._problems:
            self.report.fail(problem.path.source, problem.message, transient=problem.transient)
        for job in planner.jobs():
            self._outcomes.planned(job)

    def work(self, n_workers: int) -> None:
        """Does it."""
        self._outcomes.problems(self._problems, self._coverage)
        if not self.report.documents:
            return
        watch = LanguageWatch(self._kb.text_embedder)
        for batch in self._batches(n_workers):
            with self._timings.measure("commit"):
                self._outcomes.write(batch)
                watch.see(row.record.text for written in batch for row in written.rows)
        self.report.notes += filter(None, [watch.note()])

    def tidy(self) -> None:
        """Removes what is proved gone, and brings the indexes up to the number of records."""
        gone = [] if self._retry else list(self._gone())
        if not self.report.dry_run:
            for start in range(0, len(gone), 100):
                self._kb.stored.delete_documents(gone[start : start + 100])
            with self._timings.measure("optimize"):
                self._kb.stored.optimize()
        self.report.timings_s = self._timings.to_dict()

    def _take(self, listed: Scan) -> None:
        self._problems, self._coverage = listed.problems, listed.coverage
        for problem in listed.problems:
            self._ledger.see(document_id(self._kb.name, problem.path.identity))
        for source in listed:
            doc_id = document_id(self._kb.name, source.path.identity)
            self._ledger.add_work(doc_id, source)
            self._ledger.see(doc_id)
        for table, warnings in listed.captions.warnings():
            self.report.warn(table, warnings, len(warnings))
        if not self._retry:
            self.report.captions, self.report.skipped = listed.captions, listed.skipped

    def _failed_paths(self, below: Sequence[str | Path]) -> Sequence[str | Path]:
        tops = {str(Path(path).absolute()) for path in below}
        return [
            document.path
            for document in self._ledger.documents()
            if (document.state != "done" or document.error)
            and (not tops or not tops.isdisjoint(ancestors(document.path)))
        ]

    def _batches(self, n_workers: int) -> Iterator[list[WriteBatch]]:
        describe, kb, stack = self._describer.fingerprint, self._kb, self._stack
        pool = WorkerPool(kb.assets_uri, describe, n_workers=n_workers)
        assembler = Assembler(
            self._describer,
            kb.text_embedder,
            kb.image_embedder,
            self._timings,
            n_threads=usual_workers(),
            fields=kb.spec.fields,
            keep_location=kb.settings.keep_location,
        )
        stack.callback(assembler.close)
        embedder = Embedder(kb.text_embedder, kb.image_embedder, self._timings, kb.stored)
        planner = ChangePlanner(self._ledger, describe, pool, self._timings, retry=self._retry)
        jobs: Prefetched[Job] = Prefetched(planner.jobs(), n_workers + 2, "plan")
        parts = Prefetched(assembler.parts(jobs), 64, "assemble")
        batches = Prefetched(embedder.batches(parts), 2, "embed")
        for stage in (jobs, parts, batches):
            stack.callback(stage.join)
        stack.callback(pool.close)  # before the joins: a stage may be waiting for a worker
        for stage in (jobs, parts, batches):  # all are told before the first is waited for
            stack.callback(stage.stop)
        return iter(batches)

    def _gone(self) -> Iterator[str]:
        """Ids to remove; counts them."""
        for document in self._ledger.unseen():
            above = set(ancestors(document.path))
            if not self._coverage.reaches(above):
                continue
            if not self._coverage.proves_gone(above):
                self.report.not_removed += self._prune
            elif document.state != "done":
                yield document.doc_id  # the failure, or the leftover, of a file that is no longer there
            elif self._prune:
                self.report.removed += 1
                yield document.doc_id


def _documents(kb: KnowledgeBase, *, may_be_missing: bool) -> Iterator[Document]:
    """Those of which records are missing have no content any more: they are read again."""
    try:
        documents = list(kb.stored.documents())
        lost = {document.doc_id for document in without_records(kb.stored, documents)}
        for document in documents:
            yield replace(document, content_hash="") if document.doc_id in lost else document
    except KnowledgeBaseNotFound:
        if not may_be_missing:
            raise


def _captioner(kb: KnowledgeBase) -> Captioner | None:
    settings = kb.settings
    if not settings.caption_model:
        return None
    from rag.chat.caption import Captioner as VisionModel
    from rag.models.ollama import captioning_model
    from rag.prompt import load_prompt

    model = VisionModel(captioning_model(settings), load_prompt("caption", settings.prompts_dir))
    model.check()
    return model
