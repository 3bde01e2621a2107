"""What a search gives back: order, limits, exact scores for chosen ids, channels that are off."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from rag.errors import StoreError
from rag.filters.parse import parse_where
from rag.ports import KbSpec, Store
from tests.store.conftest import DIM, record, unit

N = 300


@pytest.fixture(scope="module")
def filled(store: Store, kb: str) -> str:
    store.kb(kb).upsert(
        [record(f"r{i:03}", doc=f"d{i % 7}", columns={"year": 1990 + i % 40, "i": i}) for i in range(N)]
    )
    store.kb(kb).upsert([record("pic", kind="image", image_vector=unit("pic", 8))])
    return kb


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return np.stack([unit(f"r{i:03}") for i in range(N)])


def test_best_first_with_the_cosine_as_score(store: Store, filled: str, vectors: np.ndarray) -> None:
    query = unit("a question")
    hits = store.kb(filled).search("text", query, limit=20)
    cosines = vectors @ query
    assert [hit.record.id for hit in hits] == [f"r{i:03}" for i in np.argsort(-cosines)[:20]]
    np.testing.assert_allclose([hit.score for hit in hits], np.sort(cosines)[::-1][:20], atol=1e-5)


def test_query_need_not_be_normalised(store: Store, filled: str) -> None:
    long = store.kb(filled).search("text", unit("q") * 50, limit=3)
    assert [hit.score for hit in long] == pytest.approx(
        [hit.score for hit in store.kb(filled).search("text", unit("q"), limit=3)]
    )


def test_image_channel_searches_pictures(store: Store, filled: str) -> None:
    hits = store.kb(filled).search("image", unit("pic", 8), limit=5)
    assert [(hit.record.id, hit.record.kind, hit.record.text) for hit in hits] == [("pic", "image", "text of pic")]


def test_chosen_ids_have_exact_scores_in_both_spaces(store: Store, filled: str, vectors: np.ndarray) -> None:
    ids = ["r005", "r290", "r111", "unknown", "r005"]
    hits = store.kb(filled).search("text", unit("q"), limit=10, ids=ids)
    expected = {f"r{i:03}": float(vectors[i] @ unit("q")) for i in (5, 290, 111)}
    assert {hit.record.id: hit.score for hit in hits} == pytest.approx(expected, abs=1e-5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert store.kb(filled).search("text", unit("q"), limit=2, ids=ids) == hits[:2]
    assert store.kb(filled).search("text", unit("q"), limit=2, ids=[]) == []


def test_ids_and_filter_hold_together(store: Store, filled: str) -> None:
    hits = store.kb(filled).search("text", unit("q"), limit=10, ids=["r005", "r006"], where=parse_where("i = 6"))
    assert [hit.record.id for hit in hits] == ["r006"]


def test_limit_beyond_the_rows_gives_them_all(store: Store, filled: str) -> None:
    assert len(store.kb(filled).search("text", unit("q"), limit=100_000)) == N
    assert store.kb(filled).search("text", unit("q"), limit=0) == []


def test_filtered_search_is_never_short(store: Store, filled: str) -> None:
    hits = store.kb(filled).search("text", unit("q"), limit=50, where=parse_where("i >= 280"))
    assert {hit.record.metadata["columns"]["i"] for hit in hits} == set(range(280, 300))


@pytest.mark.parametrize("bad", [np.full(DIM, np.nan), np.zeros(DIM), np.ones(DIM + 1)])
def test_bad_query_vector_is_refused(store: Store, filled: str, bad: np.ndarray) -> None:
    with pytest.raises(StoreError, match="query: its vector"):
        store.kb(filled).search("text", bad, limit=3)


def test_channel_that_is_off_says_what_to_set(store: Store) -> None:
    store.create_kb("words_only", KbSpec("words@1", DIM))
    try:
        with pytest.raises(StoreError, match=r"no image channel.*RAG_IMAGE_MODEL"):
            store.kb("words_only").search("image", unit("x", 8), limit=3)
        assert store.kb("words_only").counts().images == 0
        assert store.kb("words_only").sample_vectors("images", 3).shape == (0, 0)
    finally:
        store.drop_kb("words_only")


def test_lexical_channel_ranks_by_words_or_says_that_it_is_off(store: Store, kb: str) -> None:
    texts = {
        "lex1": "Close the red valve first",
        "lex2": "The pump drives the red wheel",
        "lex3": "Nothing of interest",
    }
    if not store.capabilities.lexical:
        assert [note.code for note in store.capabilities.lacks("no_bm25")] == ["no_bm25"]
        with pytest.raises(StoreError, match="no BM25"):
            store.kb(kb).search("lexical", "valve", limit=3)
        return
    store.kb(kb).upsert([record(id_, text=text, columns={"year": 2000}) for id_, text in texts.items()])
    hits = store.kb(kb).search("lexical", "Red VALVE?", limit=3)
    assert [hit.record.id for hit in hits] == ["lex1", "lex2"]
    assert hits[0].score > hits[1].score > 0
    assert [hit.record.id for hit in store.kb(kb).search("lexical", "red", limit=9, ids=["lex2", "lex3"])] == ["lex2"]
    assert store.kb(kb).search("lexical", "red", limit=3, where=parse_where("year = 1999")) == []
    for empty in ("", " ", "???", "the"):
        assert store.kb(kb).search("lexical", empty, limit=3) == []
    store.kb(kb).delete_records("texts", list(texts))


def test_channels_can_be_searched_while_others_write(store: Store, filled: str) -> None:
    errors: list[Exception] = []
    stop = threading.Event()

    def look() -> None:
        try:
            while not stop.is_set():
                hits = store.kb(filled).search("text", unit("r007"), limit=3)
                assert hits[0].record.id == "r007"
                assert store.kb(filled).search("image", unit("pic", 8), limit=1)[0].record.id == "pic"
        except Exception as error:  # noqa: BLE001 (a thread's failure must reach the test)
            errors.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for i in range(20):
        store.kb(filled).upsert([record(f"w{i}_{j}") for j in range(20)])
        store.kb(filled).delete_records("texts", [f"w{i}_{j}" for j in range(20)])
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.kb(filled).counts().texts == N
