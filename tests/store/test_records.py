"""Records go in, come out, are replaced and deleted, the same on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from rag.errors import KnowledgeBaseNotFound, StoreError
from rag.filters.parse import parse_where
from rag.ports import Store
from rag.types import EmbeddedRecord
from tests.store.conftest import DIM, record, unit


@pytest.fixture(autouse=True)
def _clean(store: Store, kb: str) -> None:
    known = [document.record.doc_id for document in store.kb(kb).search("text", unit(0), limit=1000)]
    known += [document.record.doc_id for document in store.kb(kb).search("image", unit(0, 8), limit=1000)]
    store.kb(kb).delete_documents(sorted(set(known)))


def test_record_comes_back_as_it_was_written(store: Store, kb: str) -> None:
    metadata = {
        "page": 3,
        "heading_path": ["Pumps", "Wiring"],
        "texts": [{"origin": "ocr", "text": 'a "quoted" \\ line\nand more'}],
        "columns": {"year": 2021, "价格": 1.5, "empty": "", "none": None, "deep": {"list": [1, True, None, {"x": []}]}},
    }
    written = record(
        "a", text="Ventil schließen 😀\x00\x07", image_vector=unit("a", 8), text_vector=unit("a"), **metadata
    )
    store.kb(kb).upsert([written])
    assert store.kb(kb).records(["a", "nobody"]) == {"a": written.record}


def test_record_with_one_vector_is_in_one_space_only(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record("words"), record("pixels", kind="image", image_vector=unit("p", 8))])
    counts = store.kb(kb).counts()
    assert (counts.texts, counts.images) == (1, 1)
    assert set(store.kb(kb).records(["words", "pixels"])) == {"words", "pixels"}


def test_writing_twice_changes_nothing(store: Store, kb: str) -> None:
    rows = [record(f"r{i}", page=i) for i in range(20)]
    for _ in range(3):
        store.kb(kb).upsert(rows)
    assert store.kb(kb).counts().texts == 20
    assert store.kb(kb).records(["r7"])["r7"] == rows[7].record


def test_last_of_a_repeated_id_wins(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record("x", text="first"), record("y"), record("x", text="second")])
    assert store.kb(kb).counts().texts == 2
    assert store.kb(kb).records(["x"])["x"].text == "second"


def test_new_vector_replaces_the_old_one(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record("x", text_vector=unit("old"))])
    store.kb(kb).upsert([record("x", text_vector=unit("new"))])
    hits = store.kb(kb).search("text", unit("new"), limit=5)
    assert [(hit.record.id, round(hit.score, 4)) for hit in hits] == [("x", 1.0)]


@pytest.mark.parametrize(
    "now", [{}, {"status": None, "n": "about 1900", "flag": None}, {"status": ["shut"], "n": True, "flag": {"x": 1}}]
)
def test_nothing_of_a_replaced_records_columns_is_left_for_filters(store: Store, kb: str, now: dict[str, Any]) -> None:
    before = {"status": "open", "n": 1900, "flag": True, "deep": {"inner": 5}}
    store.kb(kb).upsert([record("x", page=3, title="Old", columns=before)])
    store.kb(kb).upsert([record("x", columns=now)])
    gone = ['status = "open"', "n = 1900", "flag = true", "deep.inner = 5", "exists(deep)", "page = 3", "exists(title)"]
    left = [text for text in gone if store.kb(kb).search("text", unit("x"), limit=5, where=parse_where(text))]
    assert left == []


def test_every_read_sees_the_write_before_it(store: Store, kb: str) -> None:
    for step in range(6):
        id_ = f"s{step}"
        store.kb(kb).upsert([record(id_)])
        assert store.kb(kb).search("text", unit(id_), limit=1)[0].record.id == id_
        assert store.kb(kb).counts().texts == 1
        store.kb(kb).delete_records("texts", [id_])
        assert store.kb(kb).records([id_]) == {}
        assert store.kb(kb).search("text", unit(id_), limit=1) == []


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"text_vector": np.full(DIM, np.nan, np.float32)}, "NaN or Inf"),
        ({"text_vector": np.full(DIM, np.inf, np.float32)}, "NaN or Inf"),
        ({"text_vector": np.zeros(DIM, np.float32)}, "length 0"),
        ({"text_vector": unit("x", DIM + 1)}, r"shape \(17,\)"),
        ({"text": "ä" * 33_000}, "66,000 bytes"),
        ({"columns": {"x": "y" * 60_001}}, "metadata has 60,0"),
        ({"columns": {"x": float("nan")}}, "JSON does not know"),
        ({"columns": {"x": {1: 2}}}, "key that is not text"),
        ({"columns": {"x": b"bytes"}}, "type bytes"),
    ],
)
def test_bad_record_is_named_and_nothing_is_written(
    store: Store, kb: str, change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(StoreError, match=f"record bad.*{complaint}"):
        store.kb(kb).upsert([record("good"), record("bad", **change)])
    assert store.kb(kb).counts().texts == 0


def test_record_without_any_vector_is_refused(store: Store, kb: str) -> None:
    with pytest.raises(StoreError, match="no vector"):
        store.kb(kb).upsert([EmbeddedRecord(record("x").record, None, None)])


def test_whole_numbers_beyond_64_bits_are_kept_as_digits(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record("x", columns={"big": 2**70, "edge": 2**63 - 1, "small": -(2**63) + 1})])
    kept = store.kb(kb).records(["x"])["x"].metadata["columns"]
    assert kept == {"big": str(2**70), "edge": 2**63 - 1, "small": -(2**63) + 1}


def test_names_that_are_not_unicode_are_kept_readable(store: Store, kb: str) -> None:
    odd = record("x", text="caf\udce9")
    store.kb(kb).upsert([replace(odd, record=replace(odd.record, source="dump/caf\udce9.txt"))])
    assert store.kb(kb).records(["x"])["x"].source == "dump/caf\ufffd.txt"


def test_deleting_a_document_takes_its_records_from_both_spaces(store: Store, kb: str) -> None:
    for doc in ("one", 'two" or "1" == "1'):
        store.kb(kb).upsert(
            [record(f"{doc[:3]}{i}", doc=doc, text_vector=unit(i), image_vector=unit(i, 8)) for i in range(3)]
        )
    store.kb(kb).delete_documents(['two" or "1" == "1', "never was"])
    counts = store.kb(kb).counts()
    assert (counts.texts, counts.images) == (3, 3)
    assert set(store.kb(kb).records(["one0", "two0"])) == {"one0"}


def test_hostile_ids_touch_only_themselves(store: Store, kb: str) -> None:
    hostile = ['" or id != "', "a\\", "b'c", "{x}", "%", "日本", "line\nbreak"]
    store.kb(kb).upsert([record(id_) for id_ in hostile])
    assert set(store.kb(kb).records(hostile[:1])) == {hostile[0]}
    store.kb(kb).delete_records("texts", hostile[:1])
    assert set(store.kb(kb).records(hostile)) == set(hostile[1:])


def test_vectors_come_back_by_id(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record(f"v{i}") for i in range(5)])
    found = store.kb(kb).vectors("texts", ["v1", "v3", "no"])
    assert set(found) == {"v1", "v3"}
    np.testing.assert_allclose(found["v3"], unit("v3"), atol=1e-6)
    assert store.kb(kb).vectors("images", ["v1"]) == {}


def test_sample_is_the_same_until_something_changes(store: Store, kb: str) -> None:
    assert store.kb(kb).sample_vectors("texts", 4).shape == (0, DIM)
    store.kb(kb).upsert([record(f"v{i}") for i in range(30)])
    sample = store.kb(kb).sample_vectors("texts", 10)
    assert sample.shape == (10, DIM)
    assert sample.dtype == np.float32
    np.testing.assert_array_equal(sample, store.kb(kb).sample_vectors("texts", 10))
    assert store.kb(kb).sample_vectors("texts", 100).shape == (30, DIM)


def test_more_rows_than_one_message_holds(store: Store, kb: str) -> None:
    store.kb(kb).upsert([record(f"m{i}", text="x" * 2000) for i in range(1_201)])
    assert store.kb(kb).counts().texts == 1_201
    assert len(store.kb(kb).records([f"m{i}" for i in range(1_201)])) == 1_201


def test_unknown_knowledge_base_is_named_with_those_that_exist(store: Store, kb: str) -> None:
    with pytest.raises(KnowledgeBaseNotFound, match=rf"no knowledge base 'nope'.*{kb}"):
        store.kb("nope").counts()
