"""The users' own columns of a knowledge base: what a filter can name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import BaseModel, Field

from rag.filters.parse import type_of
from rag.knowledge_base import KnowledgeBase
from rag.types import record_id

MOST_DOCUMENTS, _AT_ONCE = 5000, 500
"""Documents whose columns are read: tables give all of their pictures the same."""
FEW_DOCUMENTS = 200
_EXAMPLE_CHARS = 60


class ColumnOut(BaseModel):
    """A column that filters can name; `type` is `other` where no filter can compare it."""

    name: str
    type: str
    example: Any = Field(None, description="a value that a document has")


def own_columns(base: KnowledgeBase, n_documents: int = MOST_DOCUMENTS) -> list[ColumnOut]:
    """Those that are declared, then those of each document's first record, by name."""
    found: dict[str, ColumnOut] = {}
    for columns in first_columns(base, n_documents):
        for name, value in columns.items():
            if name not in found or (found[name].example is None and value is not None):
                example = value[:_EXAMPLE_CHARS] if isinstance(value, str) else value
                found[name] = ColumnOut(name=name, type=type_of(value) or "other", example=example)
    declared = [
        ColumnOut(name=name, type=kind, example=found.pop(name).example if name in found else None)
        for name, kind in base.spec.fields.items()
    ]
    return [*declared, *(found[name] for name in sorted(found))]


def first_columns(base: KnowledgeBase, n_documents: int) -> Iterator[Mapping[str, Any]]:
    """The columns of each document's first record, of at most so many documents."""
    ids = (record_id(document.doc_id, 0) for document in base.stored.documents(states=("done",)) if document.n_records)
    looked_at = list(islice(ids, n_documents))
    for start in range(0, len(looked_at), _AT_ONCE):
        for record in base.stored.records(looked_at[start : start + _AT_ONCE]).values():
            yield record.metadata.get("columns") or {}
