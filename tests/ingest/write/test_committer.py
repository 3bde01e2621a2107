from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from ingest.types import WriteBatch
from ingest.write.committer import Committer, MissingRecords
from rag.errors import StoreUnreachable
from rag.types import Document, EmbeddedRecord, Record, document_id, record_id
from tests.ingest.doubles import DictStore

UP, RIGHT = np.array([0, 1], np.float32), np.array([1, 0], np.float32)


def document(name: str = "a", **values: object) -> Document:
    row = Document(document_id("kb", name), f"dump/{name}", f"/dump/{name}", f"hash of {name}", "done", 0)
    return replace(row, **values)  # type: ignore[arg-type]


def rows(owner: Document, texts: Sequence[str], *, start: int = 0, pixels: bool = False) -> list[EmbeddedRecord]:
    return [
        EmbeddedRecord(
            Record(record_id(owner.doc_id, place), owner.doc_id, owner.source, "text", text),
            RIGHT if place % 2 else UP,
            UP if pixels else None,
        )
        for place, text in enumerate(texts, start)
    ]


class Recorder(DictStore):
    """Notes the state of the manifest at each call."""

    def __init__(self) -> None:
        super().__init__(self.note)
        self.order: list[tuple[str, list[tuple[str, int]]]] = []

    def note(self, name: str) -> None:
        self.order.append((name, sorted((row.state, row.n_records) for row in self.manifest.values())))


def test_a_document_is_announced_before_its_records_and_done_after_them() -> None:
    store = Recorder()
    old = document(n_records=3)
    Committer(store).commit([WriteBatch(old, None, rows(old, "abc", pixels=True), True)])
    store.order.clear()
    new = document(content_hash="new")
    (done,) = Committer(store).commit([WriteBatch(new, old, rows(new, "x"), True)])
    assert store.order == [
        ("put_documents", [("done", 3)]),
        ("upsert", [("writing", 3)]),
        ("delete_records", [("writing", 3)]),
        ("delete_records", [("writing", 3)]),
        ("put_documents", [("writing", 3)]),
    ]
    assert (done.state, done.n_records, done.content_hash) == ("done", 1, "new")
    assert store.manifest == {done.doc_id: done}
    assert [record.text for record, _ in store.texts.values()] == ["x"]
    assert store.images == {}


def test_a_half_written_document_offers_no_content_to_copy() -> None:
    store = DictStore()
    one = document()
    Committer(store).commit([WriteBatch(one, None, rows(one, "ab"), last=False)])
    (row,) = store.manifest.values()
    assert (row.state, row.n_records, row.content_hash) == ("writing", 2, "")


def test_a_document_in_slices_counts_and_averages_all_of_them() -> None:
    whole, sliced = DictStore(), DictStore()
    one = document()
    Committer(whole).commit([WriteBatch(one, None, rows(one, "abc"), True)])
    committer = Committer(sliced)
    assert committer.commit([WriteBatch(one, None, rows(one, "ab"), False)]) == []
    committer.commit([WriteBatch(one, None, rows(one, "c", start=2), True)])
    assert sliced.manifest == whole.manifest
    assert np.array_equal(sliced.means[one.doc_id], whole.means[one.doc_id])
    assert np.allclose(whole.means[one.doc_id], np.array([1, 2]) / np.sqrt(5))


def test_a_document_without_text_vectors_has_no_mean() -> None:
    store = DictStore()
    one = document()
    Committer(store).commit([WriteBatch(one, None, [], True)])
    assert store.means == {}
    assert store.manifest[one.doc_id].n_records == 0


def test_a_record_that_loses_its_pixels_leaves_the_image_collection() -> None:
    store = DictStore()
    one = document()
    (done,) = Committer(store).commit([WriteBatch(one, None, rows(one, "a", pixels=True), True)])
    Committer(store).commit([WriteBatch(one, done, rows(one, "a"), True)])
    assert (len(store.texts), len(store.images)) == (1, 0)


def test_of_a_refused_batch_only_the_bad_document_fails() -> None:
    store = DictStore()
    good, bad = document("good"), document("bad")
    broken = [replace(row, text_vector=np.array([np.nan, 0], np.float32)) for row in rows(bad, "x")]
    done = Committer(store).commit([WriteBatch(good, None, rows(good, "g"), True), WriteBatch(bad, None, broken, True)])
    assert {row.source: row.state for row in done} == {"dump/good": "done", "dump/bad": "failed"}
    assert [record.text for record, _ in store.texts.values()] == ["g"]
    assert "NaN" in store.manifest[bad.doc_id].error


def test_a_document_refused_in_its_second_slice_leaves_nothing_behind() -> None:
    store = DictStore()
    bad = document("bad")
    committer = Committer(store)
    committer.commit([WriteBatch(bad, None, rows(bad, "ab", pixels=True), False)])
    broken = [replace(row, text_vector=np.array([np.nan, 0], np.float32)) for row in rows(bad, "c", start=2)]
    (failed,) = committer.commit([WriteBatch(bad, None, broken, False)])
    assert failed.state == "failed"
    assert committer.commit([WriteBatch(bad, None, rows(bad, "d", start=3), True)]) == []
    assert store.texts == store.images == {}
    assert store.manifest == {bad.doc_id: failed}


def test_a_store_that_is_down_is_not_the_documents_fault() -> None:
    def down(name: str) -> None:
        raise StoreUnreachable("down")

    one = document()
    with pytest.raises(StoreUnreachable):
        Committer(DictStore(down)).commit([WriteBatch(one, None, rows(one, "a"), True)])


def test_copies_have_their_own_ids_and_the_same_vectors() -> None:
    store = DictStore()
    one, other = document("one"), document("other")
    committer = Committer(store)
    (original,) = committer.commit([WriteBatch(one, None, rows(one, "abc", pixels=True), True)])
    (copied,) = committer.copies(original, other)
    assert [row.record.id for row in copied] == [record_id(other.doc_id, place) for place in range(3)]
    assert {(row.record.doc_id, row.record.source) for row in copied} == {(other.doc_id, "dump/other")}
    assert [row.record.text for row in copied] == ["a", "b", "c"]
    assert all(np.array_equal(row.image_vector, UP) for row in copied)


def test_a_copy_of_records_that_are_missing_is_refused() -> None:
    store = DictStore()
    one = document("one")
    committer = Committer(store)
    (original,) = committer.commit([WriteBatch(one, None, rows(one, "abc"), True)])
    store.kb("kb").delete_records("texts", [record_id(one.doc_id, 1)])
    with pytest.raises(MissingRecords, match="missing"):
        list(committer.copies(original, document("other")))
