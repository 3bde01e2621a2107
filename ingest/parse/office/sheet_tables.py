"""A sheet's cells as tables: those between empty rows, and those beside one another with an empty column between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ingest.parse.blocks import Passage
from ingest.parse.grid import TableGrid

_TABLE_CHARS = 4_000
"""A longer table is given in parts, each with its header."""
_LOOK_AHEAD = 200
"""Rows by which it is told which columns are empty; later ones go by that."""


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell as its sheet shows it. `is_covered` by one above or to its left that reaches over it."""

    text: str = ""
    n_rows: int = 1
    n_columns: int = 1
    is_covered: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.is_covered


SheetRow = list[SheetCell]
_Stretch = tuple[int, int]


def sheet_blocks(rows: Iterable[SheetRow], *, spacers: frozenset[int] = frozenset()) -> Iterator[Passage]:
    """Passages of a sheet.

    Args:
        rows: all of them, from the first column on; their ends may be left out.
        spacers: columns too narrow for any words: an empty one does not part two tables.
    """
    group: list[SheetRow] = []
    tables: _Tables | None = None
    for row in chain(rows, [[]]):
        row = _trimmed(row)
        if row and tables is None:
            group.append(row)
            if len(group) >= _LOOK_AHEAD:
                tables = _Tables(group, spacers)
                yield from tables.first()
        elif row and tables is not None:
            yield from tables.add(row)
        elif group:
            if tables is None:
                tables = _Tables(group, spacers)
                yield from tables.first()
            yield from tables.finish()
            group, tables = [], None


def column_letters(column: int) -> str:
    """A column's name; the first, 0, is A."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class _Tables:
    """Tables beside one another.

    Args:
        group: their first rows.
        spacers: as in `sheet_blocks`.
    """

    def __init__(self, group: list[SheetRow], spacers: frozenset[int]) -> None:
        self._group = group
        n_lines = next((at for at, row in enumerate(group) if _n_words(row) > 1), len(group))
        self._lines, self._rows = group[:n_lines], group[n_lines:]
        self._stretches = _stretches(self._rows, spacers)
        self._grids = [TableGrid() for _ in self._stretches]

    def first(self) -> Iterator[Passage]:
        """Lines above the tables, and their first rows."""
        yield from (Passage(cell.text) for row in self._lines for cell in row if cell.text)
        for row in self._rows:
            yield from self.add(row)

    def add(self, row: SheetRow) -> Iterator[Passage]:
        for number, (start, end) in enumerate(self._stretches):
            cells, grid = row[start:end], self._grids[number]
            if all(cell.is_empty for cell in cells):
                yield from map(Passage, grid.take())
                self._grids[number] = TableGrid()  # what follows below is another table
                continue
            for cell in cells:
                if not cell.is_covered:
                    grid.add_cell(cell.text, colspan=cell.n_columns, rowspan=cell.n_rows)
            grid.end_row()
            if grid.n_chars > _TABLE_CHARS:
                yield from map(Passage, grid.take())

    def finish(self) -> Iterator[Passage]:
        for grid in self._grids:
            yield from map(Passage, grid.take())


def _trimmed(row: SheetRow) -> SheetRow:
    """Without empty cells at its end."""
    n_cells = len(row)
    while n_cells and row[n_cells - 1].is_empty:
        n_cells -= 1
    return row[:n_cells]


def _n_words(row: SheetRow) -> int:
    return sum(bool(cell.text) for cell in row)


def _stretches(rows: list[SheetRow], spacers: frozenset[int]) -> list[_Stretch]:
    """Columns of each table, first and end; the last one is open to the right."""
    n_columns = max(map(len, rows), default=0)
    used = [any(at < len(row) and not row[at].is_empty for row in rows) for at in range(n_columns)]
    stretches: list[_Stretch] = []
    start = 0
    while start < n_columns:
        if not used[start]:
            start += 1
            continue
        end = start
        while end < n_columns and (used[end] or _is_within(end, used, spacers)):
            end += 1
        stretches.append((start, end))
        start = end
    return _joined(stretches)


def _is_within(at: int, used: list[bool], spacers: frozenset[int]) -> bool:
    """An empty column, or several, that only keep the columns of one table apart."""
    while at < len(used) and not used[at]:
        if at not in spacers:
            return False
        at += 1
    return at < len(used)


def _joined(stretches: list[_Stretch]) -> list[_Stretch]:
    """A lone column at the right are remarks on the rows beside it, a lone one at the left their numbers."""
    joined: list[_Stretch] = []
    for start, end in stretches:
        if joined and (end - start == 1 or joined[-1][1] - joined[-1][0] == 1):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    if joined:
        joined[-1] = (joined[-1][0], 1 << 30)
    return joined
