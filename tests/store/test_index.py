"""The IVF index is what was asked for, finds what exact search finds, and is tuned by measuring."""

from __future__ import annotations

import numpy as np
import pytest

from rag.ports import Store
from rag.store.index.tuning import nlist_for, recall, smallest_nprobe
from rag.types import EmbeddedRecord, Record
from tests.store.conftest import DIM, SPEC, record, unit

N = 3_000


def _clustered(n: int) -> np.ndarray:
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(40, DIM))
    vectors = centres[rng.integers(40, size=n)] + 0.35 * rng.normal(size=(n, DIM))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


VECTORS = _clustered(N)


@pytest.fixture(scope="module")
def tuned(store: Store, kb: str) -> str:
    rows = [
        EmbeddedRecord(Record(f"{i:05}", f"d{i}", "s", "text", "", {"columns": {"i": i}}), vector, None)
        for i, vector in enumerate(VECTORS)
    ]
    store.kb(kb).upsert(rows)
    assert len(store.kb(kb).search("text", VECTORS[0], limit=N)) == N  # searchable before any tuning
    store.kb(kb).optimize()
    return kb


def test_index_type_and_nlist_are_read_back(store: Store, tuned: str) -> None:
    info = store.kb(tuned).index_info()
    texts = info[f"{tuned}_texts"]
    assert (texts["index_type"], texts["metric"], texts["rows"]) == ("IVF_FLAT", "COSINE", N)
    assert texts["nlist"] == nlist_for(N) == 76
    assert info[f"{tuned}_images"]["nlist"] == 16


def test_measured_nprobe_is_narrow_and_meets_the_recall(store: Store, tuned: str) -> None:
    texts = store.kb(tuned).index_info()[f"{tuned}_texts"]
    assert 1 <= texts["nprobe"] < texts["nlist"] / 2
    assert texts["recall"] >= 0.99


def test_recall_of_the_index_against_exact_search(store: Store, tuned: str) -> None:
    rng = np.random.default_rng(5)
    queries = VECTORS[rng.integers(N, size=40)] + 0.1 * rng.normal(size=(40, DIM)).astype(np.float32)
    shares = []
    for query in queries:
        exact = {f"{i:05}" for i in np.argsort(-(VECTORS @ query))[:10]}
        found = {hit.record.id for hit in store.kb(tuned).search("text", query, limit=10)}
        shares.append(len(found & exact) / 10)
    assert np.mean(shares) >= 0.98


def test_narrow_probe_never_makes_a_list_short(store: Store, tuned: str) -> None:
    assert len(store.kb(tuned).search("text", VECTORS[0], limit=N)) == N


def test_tuning_again_without_changes_measures_nothing(
    store: Store, tuned: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = store.kb(tuned).index_info()
    monkeypatch.setattr("rag.store.index.upkeep.measure_nprobe", None)
    assert store.kb(tuned).optimize() == before


def test_new_rows_are_found_before_the_next_tuning(store: Store, tuned: str) -> None:
    store.kb(tuned).upsert([record("late", text_vector=unit("late"))])
    assert store.kb(tuned).search("text", unit("late"), limit=1)[0].record.id == "late"
    store.kb(tuned).delete_records("texts", ["late"])


def test_nlist_follows_the_row_count() -> None:
    assert [nlist_for(n) for n in (0, 100, 624, 10_000, 1_000_000, 10**9)] == [16, 16, 16, 256, 4000, 65_536]


@pytest.mark.parametrize("needed", [1, 2, 5, 9, 16, 76])
def test_bisection_finds_the_first_step_that_is_enough(needed: int) -> None:
    nprobe, found = smallest_nprobe(lambda n: 1.0 if n >= needed else 0.5, 76)
    assert found == 1.0
    assert needed <= nprobe <= max(needed * 1.5, needed)


def test_recall_counts_equal_scores_as_found() -> None:
    assert recall([[0.9, 0.8], [0.5]], [[0.9, 0.8], [0.7, 0.5]]) == pytest.approx(0.75)
    assert recall([[0.8, 0.8]], [[0.8, 0.8]]) == 1.0
    assert recall([[]], [[]]) == 1.0


def test_of_few_rows_every_cell_is_probed_without_measuring(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.create_kb("few", SPEC)
    store.kb("few").upsert([record(f"few{i}", text_vector=unit(f"few{i}")) for i in range(30)])
    monkeypatch.setattr("rag.store.index.upkeep.measure_nprobe", None)
    store.kb("few").optimize()
    texts = store.kb("few").index_info()["few_texts"]
    assert (texts["nprobe"], texts["recall"], texts["rows"]) == (texts["nlist"], 1.0, 30)
    assert store.kb("few").search("text", unit("few7"), limit=1)[0].record.id == "few7"
    store.drop_kb("few")
