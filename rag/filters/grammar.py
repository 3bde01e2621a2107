"""Grammar of the `--where` language; `rag.filters.parse.parse_where` is the front door and the only importer."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken, v_args
from lark.exceptions import VisitError

from rag.errors import FilterSyntaxError
from rag.filters.tree import MAX_INT, And, Compare, Day, Exists, Filter, In, Like, Not, Or, Path, Value

GRAMMAR = r"""
?start: either
?either: both (_OR both)*              -> either
?both: negated (_AND negated)*         -> both
?negated: _NOT negated                 -> negate
    | "(" either ")"
    | leaf
?leaf: name OPERATOR value             -> compare
    | name _IN list                    -> within
    | name _NOT _IN list               -> not_within
    | name _LIKE STRING                -> like
    | name _NOT _LIKE STRING           -> not_like
    | _EXISTS "(" name ")"             -> exists
list: "(" value ("," value)* ")" | "[" value ("," value)* "]"
name: (NAME | STRING) ("." (NAME | STRING))*
value: STRING | DATE | FLOAT | INT | TRUE | FALSE

OPERATOR: "==" | "=" | "!=" | "<>" | "<=" | "<" | ">=" | ">"
_AND.2: /and(?!\w)/i
_OR.2: /or(?!\w)/i
_NOT.2: /not(?!\w)/i
_IN.2: /in(?!\w)/i
_LIKE.2: /like(?!\w)/i
_EXISTS.2: /exists(?=\s*\()/i
TRUE.2: /true(?!\w)/i
FALSE.2: /false(?!\w)/i
NAME: /[^\W\d]\w*/
STRING: /"(?:[^"\\]|\\.)*"/s | /'(?:[^'\\]|\\.)*'/s
DATE.3: /[0-9]{4}-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01])(?:T[0-9:]{2,8}Z?)?)?(?![\w.-])/
FLOAT.2: /[+-]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?(?![\w.])/i | /[+-]?[0-9]+e[+-]?[0-9]+(?![\w.])/i
INT: /[+-]?[0-9]+(?![\w.])/
%ignore /\s+/
"""

_WORDS = {
    "OPERATOR": "a comparison (= != < <= > >=)",
    "_IN": "'in'",
    "_LIKE": "'like'",
    "_NOT": "'not'",
    "_AND": "'and'",
    "_OR": "'or'",
    "_EXISTS": "'exists(...)'",
    "NAME": "a name",
    "STRING": "words in quotes",
    "INT": "a number",
    "DATE": "a date",
    "FLOAT": "a number",
    "TRUE": "true",
    "FALSE": "false",
    "LPAR": "'('",
    "RPAR": "')'",
    "LSQB": "'['",
    "RSQB": "']'",
    "COMMA": "','",
    "DOT": "'.'",
    "$END": "the end",
}
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'"}


def parse(text: str) -> Filter:
    """See `rag.filters.parse.parse_where`; an inline transformer, so that depth costs no recursion."""
    try:
        tree: Filter = _parser().parse(text)  # type: ignore[assignment]
    except UnexpectedInput as error:
        raise _explain(text, error) from None
    except VisitError as error:
        raise _located(text, error.orig_exc) from None
    except FilterSyntaxError as error:
        raise _located(text, error) from None
    return tree


def _located(text: str, error: Exception) -> Exception:
    if isinstance(error, FilterSyntaxError):
        return FilterSyntaxError(str(error), _one_line(text), error.position)
    return error


def _explain(text: str, error: UnexpectedInput) -> FilterSyntaxError:
    if not text.strip():
        return FilterSyntaxError("the filter is empty; write something like: year >= 2020 and kind = 'image'")
    allowed, position = set(), len(text)
    if isinstance(error, UnexpectedCharacters):
        allowed, position = set(error.allowed or ()), error.pos_in_stream or 0
    elif isinstance(error, UnexpectedToken):
        allowed = set(error.accepts or error.expected)
        if error.token.type != "$END" and error.token.start_pos is not None:
            position = error.token.start_pos
    found = repr(text[position : position + 12]) if position < len(text) else "the end"
    wanted = sorted({_WORDS.get(name, name) for name in allowed})
    hint = f"; words are written in quotes: '{word[0]}'" if (word := _bare_word(text, position, allowed)) else ""
    if text[position : position + 1] in ("'", '"'):
        hint = "; is a closing quote missing?"
    return FilterSyntaxError(
        f"cannot read the filter at {found}: expected {' or '.join(wanted)}{hint}", _one_line(text), position
    )


def _one_line(text: str) -> str:
    """The same length, so that the pointer under it still points at the place."""
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def _bare_word(text: str, position: int, allowed: set[str]) -> re.Match[str] | None:
    return re.compile(r"[^\W\d]\w*").match(text, position) if "STRING" in allowed and "NAME" not in allowed else None


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", transformer=_Build())


def _fail(message: str, token: Token) -> FilterSyntaxError:
    return FilterSyntaxError(message, position=token.start_pos or 0)


def _unquote(token: Token) -> str:
    def unescape(match: re.Match[str]) -> str:
        escape = match[1]
        if escape[0] == "u" and len(escape) == 5:
            return chr(int(escape[1:], 16))
        if escape not in _ESCAPES:
            raise _fail(f"unknown escape \\{escape}; write \\\\ for a backslash", token)
        return _ESCAPES[escape]

    return re.sub(r"\\(u[0-9a-fA-F]{4}|.)", unescape, str(token)[1:-1], flags=re.DOTALL)


def _number(token: Token) -> int | float:
    # int() of thousands of digits is refused by Python itself; 10 digits more than any allowed number is enough.
    value = float(token) if token.type == "FLOAT" or len(token) > 30 else int(token)
    if not math.isfinite(value) or (token.type == "INT" and abs(value) > MAX_INT):
        raise _fail(f"{str(token)[:30]} is too large; numbers go up to {MAX_INT} or 1.7e308", token)
    return value


@v_args(inline=True)
class _Build(Transformer[Token, Any]):
    """Turns each rule into its node as it is reduced."""

    def name(self, *parts: Token) -> Path:
        return tuple(_unquote(part) if part.type == "STRING" else str(part) for part in parts)

    def value(self, token: Token) -> Value:
        if token.type == "STRING":
            return _unquote(token)
        if token.type == "DATE":
            return Day(str(token))
        return token.type == "TRUE" if token.type in ("TRUE", "FALSE") else _number(token)

    def list(self, *values: Value) -> tuple[Value, ...]:
        return values

    def compare(self, path: Path, op: Token, value: Value) -> Filter:
        operator: Any = {"=": "==", "<>": "!="}.get(op, str(op))
        if isinstance(value, bool) and operator not in ("==", "!="):
            raise _fail("true and false have no order; use = or !=", op)
        return Compare(path, operator, value)

    def within(self, path: Path, values: tuple[Value, ...]) -> Filter:
        return In(path, values)

    def not_within(self, path: Path, values: tuple[Value, ...]) -> Filter:
        return Not(In(path, values))

    def like(self, path: Path, pattern: Token) -> Filter:
        return Like(path, _unquote(pattern))

    def not_like(self, path: Path, pattern: Token) -> Filter:
        return Not(Like(path, _unquote(pattern)))

    def exists(self, path: Path) -> Filter:
        return Exists(path)

    def negate(self, item: Filter) -> Filter:
        return item.item if isinstance(item, Not) else Not(item)

    def both(self, *items: Filter) -> Filter:
        return items[0] if len(items) == 1 else And(items)

    def either(self, *items: Filter) -> Filter:
        return items[0] if len(items) == 1 else Or(items)
