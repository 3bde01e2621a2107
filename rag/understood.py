"""What was understood of a question, as values: which column, which values, how sure, by which words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Certainty: TypeAlias = Literal["certain", "likely"]
"""`certain` is a filter, `likely` a small bonus in the ranking."""
Wanted: TypeAlias = Literal["list", "count", "values", "count_values"]
"""Files, their number, the values of one of their columns, or how many different ones there are."""


@dataclass(frozen=True, slots=True)
class Understood:
    """Something that a question says of the files it wants, rather than of what is in them.

    Attributes:
        column: that it is about: `taken_at`, `author`, `place`, `kind`, `source`, a column of the user's; `folder`. Of
            dates that several columns can have, `date`.
        operator: `=`, `>=`, `>`, `<=`, `<`, `between`, `in`, `like`.
        value: what the column is compared with; with `in`, `like` and `between` a list.
        certainty: whether only such records are searched, or they are preferred.
        said: the words of the question, by which it can be taken off again.
        where: the same as a filter of one's own would say it.
        label: for people: `taken in July 2019`.
    """

    column: str
    operator: str
    value: Any
    certainty: Certainty
    said: str
    where: str
    label: str


@dataclass(frozen=True, slots=True)
class Fact:
    """What the columns of all files say exactly; the records behind it are the hits.

    Attributes:
        wanted: what was asked for.
        total: files, or with `values` and `count_values` different values.
        told: the filter, for people: `photos · taken in 2019`; empty for all files.
        newest: whether the newest come first, or the oldest; None where no order was asked for: the newest.
        n: how many were asked for; 0 where that was not said.
        column: whose values they are.
        values: each with how many files have it, and the index of a hit that does.
    """

    wanted: Wanted
    total: int
    told: str = ""
    newest: bool | None = None
    n: int = 0
    column: str = ""
    values: tuple[tuple[str, int, int], ...] = ()


def told(understood: Iterable[Understood]) -> str:
    """What was taken as a filter, on one line: `taken in 2019 · Lisbon`."""
    return " · ".join(each.label for each in understood if each.certainty == "certain")
