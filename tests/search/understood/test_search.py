"""Questions about files, over a store: filters that are said, answers from columns, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.columns.cached import CachedFacets
from rag.ports import KbSpec, StoredKb
from rag.search.retriever import Retriever, RetrieverOptions
from rag.search.understood.held import HeldVocabulary
from rag.search.understood.search import UnderstandingSearch
from rag.store import connect
from rag.types import Document, EmbeddedRecord, Query, Record, SearchResult, record_id
from tests.fakes import TopicEmbedder

TEXTS = TopicEmbedder()
FILES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "trip/a.jpg",
        "a dog on the beach",
        {"taken_at": "2019-07-14T10:22:33+01:00", "place": "Lisbon", "keywords": ["sea"]},
    ),
    ("trip/b.jpg", "a cat on a wall", {"taken_at": "2019-07-15", "place": "Porto"}),
    ("trip/c.jpg", "a dog in the snow", {"taken_at": "2021-12-24", "place": "Oslo"}),
    ("papers/pump-report.pdf", "the pump was repaired", {"author": "Nell Abney", "published": "2020-05-04"}),
    ("papers/rope.pdf", "the rope is worn", {"author": "H. Vosper", "created": "2018-03"}),
    ("papers/bell.pdf", "the bell rings", {"author": "Nell Abney, H. Vosper"}),
]


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StoredKb, KbSpec]]:
    spec = KbSpec(TEXTS.fingerprint, TEXTS.dim)
    with connect(str(Path(tmp_path_factory.mktemp("store")) / "milvus.db")) as store:
        store.create_kb("kb", spec)
        stored, rows, documents = store.kb("kb"), [], []
        for at, (source, text, columns) in enumerate(FILES):
            doc_id = f"{at:032x}"
            kind = "image" if source.endswith("jpg") else "text"
            made = Record(record_id(doc_id, 0), doc_id, source, kind, text, {"columns": columns})  # type: ignore[arg-type]
            rows.append(EmbeddedRecord(made, TEXTS.embed_query(text), None))
            documents.append(Document(doc_id, source, f"/{source}", "hash", "done", 1))
        stored.upsert(rows)
        stored.put_documents(documents)
        yield stored, spec


@pytest.fixture
def ask(kb: tuple[StoredKb, KbSpec]) -> Iterator[Any]:
    stored, spec = kb
    retriever = Retriever(
        stored, spec, text_embedder=TEXTS, image_embedder=None, reranker=None, reader=lambda: None,
        options=RetrieverOptions(),
    )  # fmt: skip
    vocabulary = HeldVocabulary(stored, CachedFacets(stored, {}).get)
    search = UnderstandingSearch(retriever, stored, {}, vocabulary.get, today=lambda: date(2024, 5, 15))

    def asked(text: str, **more: Any) -> SearchResult:
        return search.search(Query(text, **more))

    yield asked
    search.close()


def sources(found: SearchResult) -> list[str]:
    return [hit.record.source.rpartition("/")[2] for hit in found]


def codes(found: SearchResult) -> set[str]:
    return {note.code for note in found.notes}


def test_a_question_of_filters_lists_what_fits_by_date(ask: Any) -> None:
    found = ask("photos from July 2019")
    assert sources(found) == ["b.jpg", "a.jpg"]
    assert [each.label for each in found.understood] == ["taken in July 2019"] or found.understood[0].column == "kind"
    assert found.fact is not None
    assert (found.fact.wanted, found.fact.total) == ("list", 2)
    assert "understood" in codes(found)


def test_words_beside_a_filter_are_searched_within_it(ask: Any) -> None:
    found = ask("photos from July 2019 with a dog")
    assert sources(found)[0] == "a.jpg"
    assert set(sources(found)) == {"a.jpg", "b.jpg"}
    assert found.fact is None


def test_counts_orders_and_values_are_exact(ask: Any) -> None:
    assert ask("How many photos are from 2019?").fact.total == 2
    assert sources(ask("What is the newest document?"))[0] == "c.jpg"
    assert sources(ask("the oldest photo"))[0] == "a.jpg"
    assert sources(ask("the two oldest photos")) == ["a.jpg", "b.jpg"]
    assert sources(ask("the newest report")) == ["pump-report.pdf"]
    authors = ask("Which authors are there?")
    assert [(value, n) for value, n, _ in authors.fact.values] == [("H. Vosper", 2), ("Nell Abney", 2)]
    assert ask("how many authors are there?").fact.total == 2


def test_the_newest_of_those_that_fit(ask: Any) -> None:
    assert sources(ask("the newest photo with a dog"))[0] == "c.jpg"


def test_where_nothing_is_as_said_everything_is_searched_and_that_is_told(ask: Any) -> None:
    found = ask("photos of the pump from 1950")
    assert "understood_nothing_there" in codes(found)
    assert "pump-report.pdf" in sources(found)
    assert found.understood == ()


def test_a_filter_of_ones_own_holds_beside_what_is_understood(ask: Any) -> None:
    assert sources(ask("photos from 2019", where='place = "Porto" or place = "Oslo"')) == ["b.jpg"]
    assert sources(ask("photos taken in Lisbon", where='place = "Porto"')) == ["b.jpg"]


def test_what_is_switched_or_taken_off_is_searched_as_words(ask: Any) -> None:
    plain = ask("photos from July 2019", understand=False)
    assert (plain.understood, plain.fact) == ((), None)
    assert len(plain) == len(FILES)
    found = ask("photos from July 2019 taken in Porto", as_words=("from July 2019",))
    assert sources(found) == ["b.jpg"]
    assert {each.column for each in found.understood} == {"kind", "place"}


def test_a_question_that_says_nothing_of_files_is_searched_as_before(ask: Any) -> None:
    for question in ("which rope is worn", "What happened before the war of 1914?", "the bell"):
        found, plain = ask(question), ask(question, understand=False)
        assert [(hit.record.id, hit.score) for hit in found] == [(hit.record.id, hit.score) for hit in plain]
        assert codes(found) == codes(plain)
