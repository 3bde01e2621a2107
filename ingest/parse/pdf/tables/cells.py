"""Words in the cells of a ruled table, merged cells too."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence

from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.order import visual_rows
from ingest.parse.pdf.tables.rules import Grid
from ingest.parse.pdf.words.glyphs import RIGHT_TO_LEFT
from ingest.parse.pdf.words.joining import joined
from ingest.parse.pdf.words.lines import Line, Word

_FEW_BANDS = 3
_SHORT_CHARS = 14
_NUMBER = re.compile(r"[-+±<>≤≥~$€£¥(]?\s*[\d.,'’\s]*\d[\d.,]*\s*[%)*]*$")

Place = tuple[int, int]
"""Row and column, from 0."""


class Cells:
    """The lines of each cell of a grid.

    A cell that no line parts from the one above or to its left is one with it.

    Attributes:
        used: the columns that `rows` gave.
    """

    def __init__(self, grid: Grid, lines: Sequence[Line]) -> None:
        self._grid = grid
        self._n_rows, self._n_columns = len(grid.ys) - 1, len(grid.xs) - 1
        self.used: list[int] = []
        self._root = self._roots()
        self._held: dict[Place, list[Line]] = {}
        downwards = [-y for y in grid.ys[1:-1]]
        for line in lines:
            row = bisect_right(downwards, -line.box.middle_y)
            for root, piece in self._pieces(row, line):
                self._held.setdefault(root, []).append(piece)

    def rows(self) -> list[list[str]]:
        """Texts by row and column, without empty rows and columns. A value that reaches down over rows is said in
        each, a heading over columns in each of those."""
        made: list[list[str]] = []
        for row in range(self._n_rows):
            made.extend(self._band(row))
        used = self.used = [column for column in range(self._n_columns) if any(row[column] for row in made)]
        made = [[row[column] for column in used] for row in made]
        if self._has_grouped_header() and len(made) > 2:
            upper, *rest = made
            tops = {column: self._text(self._root[0, column]) for column in used}
            upper = [tops[column] if self._reaches_over(used, column) else upper[n] for n, column in enumerate(used)]
            made = [_over(upper, rest[0]), *rest[1:]]
        return [row for row in made if any(row)]

    def _roots(self) -> dict[Place, Place]:
        if not self._grid.are_columns_drawn:
            return {(row, column): (row, column) for row in range(self._n_rows) for column in range(self._n_columns)}
        root: dict[Place, Place] = {}
        for row in range(self._n_rows):
            for column in range(self._n_columns):
                root[row, column] = (row, column)
                if row and self._grid.is_open_below(row - 1, column):
                    root[row, column] = root[row - 1, column]
                elif column and self._grid.is_open_right(row, column - 1):
                    root[row, column] = root[row, column - 1]
        return root

    def _pieces(self, row: int, line: Line) -> Iterator[tuple[Place, Line]]:
        """A line cut at the borders of columns, by cell; in merged cells it stays whole."""
        words: dict[Place, list[Word]] = {}
        for column, piece in pieces(line, self._grid.xs[1:-1]):
            words.setdefault(self._root[row, column], []).extend(piece.words)
        for n, (root, held) in enumerate(words.items(), start=1):
            yield root, part_of(line, held, is_last=n == len(words))

    def _text(self, root: Place) -> str:
        return joined(in_rows(self._held.get(root, ())))

    def _band(self, row: int) -> list[list[str]]:
        """The row or rows between two lines across; none where all that is in it was said above."""
        own = [column for column in range(self._n_columns) if self._root[row, column] == (row, column)]
        if not any(self._held.get((row, column)) for column in own):
            return []
        texts = [
            self._text(self._root[row, column]) if self._root[row, column][1] == column else ""
            for column in range(self._n_columns)
        ]
        lines = {column: visual_rows(self._held.get((row, column), ()), _box) for column in own}
        n_rows = self._n_written(row, lines)
        if n_rows < 2:
            return [texts]
        tops = sorted(
            {
                round(rows[n][0].box.middle_y, 1)
                for rows in lines.values()
                if len(rows) == n_rows
                for n in range(n_rows)
            },
            reverse=True,
        )
        levels = _thinned(tops, n_rows)
        made = [list(texts) for _ in range(n_rows)]
        for column, rows in lines.items():
            if len(rows) < 2:
                continue
            for n in range(n_rows):
                made[n][column] = ""
            for piece in rows:
                n = min(range(n_rows), key=lambda n: abs(levels[n] - piece[0].box.middle_y))
                made[n][column] = f"{made[n][column]} {joined(in_rows(piece))}".strip()
        return made

    def _n_written(self, row: int, lines: dict[int, list[list[Line]]]) -> int:
        """How many rows stand between two lines across: 1, or as many as most of its columns have short cells."""
        counts = Counter(len(rows) for rows in lines.values() if rows)
        n_rows, n_columns = counts.most_common(1)[0]
        if n_rows < 2 or n_columns < 2 or n_columns * 10 < 6 * sum(counts.values()):
            return 1
        cells = [joined(in_rows(piece)) for rows in lines.values() if len(rows) == n_rows for piece in rows]
        n_short = sum(1 for cell in cells if _NUMBER.match(cell) or len(cell) <= _SHORT_CHARS)
        has_few_bands = self._n_rows <= _FEW_BANDS and n_rows > 2
        n_numbers = sum(1 for cell in cells if _NUMBER.match(cell))
        is_body = row > 0 or self._n_rows == 1
        enough = n_numbers * 2 >= len(cells) or (has_few_bands and n_short * 10 >= 5 * len(cells))
        return n_rows if is_body and enough else 1

    def _has_grouped_header(self) -> bool:
        """Its first row has cells over several columns, but not one over all."""
        if not self._grid.are_columns_drawn:
            return False
        tops = [self._root[0, column] for column in range(self._n_columns)]
        held = {root for root in tops if self._held.get(root)}
        return len(held) > 1 and any(
            tops.count(root) > 1 and any(self._held.get((1, c)) for c, top in enumerate(tops) if top == root)
            for root in held
        )

    def _reaches_over(self, used: Sequence[int], column: int) -> bool:
        root = self._root[0, column]
        return root[1] != column and any(self._root[0, other] == root for other in used if other != column)


def pieces(line: Line, borders: Sequence[float]) -> Iterator[tuple[int, Line]]:
    """A line cut at the borders of columns, with the column that each piece is in."""
    start = 0
    positions = [bisect_right(borders, (word.left + word.right) / 2) for word in line.words]
    for n in range(1, len(positions) + 1):
        if n == len(positions) or positions[n] != positions[start]:
            yield positions[start], part_of(line, line.words[start:n], is_last=n == len(positions))
            start = n


def part_of(line: Line, words: Sequence[Word], *, is_last: bool) -> Line:
    """Some words of a line."""
    text = line.text if len(words) == len(line.words) else " ".join(word.text for word in words)
    left, right = min(word.left for word in words), max(word.right for word in words)
    box = Box(left, line.box.bottom, right, line.box.top)
    return line._replace(text=text, box=box, words=tuple(words), is_hyphenated=line.is_hyphenated and is_last)


def in_rows(lines: Sequence[Line]) -> list[Line]:
    """Pieces of one cell in reading order."""
    if len(lines) < 2:
        return list(lines)
    is_rtl = sum(1 for line in lines if RIGHT_TO_LEFT.search(line.text)) * 2 > len(lines)
    return [line for row in visual_rows(lines, _box) for line in (row[::-1] if is_rtl else row)]


def _over(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of a header as one: `TEDs` over `simple` is `TEDs simple`."""
    return [" ".join(dict.fromkeys(filter(None, (above, below)))) for above, below in zip(upper, lower, strict=True)]


def _thinned(positions: Sequence[float], n: int) -> list[float]:
    """The middles of `n` rows from those of their cells, highest first."""
    kept = [positions[0]]
    smallest = (positions[0] - positions[-1]) / (2 * n)
    for position in positions[1:]:
        if kept[-1] - position > smallest:
            kept.append(position)
    return (kept + [kept[-1]] * n)[:n]


def _box(line: Line) -> Box:
    return line.box
