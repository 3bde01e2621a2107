"""Tables of a PDF page: their cells, from ruled lines or from how words stand below each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TypeAlias

from ingest.parse.clean import one_line
from ingest.parse.grid import markdown_rows
from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.tables.cells import Cells
from ingest.parse.pdf.tables.rules import Grid
from ingest.parse.pdf.words.glyphs import RIGHT_TO_LEFT
from ingest.parse.pdf.words.lines import Line

_MIN_FILLED = 0.3
_MAX_CELL_CHARS = 500
"""Grids with longer cells on average give a page its layout."""
_EDGE_PT = 8.0
_PART_CHARS = 12_000


Columns: TypeAlias = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, all of one length; the first is the header.

    Attributes:
        title: a first row that is one cell.
        columns: left and right ends of each.
        lines: what it is made of.
    """

    box: Box
    rows: list[list[str]]
    columns: Columns
    lines: list[Line] = field(default_factory=list)
    title: str = ""

    def parts(self) -> list[str]:
        """Markdown; a table of many pages' length in parts that each begin with the header."""
        header, *rest = self.rows
        texts, rows, n_chars = [], [header], 0
        for row in rest:
            n_chars += sum(map(len, row))
            if n_chars > _PART_CHARS and len(rows) > 1:
                texts.append(_markdown(rows))
                rows, n_chars = [header], 0
            rows.append(row)
        texts.append(_markdown(rows))
        return texts

    def continues(self, other: Table) -> bool:
        """Its columns are where those of a table on the page before were."""
        same = len(self.columns) == len(other.columns)
        return same and all(
            abs(a[0] - b[0]) < _EDGE_PT or abs(a[1] - b[1]) < _EDGE_PT
            for a, b in zip(self.columns, other.columns, strict=True)
        )

    def headed(self, header: list[str]) -> Table:
        """With another table's header above its first row, unless it has it itself."""
        return self if self.rows[0] == header else replace(self, rows=[header, *self.rows])


def ruled_table(grid: Grid, lines: Sequence[Line], split_columns: Callable[[Sequence[Line]], Columns]) -> Table | None:
    """The table that a grid of lines draws around words; None for frames, charts and pages laid out in boxes."""
    box = grid.box
    inside = [line for line in lines if line.words and box.has(line.box.middle_x, line.box.middle_y)]
    if len(inside) < 3:
        return None
    if len(grid.xs) == 2:
        found = split_columns(inside)
        if len(found) < 2:
            return None
        middles = [(left[1] + right[0]) / 2 for left, right in pairwise(found)]
        grid = Grid(grid.ys, [grid.xs[0], *middles, grid.xs[-1]], grid.rules, are_columns_drawn=False)
    cells = Cells(grid, inside)
    title, rows = _untitled(cells.rows())
    if not _is_table(rows):
        return None
    return turned_round(Table(box, rows, [(grid.xs[n], grid.xs[n + 1]) for n in cells.used], inside, title))


def _untitled(rows: list[list[str]]) -> tuple[str, list[list[str]]]:
    """The one value of a first row that has no more, and the rows without it."""
    if len(rows) > 2 and len(rows[0]) > 2 and sum(map(bool, rows[0])) == 1 and rows[0][0]:
        return rows[0][0], rows[1:]
    return "", rows


def _markdown(rows: Sequence[Sequence[str]]) -> str:
    header, *rest = [[one_line(cell) for cell in row] for row in rows]
    return "\n".join(markdown_rows(header, rest, len(header)))


def turned_round(table: Table) -> Table:
    """A table in a script from right to left has its first column on the right."""
    words = [cell for row in table.rows for cell in row if any(map(str.isalpha, cell))]
    n_rtl = sum(1 for cell in words if RIGHT_TO_LEFT.search(cell))
    if n_rtl * 2 <= len(words):
        return table
    return replace(table, rows=[row[::-1] for row in table.rows])


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    filled = [cell for row in rows for cell in row if cell]
    columns = Counter(n for row in rows for n, cell in enumerate(row) if cell)
    n_cells = len(rows) * len(rows[0])
    is_long = sum(map(len, filled)) > _MAX_CELL_CHARS * len(filled)
    return len(filled) >= max(3, _MIN_FILLED * n_cells) and len(columns) >= 2 and not is_long
