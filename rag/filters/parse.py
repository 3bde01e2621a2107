"""The `--where` language: a typed tree, its parser, and what a filter means for one record.

    year >= 2020 and (kind = 'image' or not title like 'Draft%') and columns."odd name" in (1, 2, 3)

A bare name is a field of every record (`source`, `doc_id`, `kind`), else metadata that this project writes (`page`,
`mime`, ...), else the user's own column; `columns.page` reaches a column that such a name hides. A comparison with a
missing value, or with a value of another type, is false; `not` of it is true. Numbers compare as numbers, words by
code point; `like` knows `%` (anything) and `_` (one character). A list equals its members, and is
`like` them; what it is not equal to, none of them is. A date without quotes compares with words that are dates
(`taken_at >= 2019-07`), as does the number of a year, and equals every moment in it. How a filter is said in Milvus's
own language is known in `rag/store/expressions.py` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from rag.errors import FilterSyntaxError
from rag.filters.tree import MAX_INT, And, Day, Exists, Filter, Holds, In, Leaf, Like, Not, Operator, Or, Path, Value

if TYPE_CHECKING:
    from rag.types import FieldType, Record

MAX_CHARS = 10_000
MAX_DEPTH = 32
MAX_VALUES = 200
MAX_MEMBERS, MAX_MEMBER_CHARS = 64, 200
"""Of a list: so many, none longer, can be found by what they are."""
_FIRST_YEAR, _LAST_YEAR = 1000, 2999
SCALARS: tuple[str, ...] = ("source", "doc_id", "kind")
BUILT_IN: Mapping[str, FieldType] = {
    "page": "int",
    "mime": "str",
    "width_px": "int",
    "height_px": "int",
    "size_bytes": "int",
    "sha256": "str",
    "title": "str",
    "asset": "str",
}
"""Metadata keys of this project that a bare name reaches, with their types."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads.

    Attributes:
        scope: `scalar` is a field of Record, `metadata` a key that this project writes, `column` the user's.
        path: inside that place.
        type: None for a column that was not declared: any type may be found there.
    """

    scope: Literal["scalar", "metadata", "column"]
    path: Path
    type: FieldType | None


def parse_where(text: str) -> Filter:
    """Parses an expression.

    Raises:
        FilterSyntaxError: with the place and what was expected there; also for an expression that is too long, too
            deeply nested, or compares with a number that Milvus cannot hold.
    """
    if len(text) > MAX_CHARS:
        raise FilterSyntaxError(f"the filter has {len(text):,} characters; at most {MAX_CHARS:,} are allowed")
    from rag.filters.grammar import parse  # lark is only paid for by those who filter

    tree: Filter = parse(text)
    _check_size(tree)
    return tree


def filter_of(where: str | None) -> Filter | None:
    """The filter of an expression; None where nothing is said. Raises as `parse_where`."""
    return parse_where(where) if where and where.strip() else None


def _check_size(tree: Filter) -> None:
    n_values = 0
    stack: list[tuple[Filter, int]] = [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        if depth > MAX_DEPTH:
            raise FilterSyntaxError(f"the filter is nested more than {MAX_DEPTH} levels deep; write it flatter")
        n_values += len(node.values) if isinstance(node, In) else not isinstance(node, And | Or | Not)
        if n_values > MAX_VALUES:
            raise FilterSyntaxError(f"the filter compares with more than {MAX_VALUES} values; split it up")
        stack.extend((child, depth + 1) for child in children(node))


def children(node: Filter) -> tuple[Filter, ...]:
    """The filters a filter is made of; none for a leaf."""
    if isinstance(node, And | Or):
        return node.items
    return (node.item,) if isinstance(node, Not) else ()


def resolve(path: Path, fields: Mapping[str, FieldType]) -> Target:
    """Where a path leads, given the declared columns.

    Raises:
        FilterSyntaxError: a name that leads to something that cannot be compared.
    """
    if path == ("heading_path",):
        raise FilterSyntaxError("heading_path is a list and cannot be compared; use title or source")
    if len(path) == 1 and path[0] in SCALARS:
        return Target("scalar", path, "str")
    if len(path) == 1 and path[0] in BUILT_IN:
        return Target("metadata", path, BUILT_IN[path[0]])
    column = path[1:] if path[0] == "columns" and len(path) > 1 else path
    return Target("column", column, fields.get(column[0]) if len(column) == 1 else None)


def type_of(value: Any) -> Literal["number", "str", "bool"] | None:
    """The kind of thing a value can be compared with; None for lists, objects and null."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    return "str" if isinstance(value, str) else None


def check_types(node: Leaf, target: Target) -> None:
    """Refuses to compare a typed name with something it can never hold.

    Raises:
        FilterSyntaxError: naming both types.
    """
    if target.type is None or isinstance(node, Exists):
        return
    name, wanted = ".".join(node.path), "number" if target.type in ("int", "float") else target.type
    if isinstance(node, Like):
        if wanted != "str":
            raise FilterSyntaxError(f"{name} is of type {target.type}; 'like' is for words, use = or < here")
        return
    for value in node.values if isinstance(node, In) else (node.value,):
        if isinstance(value, Day):
            if wanted != "str":
                raise FilterSyntaxError(f"{name} is of type {target.type} and cannot be compared with a date")
        elif type_of(value) != wanted:
            raise FilterSyntaxError(f"{name} is of type {target.type} and cannot be compared with {value!r}")


def coerce(value: Any, type_: FieldType) -> Value | None:
    """A column's value as its declared type; None where it cannot be one, which then counts as missing.

    CSV cells arrive as whatever they look like, so `"007"` becomes the int 7 and 12 the str "12".
    """
    if isinstance(value, str):
        return _from_text(value, type_)
    if type_ == "str":
        return None if type_of(value) is None else str(value).lower() if isinstance(value, bool) else str(value)
    if type_ == "bool":
        return value if isinstance(value, bool) else None
    if type_of(value) != "number" or abs(value) > (MAX_INT if type_ == "int" else 1.7e308):
        return None
    if type_ == "float":
        return float(value)
    return int(value) if value == int(value) else None


def _from_text(text: str, type_: FieldType) -> Value | None:
    if type_ == "str":
        return text
    if type_ == "bool":
        return {"true": True, "false": False}.get(text.strip().lower())
    if not re.fullmatch(r"\s*[+-]?(\d{1,18}|\d{1,18}\.\d*|\.\d+)([eE][+-]?\d{1,3})?\s*", text, re.ASCII):
        return None
    try:
        return coerce(int(text), type_) if text.strip().lstrip("+-").isdigit() else coerce(float(text), type_)
    except OverflowError:
        return None


def matches(node: Filter, record: Record, fields: Mapping[str, FieldType]) -> bool:
    """Whether a record passes; the meaning that every backend's expression has to have."""
    if isinstance(node, And):
        return all(matches(item, record, fields) for item in node.items)
    if isinstance(node, Or):
        return any(matches(item, record, fields) for item in node.items)
    if isinstance(node, Not):
        return not matches(node.item, record, fields)
    if isinstance(node, Holds):
        anywhere = [_like(f"%{pattern}%") for pattern in node.patterns]
        return any(like.fullmatch(text) for like in anywhere for text in (record.text, record.source))
    target = resolve(node.path, fields)
    check_types(node, target)
    return _leaf_matches(node, value_of(record, target), target.type)


def _leaf_matches(node: Leaf, found: Any, type_: FieldType | None) -> bool:
    if isinstance(node, Exists):
        return found is not None
    if isinstance(node, Like):
        texts = members(found) if isinstance(found, list) else [found]
        return any(isinstance(each, str) and _like(node.pattern).fullmatch(each) is not None for each in texts)
    values = node.values if isinstance(node, In) else (node.value,)
    op: Operator = "==" if isinstance(node, In) else node.op
    if type_ == "float":
        values = tuple(float(value) for value in values if not isinstance(value, Day))
    if type_ is None:
        values = (*values, *(day for day in map(as_year, values) if day is not None and isinstance(found, str)))
    return any(_compare(op, found, value) for value in values)


def as_year(value: Value) -> Day | None:
    """A whole number that may be meant as the year of dates: `taken_at >= 2019`."""
    is_year = isinstance(value, int) and not isinstance(value, bool) and _FIRST_YEAR <= value <= _LAST_YEAR
    return Day(str(value)) if is_year else None


def members(values: Sequence[Any]) -> list[Value]:
    """Of a list, what filters can find it by."""
    plain = (each for each in values[:MAX_MEMBERS] if type_of(each) is not None)
    return [each for each in plain if not isinstance(each, str) or len(each) <= MAX_MEMBER_CHARS]


def _compare(op: Operator, found: Any, value: Value) -> bool:
    if isinstance(found, list):
        same = any(_compare("==", each, value) for each in members(found))
        return not isinstance(value, Day) and (same if op == "==" else op == "!=" and not same)
    if isinstance(value, Day):
        return isinstance(found, str) and value.compare(op, found)
    if type_of(found) != type_of(value):
        return False
    result: bool = {
        "==": found == value,
        "!=": found != value,
        "<": found < value,
        "<=": found <= value,
        ">": found > value,
        ">=": found >= value,
    }[op]
    return result


def value_of(record: Record, target: Target) -> Any:
    """What a record has there, as the type that is declared; None where it has nothing of it."""
    if target.scope == "scalar":
        return getattr(record, target.path[0])
    found: Any = record.metadata if target.scope == "metadata" else record.metadata.get("columns")
    for key in target.path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if found is None or target.type is None else coerce(found, target.type)


@lru_cache(maxsize=256)
def _like(pattern: str) -> re.Pattern[str]:
    return re.compile("".join(_like_parts(pattern)), re.DOTALL)


def _like_parts(pattern: str) -> Iterator[str]:
    for char in re.sub("%+", "%", pattern):
        yield {"%": ".*", "_": "."}.get(char) or re.escape(char)
