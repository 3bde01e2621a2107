"""What columns hold, as JSON says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field

from rag.columns.facets import Facet, Facets
from rag.knowledge_base import KnowledgeBase

FEW_DOCUMENTS = 200
"""Whose columns are looked at where many knowledge bases are listed."""
_EXAMPLE_CHARS = 60


class ColumnOut(BaseModel):
    """A column that filters can name; `type` is `other` where no filter can compare it."""

    name: str
    type: str
    example: Any = Field(None, description="a value that a document has")


class ValueOut(BaseModel):
    """A value, and how many documents have it."""

    value: int | float | bool | str
    documents: int


class FacetOut(BaseModel):
    """What a column holds: `documents` have it; `values`, the most frequent first, of `n_values` different ones
    (of a list: its members); `first` to `last` where it has dates or numbers; documents by year and month of dates.
    `is_complete`: no value was too rare or too long to be counted."""

    name: str
    types: list[str]
    documents: int
    values: list[ValueOut]
    n_values: int
    is_complete: bool
    first: str | float | None
    last: str | float | None
    years: dict[str, int]
    months: dict[str, int]


class PointOut(BaseModel):
    """Documents at about one place, to a tenth of a degree."""

    lat: float
    lon: float
    documents: int


class FacetsOut(BaseModel):
    """`documents`: that match. `points`: where they were made, as far as that is known."""

    documents: int
    columns: list[FacetOut]
    points: list[PointOut]
    is_complete: bool


def facets_out(found: Facets, names: Sequence[str], top: int) -> FacetsOut:
    """The facets of these columns, of all where none is named."""
    columns = tuple(each.top(top) for each in found.columns if not names or each.name in names)
    return FacetsOut.model_validate(replace(found, columns=columns), from_attributes=True)


def own_columns(base: KnowledgeBase, n_documents: int | None = None) -> list[ColumnOut]:
    """Those that are declared, then those of the documents, or of some of them, by name."""
    return [_column_out(each) for each in base.facets(n_documents=n_documents).columns]


def _column_out(facet: Facet) -> ColumnOut:
    example = facet.values[0].value if facet.values else None
    if isinstance(example, str):
        example = example[:_EXAMPLE_CHARS]
    return ColumnOut(name=facet.name, type=facet.types[0] if facet.types else "other", example=example)
