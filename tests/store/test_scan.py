"""One pass over all records, and a word for the state that they are in."""

from __future__ import annotations

from rag.columns.documents import columns_by_document
from rag.columns.facets import tally
from rag.columns.listing import list_documents
from rag.columns.order import parse_sort
from rag.filters.parse import parse_where
from rag.ports import Store
from rag.types import Document, EmbeddedRecord, Record, record_id
from tests.store.conftest import SPEC, unit

ABOUT = [
    {"taken_at": "2019-07-14T10:22:33+01:00", "keywords": ["beach", "dog"], "place": "Lisbon", "year": 2019},
    {"taken_at": "2019-12", "keywords": ["snow"], "place": 'Oslo " or 1 == 1'},
    {"taken_at": "2021-01-02T00:30:00+14:00", "keywords": [], "price": 2.5},
    {"place": "Lisbon", "keywords": ["dog", "dog", 7]},
]


def put(store: Store, kb: str) -> list[str]:
    """Documents of three records each, the last two of pictures that are alone in their space."""
    docs = [f"{i:032x}" for i in range(len(ABOUT))]
    rows = []
    for doc, columns in zip(docs, ABOUT, strict=True):
        for ordinal in range(3):
            made = Record(
                record_id(doc, ordinal),
                doc,
                f"{doc[-1]}.jpg",
                "image" if ordinal else "text",
                f"text {ordinal}",
                {"columns": columns, "page": ordinal + 1},
            )
            text = None if ordinal else unit(made.id)
            rows.append(EmbeddedRecord(made, text, unit(made.id, 8) if ordinal else None))
    store.kb(kb).upsert(rows)
    store.kb(kb).put_documents([Document(doc, f"{doc[-1]}.jpg", f"/{doc}", "hash", "done", 3) for doc in docs])
    return docs


def test_columns_are_counted_by_documents_and_lists_are_ordered_alike_everywhere(store: Store, kb: str) -> None:
    docs = put(store, kb)
    stored = store.kb(kb)
    assert {record.id for record in stored.scan()} == {record_id(doc, n) for doc in docs for n in range(3)}
    for where in (None, parse_where("page >= 1"), parse_where("page = 2")):
        found = tally(columns_by_document(stored, where), SPEC.fields)
        assert found.documents == len(docs)
        taken, keywords, place = (found.get(name) for name in ("taken_at", "keywords", "place"))
        assert taken is not None
        assert keywords is not None
        assert place is not None
        assert (taken.types, taken.documents, dict(taken.years)) == (("date",), 3, {"2019": 2, "2021": 1})
        assert (taken.first, taken.last) == ("2019-07-14T10:22:33+01:00", "2021-01-02T00:30:00+14:00")
        assert (keywords.values[0].value, keywords.values[0].documents) == ("dog", 2)
        assert [(each.value, each.documents) for each in place.values] == [("Lisbon", 2), ('Oslo " or 1 == 1', 1)]
    only = tally(columns_by_document(stored, parse_where('place = "Lisbon" and keywords = "beach"')), SPEC.fields)
    assert only.documents == 1

    newest = list_documents(stored, SPEC.fields, sort=parse_sort("-taken_at"), limit=3)
    assert [record.doc_id for record in newest.records] == [docs[2], docs[1], docs[0]]
    assert (newest.documents, newest.without) == (4, 1)
    some = list_documents(stored, SPEC.fields, where=parse_where("page > 1"), sort=parse_sort("taken_at"), limit=9)
    assert [record.id for record in some.records] == [record_id(doc, 1) for doc in docs]
    assert list_documents(stored, SPEC.fields, limit=2).records[0].doc_id == docs[0]

    before = stored.revision()
    assert stored.revision() == before
    stored.optimize()
    assert stored.revision() != before
    before = stored.revision()
    stored.delete_documents(docs[:1])
    assert stored.revision() != before
    before = store.kb(kb).revision()
    put(store, kb)  # by another handle
    assert stored.revision() != before
    stored.delete_documents(docs)
