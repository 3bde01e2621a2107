"""Very long pictures (a screenshot of a whole web page) as overlapping strips, so that their words stay readable.

Reading such a picture at once would mean shrinking it until nothing is left to read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.ports import TextLine

MAX_SIDE_PX = 2000
"""What is read at once; above it a picture is made smaller."""

_LONG = 2.5
"""Ratio of the sides from which a picture is cut instead."""

_THIN_PX = 32
"""Thinner is a rule or a border, hardly a text: not worth many strips."""

_OVERLAP = 0.12
"""Of a strip, shared with the next: no line of text is cut by both."""

_MAX_STRIPS = 64
_SAME = 0.5

Box = tuple[int, int, int, int]


def strips(width: int, height: int) -> list[Box]:
    """(left, top, right, bottom) of each strip, in pixels; the whole picture where it need not be cut."""
    longer, shorter = max(width, height), min(width, height)
    if longer <= MAX_SIDE_PX or longer < _LONG * shorter or shorter < _THIN_PX:
        return [(0, 0, width, height)]
    length = max(min(MAX_SIDE_PX, 2 * shorter), MAX_SIDE_PX // 2, longer // _MAX_STRIPS)
    step = round(length * (1 - _OVERLAP))
    starts = range(0, max(longer - length, 0) + step, step)
    ends = [min(start + length, longer) for start in starts]
    if width > height:
        return [(start, 0, end, height) for start, end in zip(starts, ends, strict=True) if start < longer]
    return [(0, start, width, end) for start, end in zip(starts, ends, strict=True) if start < longer]


def merged(found: Sequence[tuple[Box, Sequence[TextLine]]]) -> list[TextLine]:
    """The lines of all strips in the picture's own pixels; what two strips read is kept once, the larger box."""
    lines: list[TextLine] = []
    for (left, top, _, _), part in found:
        for line in part:
            moved = replace(line, box=(line.box[0] + left, line.box[1] + top, line.box[2] + left, line.box[3] + top))
            double = next((i for i, other in enumerate(lines) if _overlap(other, moved) > _SAME), None)
            if double is None:
                lines.append(moved)
            elif _area(moved) > _area(lines[double]):
                lines[double] = moved
    return lines


def _overlap(a: TextLine, b: TextLine) -> float:
    """The part of the smaller box that the two share, 0 to 1."""
    width = min(a.box[2], b.box[2]) - max(a.box[0], b.box[0])
    height = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return max(width, 0) * max(height, 0) / max(min(_area(a), _area(b)), 1)


def _area(line: TextLine) -> float:
    left, top, right, bottom = line.box
    return (right - left) * (bottom - top)
