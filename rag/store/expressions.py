"""A filter as a Milvus expression. Nothing else turns a value into a part of one.

Only what means the same on Lite 3.2 and on servers from 2.3 is emitted. What was found to differ:
- `exists` binds differently, so everything stands in parentheses;
- Lite's null logic makes `not (missing == 1)` unknown, and the server says `missing != 1`: such leaves are guarded
  with `exists`;
- an INT64 field cannot be compared with a float literal on the server;
- the server has no constants (`true`, `1 == 1`);
- `in` on a JSON key does not exist on Lite;
- servers before 2.4 know only `like 'prefix%'`, and take `_` and the backslash literally; Lite's two evaluators
  disagree about the backslash.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.filters.parse import Target, as_year, check_types, resolve, type_of
from rag.filters.tree import (
    BEHIND_DATES,
    DATE_PATTERN,
    And,
    Compare,
    Day,
    Exists,
    Filter,
    Holds,
    In,
    Leaf,
    Like,
    Not,
    Or,
    Value,
)
from rag.store.rows.facets import LIST_MARK, TAGS, Tag, facet_key, member_key
from rag.store.rows.values import clean_text
from rag.types import FieldType

NEVER = "(id in [])"
ALWAYS = "(not (id in []))"


@dataclass(frozen=True, slots=True)
class Expression:
    """Milvus's words for a filter. Where it is not `exact` it lets too much through, and the rows must be checked."""

    text: str
    exact: bool = True


def column_field(position: int) -> str:
    """Name of the scalar field of the declared column at this position; `<name>_set` says whether it has a value."""
    return f"column_{position}"


def literal(value: str) -> str:
    """A string literal. `json.dumps` would write escapes that Lite's parser refuses."""
    escaped = clean_text(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    return f'"{escaped}"'


def one_of(field: str, values: Sequence[str]) -> str:
    """`field in [...]` for a scalar VARCHAR field."""
    return f"({field} in [{', '.join(literal(value) for value in values)}])"


def encode(node: Filter, fields: Mapping[str, FieldType], *, full_like: bool = True) -> Expression:
    """Says a filter in Milvus's language.

    Args:
        node: the filter.
        fields: declared columns, in the order of the knowledge base's spec.
        full_like: whether the engine's `like` knows more than `prefix%`.

    Raises:
        FilterSyntaxError: a comparison that can never hold for its name's type.
    """
    encoder = _Encoder(fields, full_like)
    return Expression(encoder.node(node, negated=False), encoder.exact)


class _Encoder:
    """One walk over a filter. `negated` is whether an odd number of `not` stands above."""

    def __init__(self, fields: Mapping[str, FieldType], full_like: bool) -> None:
        self._fields = fields
        self._positions = {name: position for position, name in enumerate(fields)}
        self._full_like = full_like
        self.exact = True

    def node(self, node: Filter, negated: bool) -> str:
        if isinstance(node, And | Or):
            word = " and " if isinstance(node, And) else " or "
            return f"({word.join(self.node(item, negated) for item in node.items)})"
        if isinstance(node, Not):
            return f"(not {self.node(node.item, not negated)})"
        if isinstance(node, Holds):
            likes = [self._like(field, f"%{each}%", negated) for field in ("text", "source") for each in node.patterns]
            return _either(likes)
        target = resolve(node.path, self._fields)
        check_types(node, target)
        if target.scope == "scalar":
            return self._scalar(node, target.path[0], "str", negated)
        if target.scope == "column" and target.type is not None:
            field = column_field(self._positions[target.path[0]])
            test = "" if isinstance(node, Exists) else self._scalar(node, field, target.type, negated)
            return _both(f"({field}_set == true)", test)
        return self._json(node, target, negated)

    def _scalar(self, node: Leaf, field: str, type_: FieldType, negated: bool) -> str:
        if isinstance(node, Exists):
            return ALWAYS
        if isinstance(node, Like):
            return self._like(field, node.pattern, negated)
        pairs = [("==", value) for value in node.values] if isinstance(node, In) else [(node.op, node.value)]
        if type_ == "int":
            return _either([_int_test(field, op, value) for op, value in pairs])
        return _either(
            [
                self._day(field, op, value, negated)
                if isinstance(value, Day)
                else f"({field} {op} {_literal(value, as_float=type_ == 'float')})"
                for op, value in pairs
            ]
        )

    def _day(self, operand: str, op: str, day: Day, negated: bool) -> str:
        """A date's words, compared where they are some; what is as exact as it was asked for is equal."""
        low, behind = literal(day.text), literal(day.text + BEHIND_DATES)
        tests = {
            "==": f"({operand} >= {low} and {operand} < {behind})",
            "!=": f"({operand} < {low} or {operand} >= {behind})",
            "<": f"({operand} < {low})",
            "<=": f"({operand} < {behind})",
            ">": f"({operand} >= {behind})",
            ">=": f"({operand} >= {low})",
        }
        is_date = self._like(operand, DATE_PATTERN, negated)
        return f'({is_date} and ({operand} >= "0") and ({operand} < ":") and {tests[op]})'

    def _json(self, node: Leaf, target: Target, negated: bool) -> str:
        path = target.path if target.scope == "metadata" else ("columns", *target.path)
        if isinstance(node, Exists):
            return _either([_exists(path, tag) for tag in ("n", "s", "b", "o")])
        free = target.type is None
        if isinstance(node, Like):
            test = _guarded(path, "s", self._like(_key(path, "s"), node.pattern, negated), negated)
            return _either([test, self._listed(path, node.pattern, negated)]) if free else test
        if isinstance(node, Compare):
            tag = _tag(node.value)
            test = self._facet(path, node.op, node.value, negated)
            tests = [_guarded(path, tag, test, negated or node.op == "!=")]
            if free:
                tests += self._otherwise(path, node.op, node.value, negated)
            return _either(tests)
        groups: dict[Tag, list[str]] = {}
        for value in node.values:
            groups.setdefault(_tag(value), []).append(self._facet(path, "==", value, negated))
        tests = [_guarded(path, tag, _either(group), negated) for tag, group in groups.items()]
        if free:
            tests += [test for value in node.values for test in self._otherwise(path, "==", value, negated)]
        return _either(tests)

    def _facet(self, path: tuple[str, ...], op: str, value: Value, negated: bool) -> str:
        if isinstance(value, Day):
            return self._day(_key(path, "s"), op, value, negated)
        return f"({_key(path, _tag(value))} {op} {_literal(value)})"

    def _otherwise(self, path: tuple[str, ...], op: str, value: Value, negated: bool) -> list[str]:
        """What else a value may be compared with: the members of a list; for a year, dates."""
        tests: list[str] = []
        if op in ("==", "!=") and not isinstance(value, Day):
            member = f"(exists($meta[{literal(member_key(path, value))}]))"
            tests.append(member if op == "==" else f"({_exists(path, 'j')} and (not {member}))")
        if year := as_year(value):
            day = self._day(_key(path, "s"), op, year, negated)
            tests.append(_guarded(path, "s", day, negated or op == "!="))
        return tests

    def _listed(self, path: tuple[str, ...], pattern: str, negated: bool) -> str:
        """A pattern for the words of a list; with a `%` in its middle it may match across two: rows are checked."""
        inner = pattern.strip("%")
        if "%" in inner or LIST_MARK in inner:
            self.exact = False
            return NEVER if negated else _exists(path, "j")
        start = "%" if pattern.startswith("%") else f"%{LIST_MARK}"
        end = "%" if pattern.endswith("%") else f"{LIST_MARK}%"
        return _guarded(path, "j", self._like(_key(path, "j"), f"{start}{inner}{end}", negated), negated)

    def _like(self, operand: str, pattern: str, negated: bool) -> str:
        prefix = pattern.rstrip("%")
        plain = not set(prefix) & set("%_\\")
        if plain and prefix == pattern:
            return f"({operand} == {literal(pattern)})"
        if plain or (self._full_like and "\\" not in pattern):
            return f"({operand} like {literal(pattern)})"
        self.exact = False
        if negated:  # too little here lets too much through above
            return NEVER
        start = prefix[: min(prefix.find(char) for char in "%_\\" if char in prefix)]
        return f"({operand} like {literal(start + '%')})"


def _tag(value: Value) -> Tag:
    if isinstance(value, Day):
        return "s"
    kind = type_of(value)
    assert kind is not None
    return TAGS[kind]


def _key(path: tuple[str, ...], tag: Tag) -> str:
    return f"$meta[{literal(facet_key(tag, path))}]"


def _exists(path: tuple[str, ...], tag: Tag) -> str:
    return f"(exists({_key(path, tag)}))"


def _guarded(path: tuple[str, ...], tag: Tag, test: str, guard: bool) -> str:
    return _both(_exists(path, tag), test) if guard else test


def _both(first: str, second: str) -> str:
    return f"({first} and {second})" if second else first


def _either(tests: list[str]) -> str:
    return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"


def _literal(value: Value, *, as_float: bool = False) -> str:
    assert not isinstance(value, Day)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return literal(value)
    whole = value == int(value) and abs(value) < 2**63
    if as_float or not whole:
        return repr(float(value))
    return str(int(value))  # exact where a JSON number is whole, and equal to 5.0 all the same


def _int_test(field: str, op: Any, value: Value) -> str:
    """Compares an INT64 field with any number: a fraction becomes the whole number next to it."""
    assert not isinstance(value, str | Day)
    if abs(value) >= 2**63:  # only a float can be: beyond everything that the field holds
        return ALWAYS if op == "!=" or (op[0] == ("<" if value > 0 else ">")) else NEVER
    if value == int(value):
        return f"({field} {op} {int(value)})"
    if op in ("==", "!="):
        return NEVER if op == "==" else ALWAYS
    return f"({field} {op[0]}= {math.floor(value) if op[0] == '<' else math.ceil(value)})"
