"""What columns hold: how many documents have each, and which values how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, cast

from rag.columns.dates import in_years, is_date
from rag.filters.parse import MAX_MEMBER_CHARS, members, type_of
from rag.filters.tree import Value
from rag.types import FieldType

ColumnType: TypeAlias = Literal["date", "number", "str", "bool", "list", "other"]
MOST_COLUMNS, MOST_VALUES, MOST_POINTS = 300, 5_000, 2_000
"""That are kept apart, different values of each, and places: a table of a million rows must not fill the memory."""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value and how many documents have it; of a list, each member."""

    value: Value
    documents: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What one column holds.

    Attributes:
        name: as a filter says it.
        types: of its values, the most frequent first; or the declared one. `date` is words that are ISO dates.
        documents: that have it.
        values: the most frequent first, then as they are ordered. Words of more than 200 characters are left out.
        n_values: different ones; at least so many where `is_complete` is false.
        is_complete: whether all values could be kept apart: else rare ones are missing.
        first, last: the least and the greatest of its dates, or where it has none of its numbers.
        years, months: documents by year (`2019`) and by month (`2019-07`) of its dates, in their order.
    """

    name: str
    types: tuple[ColumnType | FieldType, ...]
    documents: int = 0
    values: tuple[ValueCount, ...] = ()
    n_values: int = 0
    is_complete: bool = True
    first: float | str | None = None
    last: float | str | None = None
    years: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[str, int] = field(default_factory=dict)

    def top(self, n: int) -> Facet:
        """The same with the `n` most frequent values only."""
        return replace(self, values=self.values[:n])


@dataclass(frozen=True, slots=True)
class Point:
    """Documents at about one place: its coordinates in degrees, to a tenth (11 km)."""

    lat: float
    lon: float
    documents: int


@dataclass(frozen=True, slots=True)
class Facets:
    """The columns of some documents.

    Attributes:
        documents: all of them.
        columns: declared ones first, then by name.
        points: where they are, those with the most documents first.
        is_complete: whether there were no more columns or points than are kept apart.
    """

    documents: int
    columns: tuple[Facet, ...]
    points: tuple[Point, ...] = ()
    is_complete: bool = True

    def get(self, name: str) -> Facet | None:
        return next((facet for facet in self.columns if facet.name == name), None)


def tally(rows: Iterable[Mapping[str, Any]], declared: Mapping[str, FieldType]) -> Facets:
    """What the columns of documents hold, in one pass.

    Args:
        rows: the columns of each document.
        declared: columns with a type, which are there even where no document has them.
    """
    counted = {name: _Column() for name in declared}
    points: Counter[tuple[float, float]] = Counter()
    n_rows, is_complete = 0, True
    for row in rows:
        n_rows += 1
        if (point := _point(row)) is not None:
            if point in points or len(points) < MOST_POINTS:
                points[point] += 1
            else:
                is_complete = False
        for name, value in row.items():
            if value is None:
                continue
            if name not in counted:
                if len(counted) >= MOST_COLUMNS:
                    is_complete = False
                    continue
                counted[name] = _Column()
            counted[name].add(value)
    names = [*declared, *sorted(counted.keys() - declared.keys())]
    facets = (counted[name].facet(name, declared.get(name)) for name in names)
    where = sorted(points.items(), key=lambda item: (-item[1], item[0]))
    return Facets(n_rows, tuple(facets), tuple(Point(*at, n) for at, n in where), is_complete)


def _point(row: Mapping[str, Any]) -> tuple[float, float] | None:
    lat, lon = row.get("lat"), row.get("lon")
    if type_of(lat) != "number" or type_of(lon) != "number":
        return None
    return (round(float(lat), 1), round(float(lon), 1)) if abs(lat) <= 90 and abs(lon) <= 180 else None  # type: ignore[arg-type]


class _Column:
    """The counts of one column while it is read."""

    __slots__ = ("complete", "dates", "months", "numbers", "types", "values", "years")

    def __init__(self) -> None:
        self.types: Counter[ColumnType] = Counter()
        self.values: Counter[tuple[str, Value]] = Counter()
        self.years: Counter[str] = Counter()
        self.months: Counter[str] = Counter()
        self.numbers: list[float] = []
        self.dates: list[tuple[float, str]] = []
        self.complete = True

    def add(self, value: Any) -> None:
        kind = kind_of(value)
        self.types[kind] += 1
        if kind == "list":
            for member in dict.fromkeys(_key(each) for each in members(value)):
                self._count(member)
        elif kind != "other":
            self._count(_key(value))
        if kind == "number":
            self.numbers = _ends(self.numbers, float(value))
        elif kind == "date":
            self.dates = _ends(self.dates, (in_years(value), value))
            self.years[value[:4]] += 1
            if len(value) >= len("2019-07"):
                self.months[value[:7]] += 1

    def _count(self, key: tuple[str, Value]) -> None:
        is_long = isinstance(key[1], str) and len(key[1]) > MAX_MEMBER_CHARS
        if key in self.values or (len(self.values) < MOST_VALUES and not is_long):
            self.values[key] += 1
        else:
            self.complete = False

    def facet(self, name: str, declared: FieldType | None) -> Facet:
        ordered = sorted(self.values.items(), key=lambda item: (-item[1], item[0][0], item[0][1]))
        ends: list[Any] = [date for _, date in self.dates] or self.numbers
        return Facet(
            name,
            (declared,) if declared else tuple(kind for kind, _ in self.types.most_common()),
            self.types.total(),
            tuple(ValueCount(value, n) for (_, value), n in ordered),
            len(self.values),
            self.complete,
            ends[0] if ends else None,
            ends[-1] if ends else None,
            dict(sorted(self.years.items())),
            dict(sorted(self.months.items())),
        )


def kind_of(value: Any) -> ColumnType:
    """The type of one value of a column."""
    if isinstance(value, list):
        return "list"
    return "date" if is_date(value) else cast("ColumnType", type_of(value) or "other")


def _key(value: Value) -> tuple[str, Value]:
    """True is not 1, and one column may hold both."""
    return str(type_of(value)), value


def _ends(known: list[Any], value: Any) -> list[Any]:
    return [min(known[0], value), max(known[1], value)] if known else [value, value]
