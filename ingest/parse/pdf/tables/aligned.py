"""Tables without ruled lines: rows whose words stand in the same columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from ingest.parse.pdf.geometry import Box, union
from ingest.parse.pdf.order import visual_rows
from ingest.parse.pdf.tables.cells import in_rows, part_of, pieces
from ingest.parse.pdf.tables.ruled import Table, turned_round
from ingest.parse.pdf.tables.rules import Rules
from ingest.parse.pdf.words.joining import LEADERS, joined
from ingest.parse.pdf.words.lines import Line

_MAX_PITCH = 2.6
"""Rows further apart than this, in font sizes from middle to middle, are of different tables."""
_MAX_SINGLES = 2
_LABEL_WORDS = 8
"""Longer lines between rows are text between two tables."""
_CLOSE = 0.6
_INDENT_PT = 3.0
_MAX_SPANNING = 0.34
_MIN_ALIGNED = 0.6
_GLUED_EMS = 0.45
_LABEL = re.compile(r"(?:[•◦‣▪●■□–*\-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]+)[.)]|\(?\d{1,2}(?:\.\d{1,2})+\.?)$")
_EQUATION = re.compile(r"\(\d{1,3}(?:\.\d{1,3})?[a-z]?\)$")
_NUMBER = re.compile(r"[-+±<>≤≥~$€£¥]?\s*[\d.,'’\s]*\d[\d.,]*\s*(?:%|\*+)?$")
_HEADER_RULES = 3

Row = list[Line]
Columns = list[tuple[float, float]]


def aligned_tables(lines: Sequence[Line], rules: Rules) -> Iterator[Table]:
    """Tables among the lines of one column of a page."""
    rows = visual_rows([line for line in lines if line.words], lambda line: line.box)
    for run in _runs(rows):
        if table := _table(run, rules):
            yield table


def column_ends(lines: Sequence[Line]) -> Columns:
    """Left and right ends of the columns in which parts of lines stand; one for running text."""
    rows = visual_rows(lines, lambda line: line.box)
    wide = [row for row in rows if _is_wide(row)]
    return _columns(wide)[0] if wide else []


def _is_wide(row: Row) -> bool:
    """Several cells, and neither an item of a list, nor a line of contents, nor an equation with its number."""
    if len(row) < 2 or any(LEADERS.search(line.text) for line in row):
        return False
    if len(row) == 2:
        first, last = row
        if _EQUATION.match(last.text):
            return False
        return not (_LABEL.match(first.text) and len(last.text.split()) > 2)
    return True


def _runs(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that may be a table: several cells in most, close to each other, from the first such row to the last."""
    run: list[Row] = []
    waiting: list[Row] = []
    for row in rows:
        last = (waiting or run or [row])[-1]
        is_far = _middle(last) - _middle(row) > _MAX_PITCH * _size([*last, *row])
        if is_far or len(waiting) > _MAX_SINGLES or any(_is_sentence(single) for single in waiting):
            yield from _closed(run, waiting)
            run, waiting = [], []
        if _is_wide(row):
            run += [*waiting, row]
            waiting = []
        elif run and not waiting and _is_below_a_cell(row, run):
            run.append(row)
        elif run:
            waiting.append(row)
    yield from _closed(run, waiting)


def _is_sentence(row: Row) -> bool:
    return sum(len(line.words) for line in row) > _LABEL_WORDS


def _is_below_a_cell(row: Row, run: Sequence[Row]) -> bool:
    """One line right below the last row, where one of its later cells begins: that cell goes on."""
    cells = next((above for above in reversed(run) if _is_wide(above)), [])
    box = row[0].box
    is_close = run[-1][0].box.bottom - box.top <= _CLOSE * _size(row)
    return len(row) == 1 and is_close and any(abs(cell.box.left - box.left) <= _INDENT_PT for cell in cells[1:])


def _closed(run: list[Row], waiting: list[Row]) -> Iterator[list[Row]]:
    n_wide = sum(map(_is_wide, run))
    if n_wide < 2:
        return
    columns = _columns([row for row in run if _is_wide(row)])[0]
    if len(columns) < 2 or n_wide < (2 if len(columns) > 2 else 3):
        return
    for row in waiting:  # the last row's words may go on
        if not _is_below_a_cell(row, run):
            break
        run.append(row)
    yield run


def _columns(rows: Sequence[Row]) -> tuple[Columns, int]:
    """Where columns are, and how many cells reach over several. Narrow cells first: wide ones may span columns."""
    columns: list[list[float]] = []
    n_spanning = 0
    for line in sorted((line for row in rows for line in row), key=lambda line: line.box.width):
        left, right = line.box.left, line.box.right
        met = [column for column in columns if min(right, column[1]) - max(left, column[0]) > 0]
        if not met:
            columns.append([left, right])
        elif len(met) == 1:
            met[0][:] = [min(met[0][0], left), max(met[0][1], right)]
        else:
            n_spanning += 1
    return sorted((left, right) for left, right in columns), n_spanning


def _table(run: list[Row], rules: Rules) -> Table | None:
    wide = [row for row in run if _is_wide(row)]
    columns, n_spanning = _columns(wide)
    if n_spanning > _MAX_SPANNING * len(wide) or not _are_aligned(wide, columns) or _are_labels(wide, columns):
        return None
    lines = [line for row in run for line in row]
    box = union(line.box for line in lines)
    borders = [(left[1] + right[0]) / 2 for left, right in pairwise(columns)]
    cells = [_cells(row, columns, borders) for row in run]
    n_header = _n_header(run, box, rules)
    header = [joined(in_rows([line for row in cells[:n_header] for line in row[n]])) for n in range(len(columns))]
    body = _body(run[n_header:], cells[n_header:])
    if not body:
        return None
    return turned_round(Table(box, [header, *body], columns, lines))


def _are_aligned(rows: Sequence[Row], columns: Columns) -> bool:
    """Most cells begin, end or have their middle where the others of their column do."""
    n_cells = n_aligned = 0
    for left, right in columns:
        boxes = [line.box for row in rows for line in row if min(right, line.box.right) - max(left, line.box.left) > 0]
        size = median(box.height for box in boxes)
        n_cells += len(boxes)
        n_aligned += max(
            _n_close([box.left for box in boxes], 0.3 * size),
            _n_close([box.right for box in boxes], 0.3 * size),
            _n_close([box.middle_x for box in boxes], 0.4 * size),
        )
    return n_aligned >= _MIN_ALIGNED * n_cells


def _n_close(positions: Sequence[float], reach: float) -> int:
    middle = median(positions)
    return max(sum(1 for position in positions if abs(position - at) <= reach) for at in {middle, *positions[:12]})


def _are_labels(rows: Sequence[Row], columns: Columns) -> bool:
    """`Name: value` line by line."""
    if len(columns) > 2:
        return False
    n_labels = sum(1 for row in rows if row[0].text.rstrip().endswith((":", "：")))
    return n_labels * 2 >= len(rows)


def _cells(row: Row, columns: Columns, borders: Sequence[float]) -> list[list[Line]]:
    """The pieces of a row by column."""
    cells: list[list[Line]] = [[] for _ in columns]
    for line in row:
        met = [
            n for n, (left, right) in enumerate(columns) if min(right, line.box.right) - max(left, line.box.left) > 0
        ]
        if len(met) < 2:
            cells[met[0] if met else _nearest(line.box, columns)].append(line)
            continue
        for column, piece in _unglued(line, borders):
            cells[column].append(piece)
    return cells


def _nearest(box: Box, columns: Columns) -> int:
    return min(range(len(columns)), key=lambda n: abs(box.middle_x - sum(columns[n]) / 2))


def _unglued(line: Line, borders: Sequence[float]) -> Iterator[tuple[int, Line]]:
    """Cells that stood so close that they were one line; one that reaches over columns stays in its first."""
    start, column = 0, -1
    found = list(pieces(line, borders))
    taken = 0
    for n, (position, piece) in enumerate(found):
        column = position if column < 0 else column
        taken += len(piece.words)
        is_last = n + 1 == len(found)
        if is_last or found[n + 1][1].box.left - piece.box.right >= _GLUED_EMS * line.size:
            yield column, part_of(line, line.words[start:taken], is_last=is_last)
            start, column = taken, -1


def _n_header(run: Sequence[Row], box: Box, rules: Rules) -> int:
    """Rows above the first line drawn below a row at the top, or those in bold type, or one."""
    middles = [_middle(row) for row in run]
    for n in range(1, min(_HEADER_RULES + 1, len(run) - 1)):
        below, above = middles[n], middles[n - 1]
        if any(below < rule.at < above and _spans(rule.start, rule.end, box) for rule in rules.across):
            return n
    n_bold = next((n for n, row in enumerate(run) if not all(line.is_bold for line in row)), len(run))
    return n_bold if 1 <= n_bold <= _HEADER_RULES and n_bold < len(run) - 1 else 1


def _spans(start: float, end: float, box: Box) -> bool:
    return min(end, box.right) - max(start, box.left) > 0.6 * box.width


def _body(run: Sequence[Row], cells: Sequence[list[list[Line]]]) -> list[list[str]]:
    """Rows of texts; a line that goes on with the cells above it is part of their row."""
    rows: list[list[list[Line]]] = []
    pitches = [_middle(above) - _middle(below) for above, below in pairwise(run)]
    usual = median(pitches) if pitches else 0.0
    is_even = not pitches or max(pitches) < 1.25 * min(pitches)
    for n, row in enumerate(cells):
        if rows and n and _goes_on(row, pitches[n - 1], usual, is_even=is_even):
            for column, lines in enumerate(row):
                rows[-1][column].extend(lines)
        else:
            rows.append([list(lines) for lines in row])
    return [[joined(in_rows(lines)) for lines in row] for row in rows]


def _goes_on(row: Sequence[Sequence[Line]], pitch: float, usual: float, *, is_even: bool) -> bool:
    n_filled = sum(map(bool, row))
    if n_filled == len(row):
        return False
    if not is_even and pitch < 0.85 * usual:
        return True
    texts = [line.text for lines in row for line in lines]
    is_words = not any(_NUMBER.match(text) for text in texts)
    return not row[0] and n_filled * 2 <= len(row) and is_words


def _middle(row: Row) -> float:
    return median(line.box.middle_y for line in row)


def _size(row: Row) -> float:
    return max(max(line.size, line.box.height) for line in row)
