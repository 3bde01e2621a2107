"""Elements in a text that is not XML, found in time that grows with its length, whatever it holds. Pure.

An expression with `.*?</name>` would look through the rest for each of ten thousand elements that nobody closed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]+)=(?:\"([^\"]*)\"|'([^']*)')")


@dataclass(frozen=True, slots=True)
class Element:
    """`<name attributes>inside</name>`, from `start` to `end`."""

    name: str
    attributes: dict[str, str]
    inside: str
    start: int
    end: int


def opening(names: str, *, at_line_start: bool = False) -> re.Pattern[str]:
    """Finds the opening tags of some elements: names with `|` between."""
    before = r"^[ \t]*" if at_line_start else ""
    return re.compile(rf"{before}<(?P<name>{names})(?P<about>\s[^<>]{{0,2000}})?>", re.MULTILINE | re.IGNORECASE)


def elements(text: str, opens: re.Pattern[str], *, widest: bool = False) -> Iterator[Element]:
    """The elements one after the other, each to its next closing tag; with `widest`, to the last one of its name."""
    never_closed, at = set[str](), 0
    while found := opens.search(text, at):
        name, at = found["name"], found.end()
        if name in never_closed:
            continue
        closing = f"</{name}>"
        ends = text.rfind(closing, at) if widest else text.find(closing, at)
        if ends < 0:
            never_closed.add(name)
            continue
        inside, at = text[at:ends], ends + len(closing)
        yield Element(name, _attributes(found["about"] or ""), inside, found.start(), at)


def without(text: str, found: list[Element], instead: str = "") -> str:
    """The text without some elements, in their order."""
    parts, at = list[str](), 0
    for element in found:
        parts += [text[at : element.start], instead]
        at = element.end
    return "".join([*parts, text[at:]])


def _attributes(about: str) -> dict[str, str]:
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(about)}
