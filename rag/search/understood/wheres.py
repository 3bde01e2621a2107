"""What is understood, said as a filter. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from rag.filters.parse import BUILT_IN, SCALARS
from rag.search.understood.dates import Test

_PLAIN = re.compile(r"[^\W\d]\w*")
_RESERVED = frozenset(("and", "or", "not", "in", "like", "exists", "true", "false", "columns"))
_MONTHS = ("January February March April May June July August September October November December").split()
_BOUNDS = {">=": "since", ">": "after", "<": "before", "<=": "until"}


def column(name: str) -> str:
    """The user's column as filters name it."""
    if _PLAIN.fullmatch(name) and name.lower() not in _RESERVED and name not in (*SCALARS, *BUILT_IN):
        return name
    return f"columns.{literal(name)}"


def literal(value: Any) -> str:
    """A value as filters write it."""
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def any_of(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def one_of(name: str, values: Sequence[Any]) -> str:
    """That a column has one of the values, or a list in it."""
    if len(values) == 1:
        return f"{column(name)} = {literal(values[0])}"
    return f"{column(name)} in ({', '.join(map(literal, values))})"


def in_time(dates: Iterable[Sequence[Test]], columns: Sequence[str], years: Sequence[str], otherwise: str = "") -> str:
    """That something was made then.

    Args:
        dates: alternatives, of each all tests.
        columns: of dates, one of which has to be so.
        years: columns of numbers of years, likewise.
        otherwise: a column that counts where a record has none of the others.
    """
    tests = [tuple(each) for each in dates]
    parts = [_then(name, each) for name in columns for each in tests]
    parts += list(dict.fromkeys(_then(name, [(op, at[:4]) for op, at in each]) for name in years for each in tests))
    if otherwise:
        lacks = [f"not exists({column(name)})" for name in (*columns, *years)]
        parts += [_all([_then(otherwise, each), *lacks]) for each in tests]
    return any_of(parts)


def _then(name: str, tests: Sequence[Test]) -> str:
    return _all([f"{column(name)} {op} {at}" for op, at in tests])


def _all(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"


def time_label(dates: Sequence[Sequence[Test]]) -> str:
    """`July 2019`, `2018 to 2020`, `since March 2024`; of a month of any year its name."""
    if len(dates) > 2 and len({test[0][1][4:] for test in dates}) == 1:
        first = dates[0][0][1]
        last = dates[0][-1][1]
        months = list(dict.fromkeys(_MONTHS[int(at[5:7]) - 1] for at in (first, last)))
        return f"{' to '.join(months)} of any year"
    return " or ".join(map(_period, dates))


def _period(tests: Sequence[Test]) -> str:
    if len(tests) == 2:
        return f"{_day(tests[0][1])} to {_day(tests[1][1])}"
    operator, at = tests[0]
    return f"{_BOUNDS[operator]} {_day(at)}" if operator in _BOUNDS else _day(at)


def _day(at: str) -> str:
    year, month, day = (*at.split("-"), "", "")[:3]
    return " ".join(filter(None, (day.lstrip("0"), _MONTHS[int(month) - 1] if month else "", year)))
