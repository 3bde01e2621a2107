"""The documents of a knowledge base with their columns, which all records of one have in common."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from rag.types import record_id

if TYPE_CHECKING:
    from rag.filters.tree import Filter
    from rag.ports import StoredKb
    from rag.types import Metadata, Record

_AT_ONCE = 500


def matching_records(kb: StoredKb, where: Filter | None) -> Iterator[Record]:
    """Records that match, in no particular order; without a filter the first of each document: they say the same."""
    if where is not None:
        yield from kb.scan(where)
        return
    ids = (record_id(each.doc_id, 0) for each in kb.documents(states=("done",)) if each.n_records)
    while chunk := list(islice(ids, _AT_ONCE)):
        yield from kb.records(chunk).values()


def columns_by_document(kb: StoredKb, where: Filter | None) -> Iterator[dict[str, Any]]:
    """The columns of each document of which a record matches."""
    seen: set[str] = set()
    for record in matching_records(kb, where):
        if record.doc_id not in seen:
            seen.add(record.doc_id)
            yield columns_of(record.metadata)


def columns_of(metadata: Metadata) -> dict[str, Any]:
    """A record's columns: the user's own, and what the file says of itself."""
    return dict(metadata.get("columns") or {})
