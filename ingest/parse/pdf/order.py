"""In which order the lines of a PDF page are read: as they were written, or column by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import TypeVar

from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.words.lines import Line

_COLUMN_MEMORY = 8
_MAX_DEPTH = 6
_MAX_CROSSING = 0.25
"""Share of the lines of a page that may run across a gutter: titles, wide figures' captions."""
_MIN_GUTTER_EMS = 0.8
_CJK_PER_WORD = 3

T = TypeVar("T")


def is_disordered(lines: Sequence[Line]) -> bool:
    """The content stream jumps about: over a fifth of the lines stand above the last line in the same column."""
    jumps = 0
    for n, line in enumerate(lines):
        recent = lines[max(0, n - _COLUMN_MEMORY) : n]
        last = next((before for before in reversed(recent) if before.box.overlap_x(line.box) > 0), line)
        jumps += last.box.gap_above(line.box) > 0
    return len(lines) > 1 and jumps * 5 > len(lines)


def visual_rows(lines: Iterable[T], box: Callable[[T], Box]) -> list[list[T]]:
    """Lines side by side in one row, rows from top to bottom, each from left to right."""
    rows: list[list[T]] = []
    low, high = 0.0, -1.0
    for line in sorted(lines, key=lambda line: -box(line)[1] - box(line)[3]):
        _, bottom, _, top = box(line)
        if min(high, top) - max(low, bottom) > 0.5 * min(top - bottom, high - low):
            rows[-1].append(line)
        else:
            rows.append([line])
            low, high = bottom, top
    return [sorted(row, key=lambda line: box(line)[0]) if len(row) > 1 else row for row in rows]


def in_columns(lines: Sequence[Line], depth: int = 0) -> list[list[Line]]:
    """Lines in groups of one column each, in reading order; what runs across columns is a group between.

    Within a group lines come from top to bottom.
    """
    columns = gutters(lines) if depth < _MAX_DEPTH else []
    if not columns:
        return [[line for row in visual_rows(lines, _box) for line in row]] if lines else []
    across = [line for line in lines if any(line.box.left < x < line.box.right for x in columns)]
    inside = [line for line in lines if not any(line.box.left < x < line.box.right for x in columns)]
    groups: list[list[Line]] = []
    borders = [*(row[0].box.middle_y for row in visual_rows(across, _box)), float("-inf")]
    rows = [*visual_rows(across, _box), []]
    top = float("inf")
    for border, row in zip(borders, rows, strict=True):
        band = [line for line in inside if border < line.box.middle_y <= top]
        for left, right in pairwise([float("-inf"), *columns, float("inf")]):
            column = [line for line in band if left <= line.box.middle_x < right]
            groups.extend(in_columns(column, depth + 1) if column else [])
        if row:
            groups.append(row)
        top = border
    return groups


def gutters(lines: Sequence[Line]) -> list[float]:
    """Where the white bands between columns of running text are; empty for one column, tables and lists of labels."""
    if len(lines) < 4:
        return []
    size = median(line.box.height for line in lines)
    bands = _bands(lines, _MIN_GUTTER_EMS * size)
    for chosen in ([bands] if len(bands) > 1 else []) + [[band] for band in bands]:
        if _are_columns(lines, chosen):
            return chosen
    return []


def _bands(lines: Sequence[Line], width: float) -> list[float]:
    """Middles of the vertical bands that few lines run across, each where the fewest do."""
    edges = sorted([(line.box.left, 1) for line in lines] + [(line.box.right, -1) for line in lines])
    strips: list[tuple[int, float, float]] = []  # how many lines cross, from, to
    n_open = 0
    for (x, change), (following, _) in pairwise(edges):
        n_open += change
        if following > x:
            strips.append((n_open, x, following))
    found: list[float] = []
    run: list[tuple[int, float, float]] = []
    for strip in [*strips, (len(lines) + 1, 0.0, 0.0)]:
        if strip[0] <= _MAX_CROSSING * len(lines):
            run.append(strip)
            continue
        wide = [(n_open, left - right, left) for n_open, left, right in run if right - left >= width]
        if wide:
            _, breadth, left = min(wide)
            found.append(left - breadth / 2)
        run = []
    return found


def _are_columns(lines: Sequence[Line], borders: Sequence[float]) -> bool:
    inside = [line for line in lines if not any(line.box.left < x < line.box.right for x in borders)]
    if len(lines) - len(inside) > _MAX_CROSSING * len(lines):
        return False
    columns = [
        [line for line in inside if left <= line.box.middle_x < right]
        for left, right in pairwise([float("-inf"), *borders, float("inf")])
    ]
    if not all(map(is_prose, columns)):
        return False
    spans = [(min(line.box.bottom for line in column), max(line.box.top for line in column)) for column in columns]
    return all(min(a[1], b[1]) - max(a[0], b[0]) > 0 for a, b in pairwise(spans))


def is_prose(lines: Sequence[Line]) -> bool:
    """Lines that fill their column with words, as running text does; labels, numbers and names do not."""
    if len(lines) < 2:
        return False
    left, right = min(line.box.left for line in lines), max(line.box.right for line in lines)
    n_full = sum(1 for line in lines if line.box.width >= 0.7 * (right - left))
    n_words = sum(_n_words(line.text) for line in lines)
    n_labels = sum(1 for line in lines if line.text.endswith(":"))
    return n_full * 2 >= len(lines) and n_words >= 3 * len(lines) and n_labels * 3 < len(lines)


def _n_words(text: str) -> int:
    n_wide = sum(1 for c in text if "\u2e80" <= c <= "\ud7ff")
    return len(text.split()) + n_wide // _CJK_PER_WORD


def _box(line: Line) -> Box:
    return line.box
