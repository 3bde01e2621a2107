"""CSV as people and programs write it: where the header is, which character cuts the cells, quotes left open."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median

PICTURE_NAME = re.compile(
    r"\.(?:png|jpe?g|webp|gif|bmp|tiff?|avif|hei[cf]|jp2|ico|psd|tga|p[npgb]m|pcx|dds|svg)(?:#\d+)?$", re.IGNORECASE
)

_DELIMITERS = ",\t;|"
_SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\s*$", re.IGNORECASE)
_SAMPLE_LINES = 60
_MOST_TOP_LINES = 20
"""Titles and comments above a header."""
_MOST_COLUMNS = 500
_FIELD_LINES = 400
_FIELD_CHARS = 131_072
"""Over this a quoted field is one whose quote was never closed."""


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How the cells of a file are cut.

    Attributes:
        delimiter: between cells.
        header: column names; made up where the first row is data already.
        n_top_lines: lines before the first row of data: `sep=;`, comments, titles, the header.
        is_guess: another delimiter would cut the sample into columns too.
        name_columns: places of columns with names of picture files, in the sample.
    """

    delimiter: str
    header: tuple[str, ...]
    n_top_lines: int
    is_guess: bool = False
    name_columns: frozenset[int] = frozenset()


NO_CELLS = CsvLayout(",", (), 0)
"""Of files that are no CSV."""


@dataclass(frozen=True, slots=True)
class OpenQuote:
    """A row whose quote is never closed: it ends with its line. `cells` are what can be read of it."""

    line: int
    cells: list[str]


def find_csv_layout(text: str) -> CsvLayout | None:
    """How to read a CSV file that begins with `text`; None where it is none."""
    lines = list(io.StringIO(text, newline=""))[:_SAMPLE_LINES]
    n_skip = 0
    delimiters = _DELIMITERS
    if lines and (named := _SEPARATOR_LINE.match(lines[0].rstrip("\r\n"))):
        delimiters, n_skip = named[1], 1
    best: list[tuple[int, list[str]]] = []
    scores: dict[str, int] = {}
    delimiter = ""
    for candidate in delimiters:
        rows = list(_rows(lines[n_skip:], candidate))
        width = _usual_width(rows)
        if width < 2:
            continue
        fitting = [(line, cells) for line, cells in rows if len(cells) == width]
        scores[candidate] = len(fitting)
        if len(fitting) > len(best) or (len(fitting) == len(best) and width > len(best[0][1])):
            best, delimiter = fitting, candidate
    if not best:
        return None
    is_guess = any(2 * score > len(best) for one, score in scores.items() if one != delimiter)
    index, names = _header(best)
    has_header = not any(PICTURE_NAME.search(name) for name in names)
    before = [line for line, _ in best[: index + 1]]
    n_top = n_skip + (before[-1] if has_header else before[-2] if len(before) > 1 else _n_comments(lines[n_skip:]))
    names = names[:_MOST_COLUMNS] if has_header else [""] * len(names)
    name_columns = frozenset(
        at for _, cells in best for at, cell in enumerate(cells) if PICTURE_NAME.search(cell.strip())
    )
    return CsvLayout(delimiter, unique(names), n_top, is_guess, name_columns)


def unique(names: list[str]) -> tuple[str, ...]:
    """Each name once; empty ones get their place."""
    seen: dict[str, None] = {}
    for index, name in enumerate(names, 1):
        wanted = name or f"column_{index}"
        seen[wanted if wanted not in seen else f"{wanted}_{index}"] = None
    return tuple(seen)


def read_cells(lines: Iterable[str], layout: CsvLayout) -> Iterator[list[str] | OpenQuote]:
    """Rows of data, one at a time; see `_numbered`."""
    return (cells for _, cells in _numbered(lines, layout))


def _numbered(lines: Iterable[str], layout: CsvLayout) -> Iterator[tuple[int, list[str] | OpenQuote]]:
    """Rows with the number of lines up to their end.

    A quoted field may hold line ends. Where its lines look like rows themselves, or its quote is closed nowhere near or
    in the middle of a word, it was never meant to go on: its row ends with its line, and the next line is a row.
    """
    source = _Lines(lines)
    for _ in range(layout.n_top_lines):
        source.next_line()
    while line := source.next_line():
        if '"' not in line:
            yield from ((source.number, cells) for cells in _cells(line, layout))
            continue
        number, record, n_chars = source.number, [line], len(line)
        is_open = _ends_open(line, layout.delimiter, is_open=False)
        while is_open and len(record) < _FIELD_LINES and n_chars < _FIELD_CHARS:
            following = source.next_line()
            if not following:
                break
            record.append(following)
            n_chars += len(following)
            is_open = _ends_open(following, layout.delimiter, is_open=True)
        if is_open is False and not _are_rows(record[1:], layout):
            yield from ((source.number, cells) for cells in _cells("".join(record), layout))
            continue
        source.give_back(record[1:])
        yield number, OpenQuote(number, _unquoted(line, layout))


class _Lines:
    """Lines that can be given back."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: list[str] = []
        self.number = 0

    def next_line(self) -> str:
        """The next line; empty at the end."""
        line = self._waiting.pop() if self._waiting else next(self._lines, "")
        self.number += bool(line)
        return line

    def give_back(self, lines: list[str]) -> None:
        self._waiting.extend(reversed(lines))
        self.number -= len(lines)


def _cells(record: str, layout: CsvLayout) -> Iterator[list[str]]:
    try:
        yield from (cells for cells in csv.reader([record], delimiter=layout.delimiter) if cells)
    except csv.Error:
        yield []


def _unquoted(line: str, layout: CsvLayout) -> list[str]:
    """Cells of a line with an open quote: what is too much for the header belongs to the field that it opened."""
    cells = line[:_FIELD_CHARS].rstrip("\r\n").split(layout.delimiter)
    quoted = next((at for at, cell in enumerate(cells) if cell.startswith('"') and cell.count('"') % 2), 0)
    n_extra = max(0, len(cells) - len(layout.header)) if layout.header else 0
    whole = layout.delimiter.join(cells[quoted : quoted + n_extra + 1])
    cells[quoted : quoted + n_extra + 1] = [whole]
    return [cell.strip().removeprefix('"').removesuffix('"') for cell in cells]


def _ends_open(line: str, delimiter: str, *, is_open: bool) -> bool | None:
    """Whether a quoted field goes on after this line; None where a quote is closed in the middle of a word.

    As the csv module: a quote opens a field at its very start only, and a doubled one inside it is a letter.
    """
    at, line = 0, line.rstrip("\r\n")
    while True:
        if is_open:
            at = line.find('"', at)
            if at < 0:
                return True
            if line.startswith('""', at):
                at += 2
                continue
            at += 1
            if line[at : at + 1] not in ("", delimiter, " "):
                return None
            is_open = False
        next_at = line.find(delimiter, at) + 1
        if at == 0 and line[:1] == '"':
            at, is_open = 1, True
        elif not next_at:
            return False
        elif line[next_at : next_at + 1] == '"':
            at, is_open = next_at + 1, True
        else:
            at = next_at


def _are_rows(lines: list[str], layout: CsvLayout) -> bool:
    """Whether one of the lines within a field is a row by itself, with a picture's name where rows have one."""
    for line in lines:
        cells = line.rstrip("\r\n").split(layout.delimiter)
        if len(cells) >= len(layout.header) and any(
            at < len(cells) and PICTURE_NAME.search(cells[at].strip().strip('"')) for at in layout.name_columns
        ):
            return True
    return False


def _rows(lines: list[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(number of lines up to its end, cells) of each row that is no comment."""
    n_comments = _n_comments(lines)
    first = "".join(lines[n_comments:][:1]).split(delimiter)
    if n_comments and any(PICTURE_NAME.search(cell.strip()) for cell in first):
        commented = lines[n_comments - 1].lstrip("# \t").split(delimiter)  # the header itself: #image,caption
        if len(commented) > 1 and lines[n_comments - 1].startswith("#"):
            yield n_comments, [cell.strip() for cell in commented]
    for number, found in _numbered(lines[n_comments:], CsvLayout(delimiter, (), 0)):
        cells = found.cells if isinstance(found, OpenQuote) else found
        if any(cell.strip() for cell in cells):
            yield n_comments + number, [cell.strip() for cell in cells]


def _n_comments(lines: list[str]) -> int:
    """Lines at the top that begin with `#`, and blank ones among them."""
    n_comments = 0
    for number, line in enumerate(lines, 1):
        if line.startswith("#"):
            n_comments = number
        elif line.strip():
            break
    return n_comments


def _usual_width(rows: list[tuple[int, list[str]]]) -> int:
    """Cells of most rows; of the wider where two widths are as common."""
    widths = Counter(len(cells) for _, cells in rows)
    return max(widths, key=lambda width: (widths[width] if width > 1 else 0, width), default=0)


def _header(rows: list[tuple[int, list[str]]]) -> tuple[int, list[str]]:
    """The first row that has about as many filled cells as most have, and its place: titles fill one or two."""
    filled = [sum(map(bool, cells)) for _, cells in rows]
    usual = median(filled[1:]) if len(filled) > 1 else filled[0]
    for index, (_, cells) in enumerate(rows[:_MOST_TOP_LINES]):
        ends_early = not cells[-1] and usual == len(cells)
        if filled[index] >= usual - 1 and not (ends_early and len(rows) > index + 1):
            return index, cells
    return 0, rows[0][1]
