"""What filters can name in a knowledge base: columns, what they hold, how often, and examples."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from rag.columns.facets import Facet, Facets
from rag.errors import ConfigError
from rag.filters.parse import BUILT_IN, SCALARS
from rag.knowledge_base import KnowledgeBase
from rag.text.quoting import plain, value_line

_MOST_EXAMPLES, _EXAMPLE_CHARS = 3, 40
_MOST_YEARS = 8


def kb_facets(name: str, where: str = "", column: str = "") -> Facets:
    """What the columns of a knowledge base hold, or one of them.

    Raises:
        KnowledgeBaseNotFound: there is none of that name.
        ConfigError: it has no such column.
    """
    with KnowledgeBase.open(name) as kb:
        found = kb.facets(where)
    if not column:
        return found
    facet = found.get(column)
    if facet is None:
        there = ", ".join(plain(each.name) for each in found.columns) or "none"
        raise ConfigError(f"no document has a column '{plain(column)}'; there are: {there}")
    return replace(found, columns=(facet,))


def column_rows(found: Facets) -> list[dict[str, Any]]:
    """Of `rag kb show --columns --json`."""
    return [
        {
            "name": facet.name,
            "types": list(facet.types),
            "documents": facet.documents,
            "examples": [each.value for each in facet.values[:_MOST_EXAMPLES]],
        }
        for facet in found.columns
    ]


def column_lines(found: Facets) -> Iterator[str]:
    """What filters can name, a line a column."""
    yield from _table((facet, _values(facet, _MOST_EXAMPLES, counts=False)) for facet in found.columns)
    yield f"of every record: {', '.join([*SCALARS, *BUILT_IN])}"


def facet_lines(found: Facets, top: int) -> Iterator[str]:
    """What the columns hold, a line a column; of a single one, a line a value."""
    if len(found.columns) == 1:
        yield from _one(found, found.columns[0], top)
        return
    yield from _table((facet, _held(facet, min(top, _MOST_EXAMPLES))) for facet in found.columns)
    yield f"{found.documents:,} documents"
    if not found.is_complete:
        yield "there are more columns than are counted"


def _one(found: Facets, facet: Facet, top: int) -> Iterator[str]:
    yield f"{_name(facet)}: {facet.documents:,} of {found.documents:,} documents have it{_range(facet)}"
    if facet.years:
        for year, n in facet.years.items():
            yield f"{n:>9,}  {year}"
            yield from (f"{n_in:>13,}  {month}" for month, n_in in facet.months.items() if month.startswith(year))
        return
    yield from (f"{each.documents:>9,}  {value_line(each.value, 200)}" for each in facet.values[:top])
    if (n_more := facet.n_values - top) > 0:
        yield f"{'':>9}  and {n_more:,} more values{'' if facet.is_complete else ', and some that were not counted'}"


def _table(rows: Iterable[tuple[Facet, str]]) -> Iterator[str]:
    lines = [(_name(facet), " or ".join(facet.types), f"{facet.documents:,}", held) for facet, held in rows]
    for name, kind, n, held in [("column", "type", "documents", "such as"), *lines]:
        yield f"{name:24} {kind:16} {n:>9}  {held}".rstrip()


def _name(facet: Facet) -> str:
    return " ".join(plain(facet.name).split())


def _held(facet: Facet, top: int) -> str:
    if facet.years:
        newest = list(facet.years.items())[: -_MOST_YEARS - 1 : -1]
        return f"{facet.first} to {facet.last}; " + ", ".join(f"{year}: {n:,}" for year, n in newest)
    return _values(facet, top, counts=True) + (_range(facet) if len(facet.values) > top else "")


def _range(facet: Facet) -> str:
    if facet.first is None:
        return ""
    ends = [f"{end:g}" if isinstance(end, float) else str(end) for end in (facet.first, facet.last)]
    return f", {' to '.join(ends)}"


def _values(facet: Facet, top: int, *, counts: bool) -> str:
    shown = facet.values[:top]
    return ", ".join(
        value_line(each.value, _EXAMPLE_CHARS) + (f" ({each.documents:,})" if counts else "") for each in shown
    )
