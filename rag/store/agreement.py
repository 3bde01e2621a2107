"""Whether the manifest and the records agree: a store that came back from a damaged write may have lost some of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rag.types import record_id

if TYPE_CHECKING:
    from rag.ports import StoredKb
    from rag.types import Document

_IDS_AT_ONCE = 2000


def without_records(
    stored: StoredKb, documents: Iterable[Document] | None = None, *, thorough: bool = False
) -> Iterator[Document]:
    """Documents that are done as the manifest has it, and of which records are missing.

    Args:
        stored: one knowledge base.
        documents: those of its manifest, where they are at hand; of others than done ones nothing is expected.
        thorough: look for every record; else for the first and the last of each document: what a store loses is what
            was written last.

    Raises:
        StoreError: the store failed.
    """
    some: list[tuple[Document, list[str]]] = []
    n_ids = 0
    for document in list(stored.documents(states=("done",))) if documents is None else documents:
        if document.state != "done":
            continue
        ordinals = range(document.n_records) if thorough else {0, document.n_records - 1} if document.n_records else ()
        some.append((document, [record_id(document.doc_id, ordinal) for ordinal in ordinals]))
        n_ids += len(ordinals)
        if n_ids >= _IDS_AT_ONCE:
            yield from _missing(stored, some)
            some, n_ids = [], 0
    yield from _missing(stored, some)


def _missing(stored: StoredKb, some: list[tuple[Document, list[str]]]) -> Iterator[Document]:
    there = stored.records([id_ for _, ids in some for id_ in ids])
    yield from (document for document, ids in some if any(id_ not in there for id_ in ids))
