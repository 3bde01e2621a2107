"""An order by a column: `taken_at`, `-modified`, `columns."odd name"`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from rag.columns.dates import in_years, is_date
from rag.errors import FilterSyntaxError
from rag.filters.parse import Target, parse_where, resolve, value_of
from rag.filters.tree import Exists, Path
from rag.text.quoting import plain

if TYPE_CHECKING:
    from rag.trace import Trace
    from rag.types import FieldType, Hit, Record

Key: TypeAlias = tuple[bool, "_Turned | tuple[int, float | str]"]
"""Sorts a record: those without the value come last, whichever way round the others are."""


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a list.

    Attributes:
        path: of the column, as in a filter.
        descending: the greatest first.
    """

    path: Path
    descending: bool = False

    @property
    def name(self) -> str:
        return ".".join(self.path)

    def __str__(self) -> str:
        return f"{'-' if self.descending else ''}{self.name}"


def parse_sort(text: str) -> Sort:
    """Reads `taken_at` or, for the newest first, `-taken_at`.

    Raises:
        FilterSyntaxError: it names no column as a filter does.
    """
    name = text.strip()
    descending = name.startswith("-")
    try:
        named = parse_where(f"exists({name[descending:]}\n)")
    except FilterSyntaxError:
        named = None
    if not isinstance(named, Exists):
        raise FilterSyntaxError(
            f"cannot sort by {text[:80]!r}: give the name of one column, such as taken_at, or -taken_at for the newest "
            "first; names with spaces in quotes: '\"odd name\"'"
        )
    return Sort(named.path, descending)


class Order:
    """Compares records by a column.

    Numbers and dates are one scale (2019 is where 2019 begins, a date without a zone is taken for UTC), words follow
    in alphabetical order; a list goes by its first member.

    Args:
        sort: by what.
        fields: declared columns.

    Raises:
        FilterSyntaxError: the name leads to what cannot be compared.
    """

    def __init__(self, sort: Sort, fields: Mapping[str, FieldType]) -> None:
        self._target: Target = resolve(sort.path, fields)
        self._descending = sort.descending

    def key(self, record: Record) -> Key:
        value = _comparable(value_of(record, self._target))
        if value is None:
            return True, (0, 0.0)
        return False, _Turned(value) if self._descending else value


def in_order(hits: Iterable[Hit], sort: str, fields: Mapping[str, FieldType], trace: Trace) -> tuple[Hit, ...]:
    """Hits by a column, those of equal value as they were; what has no value comes last, and is noted.

    Raises:
        FilterSyntaxError: as `parse_sort` and `Order`.
    """
    by = parse_sort(sort)
    order = Order(by, fields)
    keyed = sorted(((order.key(hit.record), place, hit) for place, hit in enumerate(hits)), key=lambda each: each[:2])
    without = sum(key[0] for key, _, _ in keyed)
    lack = f"; {without} of {len(keyed)} have no {by.name} and come last" if without else ""
    trace.note("sorted", plain(f"the best hits, in the order of {by}{lack}"))
    return tuple(hit for _, _, hit in keyed)


def _comparable(value: Any) -> tuple[int, float | str] | None:
    if isinstance(value, list):
        return _comparable(value[0]) if value else None
    if isinstance(value, bool | int | float):
        return 0, float(value)
    if not isinstance(value, str):
        return None
    return (0, in_years(value)) if is_date(value) else (1, value.casefold())


@dataclass(frozen=True, slots=True)
class _Turned:
    """The other way round."""

    value: tuple[int, float | str]

    def __lt__(self, other: _Turned) -> bool:
        return other.value < self.value
