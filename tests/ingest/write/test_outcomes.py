"""Each document's way ends once: written, copied, left alone or failed, and is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ingest.catalog.listing import Problem
from ingest.changes.ledger import Ledger
from ingest.paths import DumpPath
from ingest.report.ingest_report import IngestReport
from ingest.scan.sources import Coverage
from ingest.types import WriteBatch
from ingest.write.outcomes import OutcomeWriter
from rag.types import Document, EmbeddedRecord, Record, document_id, record_id
from tests.ingest.doubles import DictStore


def document(name: str, **values: object) -> Document:
    row = Document(document_id("kb", f"/dump/{name}"), f"dump/{name}", f"/dump/{name}", f"hash {name}", "done", 0)
    return replace(row, **values)  # type: ignore[arg-type]


def written(owner: Document, *texts: str) -> WriteBatch:
    vector = np.array([1, 0], np.float32)
    rows = [
        EmbeddedRecord(Record(record_id(owner.doc_id, n), owner.doc_id, owner.source, "text", text), vector, None)
        for n, text in enumerate(texts)
    ]
    return WriteBatch(owner, None, rows, last=True)


class Run:
    def __init__(self, *known: Document) -> None:
        self.store, self.ledger, self.report = DictStore(), Ledger(known), IngestReport("kb")
        self.done: list[int] = []
        self.outcomes = OutcomeWriter(self.store, self.ledger, self.report, lambda stage, n, total: self.done.append(n))


def test_records_are_written_and_what_was_left_out_is_counted_by_code() -> None:
    run = Run()
    metadata = {"warnings": ["2 pictures"], "n_warnings": 1, "left_out": {"picture_missing": 2}}
    run.outcomes.write([written(document("a", metadata=metadata), "x", "y"), written(document("b"), "z")])
    assert (run.report.new, run.report.records, run.report.n_warnings) == (2, 3, 1)
    assert run.report.left_out == {"picture_missing": 2}
    assert run.done == [1, 2]


def test_a_copy_has_the_records_of_the_original_under_its_own_name() -> None:
    run, original = Run(), document("a")
    run.outcomes.write([written(original, "x")])
    copy = document("b", content_hash=original.content_hash)
    run.outcomes.write([WriteBatch(copy, None, [], True, "copy", original.doc_id)])
    assert {record.source for record, _ in run.store.texts.values()} == {"dump/a", "dump/b"}
    assert run.report.new == 2


@pytest.mark.parametrize("original", [None, document("a", content_hash="other now")])
def test_a_copy_of_what_has_changed_meanwhile_fails_for_now(original: Document | None) -> None:
    run, copy = Run(*filter(None, [original])), document("b")
    run.outcomes.write([WriteBatch(copy, None, [], True, "copy", document("a").doc_id)])
    (failure,) = run.report.failed
    assert failure.transient
    assert run.store.manifest[copy.doc_id].state == "failed"


def test_a_failure_that_may_pass_leaves_the_records_of_before() -> None:
    old = document("a", n_records=3)
    run = Run(old)
    failed = document("a", state="failed", error="cannot be read", transient=True, content_hash="")
    run.outcomes.write([WriteBatch(failed, old, [], True, "failed")])
    kept = run.store.manifest[old.doc_id]
    assert (kept.state, kept.n_records, kept.error, kept.content_hash) == ("done", 3, "cannot be read", "")


@pytest.mark.parametrize(("given", "is_kept"), [("/dump", True), ("/elsewhere", False)])
def test_a_mistyped_path_is_said_and_not_kept(given: str, is_kept: bool) -> None:
    run = Run()
    path = DumpPath.below({"/dump"}, "/dump/gone.txt")
    run.outcomes.problems([Problem(path, "does not exist", transient=False)], Coverage(frozenset({given})))
    assert [failure.source for failure in run.report.failed] == ["dump/gone.txt"]
    assert bool(run.store.manifest) == is_kept
