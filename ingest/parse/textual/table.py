"""CSV and TSV that hold no captions: rows of a table, whose header is said again in each part of it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

from ingest.parse.clean import one_line
from ingest.parse.decode import decode_text
from ingest.parse.elements import Element, TextElement, Warned
from ingest.parse.grid import MAX_COLUMNS, TableGrid
from ingest.parse.text import parse_text

_TABULAR = frozenset({".csv", ".tsv", ".tab"})
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_ROWS = 100
_TABLE_CHARS = 4_000
_MAX_CELL_CHARS = 200_000


def parse_table(data: bytes, name: str) -> Iterator[Element]:
    """Parts of the table; what is no table after all, and JSON, is read as text."""
    if PurePosixPath(name.replace("\\", "/")).suffix.lower() not in _TABULAR:
        yield from parse_text(data)
        return
    decoded = decode_text(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")
    named, text = _named_delimiter(text)
    delimiter, is_guess = (named, False) if named else _likely_delimiter(text)
    if not delimiter:
        yield from parse_text(data)
        return
    yield from map(TextElement, _parts(_rows(text, delimiter)))
    if decoded.warning:
        yield Warned("encoding_guessed", decoded.warning)
    if is_guess:
        yield Warned("remark", delimiter_warning(delimiter))


def delimiter_warning(delimiter: str) -> str:
    """A sentence on a delimiter that nothing names, where another would cut the rows into columns, too."""
    shown = {"\t": "a tab"}.get(delimiter, f"'{delimiter}'")
    return f"columns are cut at {shown}, a guess; if that is wrong, make 'sep=' and the right one the first line"


def _named_delimiter(text: str) -> tuple[str, str]:
    """What a first line `sep=;` names, and the rest; empty where there is none."""
    first, _, rest = text.partition("\n")
    is_named = first.lower().startswith("sep=") and len(first.strip('"\t ')) == 5
    return (first[4], rest) if is_named else ("", text)


def _likely_delimiter(text: str) -> tuple[str, bool]:
    """The delimiter by which rows agree best in their columns, and whether another comes near; empty for no columns."""
    scores: dict[str, float] = {}
    for delimiter in _DELIMITERS:
        widths = [len(row) for row in islice(_rows(text, delimiter), _SAMPLE_ROWS) if row]
        if not widths:
            continue
        width, n_rows = Counter(widths).most_common(1)[0]
        if width > 1 and n_rows >= 0.5 * len(widths):
            scores[delimiter] = n_rows / len(widths) * min(width, 8)  # the more columns agree, the less by chance
    best = max(scores, key=lambda delimiter: scores[delimiter], default="")
    return best, any(2 * score > scores[best] for delimiter, score in scores.items() if delimiter != best)


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Rows of cells; a quote that is never closed costs its own line."""
    csv.field_size_limit(_MAX_CELL_CHARS)
    lines = io.StringIO(text)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield []
            reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _parts(rows: Iterator[list[str]]) -> Iterator[str]:
    grid = TableGrid()
    for row in rows:
        for cell in row[:MAX_COLUMNS]:
            grid.add_cell(one_line(cell))
        grid.end_row()
        if grid.n_chars > _TABLE_CHARS:
            yield from grid.take()
    yield from grid.take()
