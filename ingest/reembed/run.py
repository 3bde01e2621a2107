"""Embeds a knowledge base anew with other models, from what it holds. It answers as before until the end.

New collections are filled beside those that answer, document by document, with the ledger that every ingest has: the
manifest of the new ones. So a run that is killed goes on where it stopped. See docs/decisions/016-reembed.md.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from ingest.changes.ledger import Ledger
from ingest.read.pool import usual_workers
from ingest.records.embedder import Embedder
from ingest.reembed.reader import Replay, ReusePolicy
from ingest.reembed.report import ReembedReport
from ingest.report.ingest_report import MAX_LISTED, Failure
from ingest.stages import Prefetched, Timings
from ingest.types import WriteBatch
from ingest.write.committer import Committer
from rag.images.assets import StoredAssets
from rag.models.compatibility import wanted_spec
from rag.types import Document

if TYPE_CHECKING:
    from rag.knowledge_base import KnowledgeBase
    from rag.ports import KbSpec, Progress


def reembed(kb: KnowledgeBase, *, on_progress: Progress | None = None) -> ReembedReport:
    """Gives a knowledge base the models that its settings name. It may be killed at any moment and called again.

    Args:
        kb: opened with the new settings; afterwards it must be opened anew.
        on_progress: told of every finished document.

    Raises:
        StoreError: the store does not work.
        ModelError: a model cannot be loaded.
    """
    began = time.perf_counter()
    spec = kb.store.spec(kb.name)
    wanted = wanted_spec(kb.settings, kb.models, spec.fields)
    report = ReembedReport(kb.name, {"text": wanted.text_model, "image": wanted.image_model})
    if spec == wanted:
        report.already = True
        kb.store.drop_next(kb.name)  # of a run towards other models that was given up
    else:
        _Run(kb, spec, wanted, report, on_progress).run()
    report.seconds = round(time.perf_counter() - began, 3)
    return report


class _Run:
    """One re-embedding."""

    def __init__(
        self, kb: KnowledgeBase, spec: KbSpec, wanted: KbSpec, report: ReembedReport, on_progress: Progress | None
    ) -> None:
        self._store, self._name, self._old = kb.store, kb.name, kb.stored
        self._report, self._on_progress = report, on_progress
        self._next = kb.store.kb(kb.store.create_next(kb.name, wanted))
        self._timings = Timings()
        reuse = ReusePolicy.of(spec, wanted)
        report.copied = ["texts"] * reuse.keep_texts + ["images"] * reuse.keep_images
        self._replay = Replay(
            kb.stored,
            reuse,
            StoredAssets(kb.assets_uri),
            kb.text_embedder,
            kb.image_embedder,
            n_threads=usual_workers(),
        )
        report.losses = self._replay.losses
        self._embedder = Embedder(kb.text_embedder, kb.image_embedder, self._timings)
        self._committer = Committer(self._next)

    def run(self) -> None:
        try:
            self._catch_up()
            if not self._report.failed:
                with self._timings.measure("optimize"):
                    self._next.optimize()
                self._catch_up()  # with an ingest that ran meanwhile, on a server
        finally:
            self._replay.close()
        if not self._report.failed:
            self._store.switch(self._name)
            self._report.switched = True
        self._report.timings_s = self._timings.to_dict()

    def _catch_up(self) -> None:
        """Until the new manifest says what the old one does."""
        while self._pass() and not self._report.failed:
            pass

    def _pass(self) -> int:
        """Does what is missing; how many documents that were."""
        with (
            closing(Ledger(self._old.documents())) as old,
            closing(Ledger(self._next.documents())) as made,
        ):
            n_todo = self._count(old, made)
            if n_todo:
                self._embed(old, made)
            return n_todo + self._remove_gone(made)

    def _count(self, old: Ledger, made: Ledger) -> int:
        """Documents that are not done."""
        n_all = n_todo = 0
        for document in old.documents():
            made.see(document.doc_id)
            n_all += 1
            n_todo += not self._is_done(document, made)
        if not self._report.documents:
            self._report.resumed = n_all - n_todo
        self._report.documents = n_all
        self._progress(n_all - n_todo)
        return n_todo

    def _is_done(self, document: Document, made: Ledger) -> bool:
        if self._replay.unhashed.get(document.doc_id) == document:
            return True
        return bool(document.content_hash) and made.get(document.doc_id) == document

    def _embed(self, old: Ledger, made: Ledger) -> None:
        todo = (document for document in old.documents() if not self._is_done(document, made))
        batches = Prefetched(self._embedder.batches(self._replay.parts(todo, made)), 2, "embed")
        try:
            for batch in batches:
                with self._timings.measure("commit"):
                    self._commit(batch)
        finally:
            batches.stop()
            batches.join()

    def _commit(self, batches: Sequence[WriteBatch]) -> None:
        finished = self._committer.commit(batches)
        rows = [row for batch in batches for row in batch.rows]
        self._report.texts += sum(row.text_vector is not None for row in rows)
        self._report.images += sum(row.image_vector is not None for row in rows)
        states = {batch.document.doc_id: batch.document.state for batch in batches}
        for document in finished:
            if document.state == "failed" != states[document.doc_id] and len(self._report.failed) < MAX_LISTED:
                self._report.failed.append(Failure(document.source, document.error))
        self._progress(self._n_done + len(finished))

    def _remove_gone(self, made: Ledger) -> int:
        """Documents that the knowledge base no longer has."""
        gone = [document.doc_id for document in made.unseen()]
        for start in range(0, len(gone), 100):
            self._next.delete_documents(gone[start : start + 100])
        return len(gone)

    def _progress(self, n_done: int) -> None:
        self._n_done = n_done
        if self._on_progress is not None:
            self._on_progress("documents", n_done, self._report.documents)
