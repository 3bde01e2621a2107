"""Learned sparse vectors as the lexical channel: exact inner products, texts without tokens, engines without them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from rag.errors import StoreError
from rag.filters.parse import parse_where
from rag.ports import KbSpec, Store
from rag.store.rows.sparse import from_stored, to_query, to_stored
from rag.types import EmbeddedRecord
from tests.store.conftest import DIM, record, unit

SPEC = KbSpec("words@1", DIM, sparse_model="words@1", fields={"year": "int"})
WEIGHTS = {
    "valve": {7: 0.5, 0: 1.5},
    "pump": {7: 2.0, 9: 0.25},
    "silent": {},
    "largest": {2**32 - 3: 1.0},
}


@pytest.fixture(scope="module")
def name(store: Store) -> Iterator[str]:
    store.create_kb("sparse", SPEC)
    store.kb("sparse").upsert([weighed(id_, weights) for id_, weights in WEIGHTS.items()])
    yield "sparse"
    store.drop_kb("sparse")


@pytest.fixture
def sparse(store: Store, name: str) -> str:
    if not store.capabilities.sparse:
        pytest.skip("this server has no sparse vectors")
    return name


def weighed(id_: str, weights: dict[int, float] | None) -> EmbeddedRecord:
    return replace(record(id_, columns={"year": 2000 + len(id_)}), sparse=weights)


def test_scores_are_inner_products(store: Store, sparse: str) -> None:
    hits = store.kb(sparse).search("lexical", {7: 2.0, 0: 1.0, 12345: 9.0}, limit=9)
    assert [(hit.record.id, hit.score) for hit in hits] == [("pump", 4.0), ("valve", 2.5)]


def test_chosen_ids_have_the_same_scores(store: Store, sparse: str) -> None:
    query = {7: 2.0, 0: 1.0}
    (hit,) = store.kb(sparse).search("lexical", query, limit=9, ids=["valve", "silent", "unknown"])
    assert (hit.record.id, hit.score) == ("valve", 2.5)
    (filtered,) = store.kb(sparse).search("lexical", query, limit=9, where=parse_where("year = 2004"))
    assert (filtered.record.id, filtered.score) == ("pump", 4.0)


def test_a_text_without_tokens_is_kept_and_matches_nothing(store: Store, sparse: str) -> None:
    assert store.kb(sparse).search("text", unit("silent"), limit=1)[0].record.id == "silent"
    found = store.kb(sparse).search("lexical", dict.fromkeys(range(20), 1.0), limit=9)
    assert {hit.record.id for hit in found} == {"valve", "pump"}
    assert store.kb(sparse).search("lexical", {}, limit=9) == []


def test_weights_are_read_back(store: Store, sparse: str) -> None:
    assert store.kb(sparse).sparse_vectors([*WEIGHTS, "unknown"]) == WEIGHTS


def test_a_second_write_replaces_the_first(store: Store, sparse: str) -> None:
    store.kb(sparse).upsert([weighed("twice", {500: 1.0})])
    store.kb(sparse).upsert([weighed("twice", {501: 3.0})])
    assert store.kb(sparse).search("lexical", {500: 1.0}, limit=9) == []
    assert store.kb(sparse).search("lexical", {501: 1.0}, limit=9)[0].score == 3.0
    store.kb(sparse).delete_records("texts", ["twice"])
    assert store.kb(sparse).search("lexical", {501: 1.0}, limit=9) == []


def test_after_tuning_the_scores_are_the_same(store: Store, sparse: str) -> None:
    store.kb(sparse).optimize()
    hits = store.kb(sparse).search("lexical", {7: 2.0}, limit=9)
    assert [(hit.record.id, hit.score) for hit in hits] == [("pump", 4.0), ("valve", 1.0)]


def test_words_are_no_query_for_weights_and_weights_none_for_words(store: Store, sparse: str, kb: str) -> None:
    with pytest.raises(StoreError, match="takes weights of tokens, not words"):
        store.kb(sparse).search("lexical", "valve", limit=3)
    with pytest.raises(StoreError, match="takes words, not weights"):
        store.kb(kb).search("lexical", {7: 1.0}, limit=3)
    with pytest.raises(StoreError, match="takes a vector"):
        store.kb(sparse).search("text", {7: 1.0}, limit=3)


def test_a_row_without_weights_is_refused(store: Store, sparse: str) -> None:
    with pytest.raises(StoreError, match=r"record x of dump/doc\.pdf: it has no sparse vector"):
        store.kb(sparse).upsert([weighed("x", None)])
    assert store.kb(sparse).records(["x"]) == {}


def test_an_engine_without_sparse_vectors_keeps_the_rest_and_says_so(store: Store, name: str) -> None:
    if store.capabilities.sparse:
        assert SPEC.lexical_form(store.capabilities) == "sparse"
        return
    assert store.spec(name) == SPEC
    assert store.kb(name).sparse_vectors(["valve"]) == {}
    assert store.kb(name).search("text", unit("valve"), limit=1)[0].record.id == "valve"
    with pytest.raises(StoreError, match="has no sparse vectors"):
        store.kb(name).search("lexical", {7: 1.0}, limit=3)


def test_weights_survive_the_way_they_are_kept() -> None:
    for weights in WEIGHTS.values():
        assert from_stored(to_stored(weights, "x")) == weights
        assert all(to_stored(weights, "x").values())
    assert to_query({}) == {}
    assert to_query({3: 1e-60}) == {}


@pytest.mark.parametrize("bad", [{-1: 1.0}, {2**32 - 2: 1.0}, {1: math.nan}, {1: math.inf}, {1: -0.5}])
def test_what_cannot_be_kept_is_refused(bad: dict[int, float]) -> None:
    with pytest.raises(StoreError, match="record x: its sparse vector has"):
        to_stored(bad, "record x")
