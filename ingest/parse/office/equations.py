"""Equations of office documents as a line of characters: a fraction is `(a)/(b)`, a power `x^2`, a root `√(x)`.

Source: ECMA-376 Part 1, 22.1 (Office MathML).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MAX_DEPTH = 60
_PROPERTIES = frozenset({"rPr", "ctrlPr"})


def equation_text(node: Any) -> str:
    """The characters of an `m:oMath` or `m:oMathPara`, in reading order."""
    return " ".join(_text(node, 0).split())


def _text(node: Any, depth: int) -> str:
    if not isinstance(node.tag, str):
        return ""
    name = node.tag.rpartition("}")[2]
    if depth > _MAX_DEPTH:
        return "".join(node.itertext(MATH + "t"))
    if name == "t":
        return node.text or ""
    if name.endswith("Pr") or name in _PROPERTIES:
        return ""
    shape = _SHAPES.get(name)
    return _all(node, depth) if shape is None else shape(node, depth)


def _all(node: Any, depth: int) -> str:
    return "".join(_text(child, depth + 1) for child in node)


def _part(node: Any, name: str, depth: int) -> str:
    found = node.find(MATH + name)
    return "" if found is None else _all(found, depth + 1).strip()


def _grouped(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _property(node: Any, name: str, default: str) -> str:
    found = node.find(f"{MATH}{_name(node)}Pr/{MATH}{name}")
    return default if found is None else found.get(MATH + "val", "")


def _name(node: Any) -> str:
    """The tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def _fraction(node: Any, depth: int) -> str:
    return f"{_grouped(_part(node, 'num', depth))}/{_grouped(_part(node, 'den', depth))}"


def _scripts(node: Any, depth: int) -> str:
    below, above = _part(node, "sub", depth), _part(node, "sup", depth)
    text = _part(node, "e", depth)
    return text + (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")


def _root(node: Any, depth: int) -> str:
    degree = _part(node, "deg", depth)
    return f"{degree}√({_part(node, 'e', depth)})"


def _sum(node: Any, depth: int) -> str:
    below, above = _part(node, "sub", depth), _part(node, "sup", depth)
    sign = _property(node, "chr", "∫")
    limits = (f"_{_grouped(below)}" if below else "") + (f"^{_grouped(above)}" if above else "")
    return f"{sign}{limits} {_part(node, 'e', depth)}"


def _brackets(node: Any, depth: int) -> str:
    inner = _property(node, "sepChr", "|").join(_all(e, depth + 1).strip() for e in node.findall(MATH + "e"))
    return f"{_property(node, 'begChr', '(')}{inner}{_property(node, 'endChr', ')')}"


def _function(node: Any, depth: int) -> str:
    return f"{_part(node, 'fName', depth)} {_grouped(_part(node, 'e', depth))}"


def _matrix(node: Any, depth: int) -> str:
    rows = ([_all(e, depth + 2).strip() for e in row.findall(MATH + "e")] for row in node.findall(MATH + "mr"))
    return "[" + "; ".join(", ".join(row) for row in rows) + "]"


def _lines(node: Any, depth: int) -> str:
    return "; ".join(_all(e, depth + 1).strip() for e in node.findall(MATH + "e"))


def _limit(node: Any, depth: int) -> str:
    mark = "_" if _name(node) == "limLow" else "^"
    return f"{_part(node, 'e', depth)}{mark}{_grouped(_part(node, 'lim', depth))}"


_SHAPES: dict[str, Callable[[Any, int], str]] = {
    "f": _fraction,
    "sSub": _scripts,
    "sSup": _scripts,
    "sSubSup": _scripts,
    "sPre": _scripts,
    "rad": _root,
    "nary": _sum,
    "d": _brackets,
    "func": _function,
    "m": _matrix,
    "eqArr": _lines,
    "limLow": _limit,
    "limUpp": _limit,
}
