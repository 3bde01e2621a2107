"""The manifest keeps every document, whatever its path and error say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.errors import StoreError
from rag.ports import Store
from rag.types import Document
from tests.store.conftest import unit


def _document(i: int, **changes: object) -> Document:
    document = Document(f"doc{i:04}", f"dump/{i}.pdf", f"/data/dump/{i}.pdf", "hash", "done", 3)
    return replace(document, **changes)  # type: ignore[arg-type]


def test_documents_come_back_whole(store: Store, kb: str) -> None:
    odd = _document(
        1,
        source='dump/"x" or 1==1\n.pdf',
        path="/données/日本 😀/a.zip!/b'.png",
        state="failed",
        error="broken\x1b[31m at byte 5",
        transient=True,
        metadata={"title": "T", "n_pages": 3, "warnings": ["one"], "none": None},
    )
    store.put_documents(kb, [odd, _document(2)], {"doc0002": unit("two")})
    assert {document.doc_id: document for document in store.documents(kb)} == {"doc0001": odd, "doc0002": _document(2)}
    store.delete_documents(kb, ["doc0001", "doc0002"])
    assert list(store.documents(kb)) == []


def test_all_of_many_documents_are_listed_by_state_and_counted(store: Store, kb: str) -> None:
    states = ("done", "failed", "writing")
    documents = [_document(i, state=states[i % 3]) for i in range(2_500)]
    for _ in range(2):
        store.put_documents(kb, documents)
    store.optimize(kb)  # writes the row of facts, which is no document
    assert sorted(document.doc_id for document in store.documents(kb)) == [d.doc_id for d in documents]
    assert {d.state for d in store.documents(kb, states=["failed"])} == {"failed"}
    assert len(list(store.documents(kb, states=["failed", "writing"]))) == 833 + 833
    assert store.counts(kb).documents == {"done": 834, "failed": 833, "writing": 833}
    store.delete_documents(kb, [document.doc_id for document in documents])
    assert sum(store.counts(kb).documents.values()) == 0


def test_a_document_is_found_by_its_id(store: Store, kb: str) -> None:
    store.put_documents(kb, [_document(5), _document(6)])
    store.optimize(kb)  # writes the row of facts, which is no document
    assert store.document(kb, "doc0006") == _document(6)
    assert [store.document(kb, doc_id) for doc_id in ("doc0009", "#facts", "", '" or id != "')] == [None] * 4
    store.delete_documents(kb, ["doc0005", "doc0006"])


def test_last_state_of_a_document_stands(store: Store, kb: str) -> None:
    store.put_documents(kb, [_document(7, state="writing", n_records=9)])
    store.put_documents(kb, [_document(7, state="writing"), _document(7, state="done", n_records=4)])
    assert [(d.state, d.n_records) for d in store.documents(kb)] == [("done", 4)]
    store.delete_documents(kb, ["doc0007"])


def test_endless_error_is_cut_and_endless_path_refused(store: Store, kb: str) -> None:
    store.put_documents(kb, [_document(8, error="x" * 100_000)])
    assert len(next(iter(store.documents(kb))).error) == 4000
    with pytest.raises(StoreError, match="its path has 70,000 bytes"):
        store.put_documents(kb, [_document(9, path="p" * 70_000)])
    store.delete_documents(kb, ["doc0008"])
