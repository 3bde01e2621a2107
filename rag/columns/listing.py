"""Documents in the order of a column, or of their sources: lists that no search ranks."""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rag.columns.documents import matching_records
from rag.columns.order import Order, Sort
from rag.types import Record, record_id

if TYPE_CHECKING:
    from rag.filters.tree import Filter
    from rag.ports import StoredKb
    from rag.types import FieldType


@dataclass(frozen=True, slots=True)
class Listing:
    """The first documents of an order.

    Attributes:
        records: one of each document, the first of its records that matches.
        documents: how many match in all.
        without: how many of them have no such value: they come last.
    """

    records: tuple[Record, ...]
    documents: int
    without: int = 0


def list_documents(
    kb: StoredKb, fields: Mapping[str, FieldType], *, where: Filter | None = None, sort: Sort | None = None, limit: int
) -> Listing:
    """The documents of which a record matches, exactly counted, in one pass.

    Args:
        kb: its records.
        fields: its declared columns.
        where: None: all documents that are in.
        sort: None: by their sources.
        limit: most records.

    Raises:
        FilterSyntaxError: the filter or the order cannot be applied to its names.
    """
    order = None if sort is None else Order(sort, fields)
    best: dict[str, tuple[Any, ...]] = {}
    for record in matching_records(kb, where):
        is_first = record.id == record_id(record.doc_id, 0)
        page = record.metadata.get("page") or 0
        key = (order.key(record) if order else (False,), record.source, not is_first, page, record.id)
        if (known := best.get(record.doc_id)) is None or key < known:
            best[record.doc_id] = key
    ids = [key[-1] for key in heapq.nsmallest(limit, best.values())]
    found = kb.records(ids)
    without = sum(key[0][0] for key in best.values())
    return Listing(tuple(found[id_] for id_ in ids if id_ in found), len(best), without)
