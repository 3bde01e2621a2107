"""How a page of text lies in its picture: scans come upside down and on their sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.ports import TextLine

_LEAST_CHARS = 8
"""Shorter lines do not count: numbers stand beside axes in any direction, and some read the same upside down."""
_LEAST_LINES = 3
_MOST = 0.6
_TALL = 1.5

Box = tuple[float, float, float, float]


def orientation(lines: Iterable[tuple[TextLine, bool]]) -> int:
    """By how many degrees the page was turned clockwise: 0, 90, 180 or 270.

    Args:
        lines: each with whether it was read upside down; lines that stand upright were first turned counter-clockwise.
    """
    weights: Counter[int] = Counter()
    n_lines = 0
    for line, is_upside_down in lines:
        if len(line.text) < _LEAST_CHARS:
            continue
        left, top, right, bottom = line.box
        is_tall = bottom - top > _TALL * (right - left)
        weights[(90 if is_tall else 0) + (180 if is_upside_down else 0)] += len(line.text)
        n_lines += 1
    if n_lines < _LEAST_LINES:
        return 0
    degrees, weight = weights.most_common(1)[0]
    return degrees if weight >= _MOST * weights.total() else 0


def turned_back(lines: Sequence[TextLine], degrees: int) -> list[TextLine]:
    """The lines of a turned page where they stand when it lies upright; only their places to each other count."""
    return [replace(line, box=_turned_back(line.box, degrees)) for line in lines]


def _turned_back(box: Box, degrees: int) -> Box:
    left, top, right, bottom = box
    if degrees == 90:
        return top, -right, bottom, -left
    if degrees == 180:
        return -right, -bottom, -left, -top
    if degrees == 270:
        return -bottom, left, -top, right
    return box
