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
    store.kb(kb).put_documents([odd, _document(2)], {"doc0002": unit("two")})
    documents = store.kb(kb).documents()
    assert {document.doc_id: document for document in documents} == {
        "doc0001": odd,
        "doc0002": _document(2),
    }
    store.kb(kb).delete_documents(["doc0001", "doc0002"])
    assert list(store.kb(kb).documents()) == []


def test_all_of_many_documents_are_listed_by_state_and_counted(store: Store, kb: str) -> None:
    states = ("done", "failed", "writing")
    documents = [_document(i, state=states[i % 3]) for i in range(2_500)]
    for _ in range(2):
        store.kb(kb).put_documents(documents)
    store.kb(kb).optimize()  # writes the row of facts, which is no document
    assert sorted(document.doc_id for document in store.kb(kb).documents()) == [d.doc_id for d in documents]
    assert {d.state for d in store.kb(kb).documents(states=["failed"])} == {"failed"}
    assert len(list(store.kb(kb).documents(states=["failed", "writing"]))) == 833 + 833
    assert store.kb(kb).counts().documents == {"done": 834, "failed": 833, "writing": 833}
    store.kb(kb).delete_documents([document.doc_id for document in documents])
    assert sum(store.kb(kb).counts().documents.values()) == 0


def test_a_document_is_found_by_its_id(store: Store, kb: str) -> None:
    store.kb(kb).put_documents([_document(5), _document(6)])
    store.kb(kb).optimize()  # writes the row of facts, which is no document
    assert store.kb(kb).document("doc0006") == _document(6)
    assert [store.kb(kb).document(doc_id) for doc_id in ("doc0009", "#facts", "", '" or id != "')] == [None] * 4
    store.kb(kb).delete_documents(["doc0005", "doc0006"])


def test_last_state_of_a_document_stands(store: Store, kb: str) -> None:
    store.kb(kb).put_documents([_document(7, state="writing", n_records=9)])
    store.kb(kb).put_documents([_document(7, state="writing"), _document(7, state="done", n_records=4)])
    assert [(d.state, d.n_records) for d in store.kb(kb).documents()] == [("done", 4)]
    store.kb(kb).delete_documents(["doc0007"])


def test_endless_error_is_cut_and_endless_path_refused(store: Store, kb: str) -> None:
    store.kb(kb).put_documents([_document(8, error="x" * 100_000)])
    assert len(next(iter(store.kb(kb).documents())).error) == 4000
    with pytest.raises(StoreError, match="its path has 70,000 bytes"):
        store.kb(kb).put_documents([_document(9, path="p" * 70_000)])
    store.kb(kb).delete_documents(["doc0008"])
