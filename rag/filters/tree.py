"""The tree of a filter. What it means is in `rag.filters.parse`, how it is written in `rag.filters.grammar`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Value: TypeAlias = int | float | str | bool
Path: TypeAlias = tuple[str, ...]
Operator: TypeAlias = Literal["==", "!=", "<", "<=", ">", ">="]

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
