"""Lines found in a picture, put into the order in which a person reads them, and joined to a text.

Boxes are (left, top, right, bottom) in pixels, from the top left corner.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from rag.ocr.orientation import turned_back
from rag.ports import TextLine

_TELLING = re.compile(r"\d|[^\W\d_]{2}")
_PROSE_LINES = 4
_PROSE_WIDTH = 8
"""A column is prose when it has so many lines whose median is so many times wider than high. Two rows of labels and
numbers side by side are a table and are read across."""

_SIDE_CHARS = 8
_SAME_ROW = 0.5
"""Lines are on one row when they overlap vertically by this part of the lower one's height."""


def reading_order(lines: Sequence[TextLine], degrees: int = 0) -> list[TextLine]:
    """Top to bottom, left to right within a row; columns of prose one after the other, cut by what spans them.

    Args:
        lines: of a picture.
        degrees: by which the page in it was turned clockwise.
    """
    if degrees:
        upright = turned_back(lines, degrees)
        original = {id(line): lines[n] for n, line in enumerate(upright)}
        return [original[id(line)] for line in reading_order(upright)]
    gutter = _gutter(lines)
    if gutter is None:
        return [line for row in _rows(lines) for line in row]
    ordered: list[TextLine] = []
    band: list[TextLine] = []
    for line in sorted(lines, key=lambda line: line.box[1]):
        if line.box[0] < gutter < line.box[2]:
            ordered += [*_columns(band, gutter), line]
            band = []
        else:
            band.append(line)
    return ordered + _columns(band, gutter)


def joined(lines: Sequence[TextLine]) -> str:
    """One row a line, the parts of a row with a space between. `lines` are in reading order.

    Empty where there is neither a number nor two letters that belong together: readers see an O in every ring, and such
    texts are near to everything.
    """
    text = ""
    previous: TextLine | None = None
    for line in lines:
        if previous is not None:
            follows = line.box[0] >= previous.box[0] and _on_one_row(previous, line)
            follows = follows and not (_is_on_its_side(previous) and _is_on_its_side(line))
            text += " " if follows else "\n"
        text += line.text.strip()
        previous = line
    return text if _TELLING.search(text) else ""


def _is_on_its_side(line: TextLine) -> bool:
    left, top, right, bottom = line.box
    return len(line.text) > _SIDE_CHARS and bottom - top > 3 * (right - left)


def _columns(band: Sequence[TextLine], gutter: float) -> list[TextLine]:
    left = [line for line in band if line.box[2] <= gutter]
    right = [line for line in band if line.box[0] >= gutter]
    return (
        reading_order(left) + reading_order(right) if left and right else [line for row in _rows(band) for line in row]
    )


def _gutter(lines: Sequence[TextLine]) -> float | None:
    """x of a gap between two columns of prose that at most a fifth of the lines cross; None where there is none."""
    if len(lines) < 2 * _PROSE_LINES:
        return None
    best: tuple[int, float] | None = None
    for x in sorted({line.box[0] for line in lines})[1:]:
        x -= 0.5
        left = [line for line in lines if line.box[2] <= x]
        right = [line for line in lines if line.box[0] >= x]
        n_across = len(lines) - len(left) - len(right)
        if n_across * 5 <= len(lines) and _is_prose(left) and _is_prose(right) and (best is None or n_across < best[0]):
            best = (n_across, x)
    return best[1] if best else None


def _is_prose(lines: Sequence[TextLine]) -> bool:
    if len(lines) < _PROSE_LINES:
        return False
    shapes = [(right - left) / max(bottom - top, 1) for left, top, right, bottom in (line.box for line in lines)]
    return median(shapes) >= _PROSE_WIDTH


def _rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: line.box[1] + line.box[3]):
        # Compared with the row's first line only: a slanted row must not swallow the next one step by step.
        if rows and _on_one_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.box[0]) for row in rows]


def _on_one_row(a: TextLine, b: TextLine) -> bool:
    overlap = min(a.box[3], b.box[3]) - max(a.box[1], b.box[1])
    return overlap >= _SAME_ROW * min(a.box[3] - a.box[1], b.box[3] - b.box[1])
