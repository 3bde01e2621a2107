"""The tree of a filter. What it means is in `rag.filters.parse`, how it is written in `rag.filters.grammar`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Day:
    """A date without quotes, as exact as it was written: `2020`, `2020-03`, `2020-03-05`, `2020-03-05T12:00`.

    It compares with words that are dates like it, and equals all that lie in it.
    """

    text: str

    def compare(self, op: Operator, found: str) -> bool:
        """Whether a date that was found stands so to it. What is no date never does."""
        if not _DATE.fullmatch(found):
            return False
        is_before, is_behind = found < self.text, found >= self.text + BEHIND_DATES
        results: dict[Operator, bool] = {
            "==": not is_before and not is_behind,
            "!=": is_before or is_behind,
            "<": is_before,
            "<=": not is_behind,
            ">": is_behind,
            ">=": not is_before,
        }
        return results[op]


BEHIND_DATES = "~"
"""Sorts behind everything that dates are written with."""
DATE_PATTERN = "____-__%"
"""For `like`: what dates look like, beside beginning with a digit."""
_DATE = re.compile(r"[0-9].{3}-.{2}.*", re.DOTALL)
Value: TypeAlias = int | float | str | bool | Day
Path: TypeAlias = tuple[str, ...]

MAX_INT = 2**63 - 1
"""Whole numbers are what a Milvus INT64 holds; its parser cannot read -2**63."""


@dataclass(frozen=True, slots=True)
class Compare:
    path: Path
    op: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class In:
    path: Path
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Like:
    path: Path
    pattern: str


@dataclass(frozen=True, slots=True)
class Exists:
    path: Path


@dataclass(frozen=True, slots=True)
class Holds:
    """The words of a record, or its source, match one of the patterns of `like` anywhere. Asked by programs only."""

    patterns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class And:
    items: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Or:
    items: tuple[Filter, ...]


@dataclass(frozen=True, slots=True)
class Not:
    item: Filter


Leaf: TypeAlias = Compare | In | Like | Exists
Filter: TypeAlias = Leaf | Holds | And | Or | Not
