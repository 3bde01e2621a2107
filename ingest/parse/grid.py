"""Tables whose cells span rows and columns, as rows in which every value stands under its own column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ingest.parse.clean import one_line

MAX_COLUMNS = 256
_MAX_COLSPAN = 32
_MAX_ROWSPAN = 65_534
"""What browsers take (WHATWG HTML, 4.9.11)."""
_MAX_HEADER_ROWS = 5
_REPEATED_CHARS = 200
"""A longer text is not said again in each row that its cell spans: that would multiply it."""
_NAME_CHARS = 160
"""A longer text names no column."""
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_NUMBER = re.compile(r"[-+(]?[\s$€£¥]*\d[\d.,:/\s%-]*\)?[\s%€$£¥]*")


@dataclass(slots=True)
class _Cell:
    text: str
    is_own: bool = True  # False where a cell to its left reaches over it
    is_header: bool = False


@dataclass(slots=True)
class _Span:
    cell: _Cell
    n_rows: int


@dataclass(slots=True)
class TableGrid:
    """Rows come cell by cell; `take` gives those so far, with the header again.

    The header is what the table says it is; where it says nothing, its first row, if that looks like one. Header rows
    become one: `Adult` over `single` and `return` becomes `Adult single` and `Adult return`.

    Attributes:
        n_chars: of the rows that were not taken yet.
    """

    n_chars: int = 0
    _header: list[list[_Cell]] = field(default_factory=list)
    _rows: list[list[_Cell]] = field(default_factory=list)
    _row: list[_Cell] = field(default_factory=list)
    _spans: dict[int, _Span] = field(default_factory=dict)
    _is_decided: bool = False
    _is_said: bool = False  # the header was given, with rows or without
    _in_head: bool = False
    _only_labels: bool = True  # of the rows below, which their cells reach into
    _n_columns: int = 0
    _label: list[_Cell] = field(default_factory=list)  # such a row, as long as nothing came below it
    _titles: list[str] = field(default_factory=list)

    def add_cell(self, text: str, *, colspan: int = 1, rowspan: int = 1, is_header: bool = False) -> None:
        """The next cell of the row; `rowspan` 0 reaches to the end of the table."""
        self._fill()
        if len(self._row) >= MAX_COLUMNS:  # a row without end
            self._close_row()
        n_columns = max(1, min(colspan, _MAX_COLSPAN, MAX_COLUMNS - len(self._row)))
        n_rows = min(rowspan, _MAX_ROWSPAN) if rowspan > 0 else _MAX_ROWSPAN
        self.n_chars += len(text)
        self._only_labels = self._only_labels and (not text or (n_rows > 1 and len(text) <= _REPEATED_CHARS))
        for column in range(n_columns):
            cell = _Cell(text, column == 0, is_header)
            if n_rows > 1:
                below = _Cell(text if len(text) <= _REPEATED_CHARS else "", column == 0, is_header)
                self._spans[len(self._row)] = _Span(below, n_rows - 1)
            self._row.append(cell)

    def end_row(self, *, in_head: bool = False) -> list[str]:
        """Ends the row, if one is open; its own words.

        Args:
            in_head: the row stands in what the table calls its head.
        """
        own = [cell.text for cell in self._row if cell.is_own and cell.text]
        self._in_head = in_head
        if self._row:
            self._close_row()
        return own

    def take(self) -> Iterator[str]:
        """Texts for the rows so far: Markdown where there are columns, or else a line each."""
        self._rows.extend([self._label] if any(cell.text for cell in self._label) else [])
        self._label = []
        self._decide()
        rows, self._rows, self.n_chars = self._rows, [], 0
        titles, self._titles = self._titles, []
        yield from titles
        n_columns = max((len(row) for row in [*self._header, *rows]), default=0)
        if n_columns <= 1:
            yield from (cell.text for row in [*self._header, *rows] for cell in row if cell.text)
            self._header = []
        elif rows or (self._header and not self._is_said):
            self._is_said = True
            yield "\n".join(markdown_rows(_merged(self._header), [_texts(row) for row in rows], n_columns))

    def lines(self) -> Iterator[str]:
        """The rows so far as lines without columns; the header is one of them."""
        rows, self._rows, self.n_chars = [*self._header, *self._rows, self._label], [], 0
        self._label = []
        self._header, self._is_decided = [], True
        for row in rows:
            if line := "\n".join(cell.text for cell in row if cell.is_own and cell.text):
                yield line

    def _fill(self) -> None:
        """What reaches down from above into the next columns."""
        while span := self._spans.get(len(self._row)):
            span.n_rows -= 1
            if not span.n_rows:
                del self._spans[len(self._row)]
            self._row.append(span.cell)

    def _close_row(self) -> None:
        n_own = len(self._row)
        while self._spans and max(self._spans) >= len(self._row) and len(self._row) < MAX_COLUMNS:
            self._fill()
            if self._spans and max(self._spans) >= len(self._row):
                self._row.append(_Cell(""))
        row, self._row = self._row, []
        is_label, self._only_labels = self._only_labels and len(row) < self._n_columns, True
        self._n_columns = max(self._n_columns, len(row))
        if is_label:
            self._label = row
            return
        has_own = any(cell.text for cell in row[:n_own])
        if not has_own:
            return
        self._label = []
        words = [cell for cell in row if cell.text]
        is_header = self._in_head or all(cell.is_header for cell in words)
        if is_header and not self._rows and not self._is_decided and len(self._header) < _MAX_HEADER_ROWS:
            self._header.append(row)
        else:
            self._rows.append(row)

    def _decide(self) -> None:
        """Which rows are the header, once the first of them are known."""
        if self._is_decided:
            return
        self._is_decided = True
        n_columns = max((len(row) for row in [*self._header, *self._rows]), default=0)
        if n_columns <= 1:
            return
        rows = self._header or self._rows
        while rows and len(rows[0]) > 1 and _is_title(rows[0], n_columns) and len(self._header) + len(self._rows) > 1:
            self._titles.append(rows.pop(0)[0].text)
            rows = self._header or self._rows
        if not self._header and self._rows:
            depth = _header_depth(self._rows)
            self._header, self._rows = self._rows[:depth], self._rows[depth:]


def table_texts(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Texts of a table without spans, whose header is guessed."""
    grid = TableGrid()
    for row in rows:
        for cell in row:
            grid.add_cell(one_line(cell))
        grid.end_row()
    yield from grid.take()


def markdown_rows(header: Sequence[str], rows: Sequence[Sequence[str]], n_columns: int) -> Iterator[str]:
    """Lines of a table in Markdown; a header of nothing is left out."""
    if header:
        yield _line(header, n_columns)
        yield _line(["---"] * n_columns, n_columns)
    for row in rows:
        yield _line(row, n_columns)


def looks_like_header(header: Sequence[str], rows: Sequence[Sequence[str]]) -> bool:
    """Names for most columns, with something below them. Years are names, other numbers are not."""
    named = [cell for cell in header[1:] if cell]
    n_columns = max(map(len, rows), default=0)
    if not rows or not named or len(named) < 0.6 * (n_columns - 1) or any(len(cell) > _NAME_CHARS for cell in named):
        return False
    if _NUMBER.fullmatch(header[0]):
        return False
    return not any(_NUMBER.fullmatch(cell) and not _YEAR.fullmatch(cell) for cell in named)


def _header_depth(rows: list[list[_Cell]]) -> int:
    first = rows[0]
    has_groups = any(not cell.is_own for cell in first) and len(first) > sum(cell.is_own for cell in first) > 0
    depth = 2 if has_groups and len(rows) > 2 else 1
    header = _merged(rows[:depth])
    return depth if looks_like_header(header, [_texts(row) for row in rows[depth : depth + 20]]) else 0


def _is_title(row: list[_Cell], n_columns: int) -> bool:
    """One cell over the whole width."""
    return len(row) == n_columns and sum(cell.is_own for cell in row) == 1


def _merged(header: list[list[_Cell]]) -> list[str]:
    if len(header) == 1:
        return [cell.text for cell in header[0]]
    n_columns = max(map(len, header), default=0)
    columns = [[row[at].text for row in header if at < len(row)] for at in range(n_columns)]
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _texts(row: list[_Cell]) -> list[str]:
    """A cell over several columns of a body is said once."""
    return [cell.text if cell.is_own else "" for cell in row]


def _line(cells: Sequence[str], n_columns: int) -> str:
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return "| " + " | ".join(escaped + [""] * (n_columns - len(cells))) + " |"
