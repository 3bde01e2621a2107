"""Excel workbooks by way of openpyxl: a sheet is a section, and what stands between empty rows is a table."""

from __future__ import annotations

import io
import itertools
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Heading, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element, Warned
from ingest.parse.html.boxes import table_text
from ingest.parse.office.package import BROKEN, Embedded, Parts, broken, reason
from ingest.parse.pictures import Picture

_UNNAMED = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|ark|лист|工作表)\s?\d*", re.IGNORECASE)
"""What a sheet is called that nobody gave a name."""
_TABLE_CHARS = 4_000
"""A longer table is given in parts, each with its header."""


def parse_workbook(data: bytes) -> Iterator[Element]:
    """Elements sheet by sheet: cells as their values were when it was saved; pictures come last.

    Raises:
        DocumentError: broken.
    """
    parts, embedded = Parts(data), Embedded()
    pictures = [Passage("", (Picture(embedded.add(picture)),)) for picture in parts.named("xl/media/", "")]
    yield from assemble(itertools.chain([parts.title()], _sheets(data, parts.problems), pictures), embedded.resolve)
    yield from map(Warned, parts.problems)


def _sheets(data: bytes, problems: list[str]) -> Iterator[Block]:
    with warnings.catch_warnings(action="ignore"):  # of what would be lost if it were saved again
        try:
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        except BROKEN as error:
            raise broken(error) from error
        for sheet in book.worksheets:
            if not _UNNAMED.fullmatch(sheet.title):
                yield Heading(1, sheet.title)
            yield from _passages(_rows(sheet, problems))


def _rows(sheet: Any, problems: list[str]) -> Iterator[Sequence[str]]:
    sheet.reset_dimensions()  # many programs write wrong ones
    try:
        for row in sheet.rows:
            yield [_shown(cell) for cell in row]
    except BROKEN as error:
        problems.append(f"sheet '{sheet.title}' cannot be read to its end: {reason(error)}")


def _passages(rows: Iterable[Sequence[str]]) -> Iterator[Block]:
    """A line of its own is a paragraph, other rows up to the next empty one are a table."""
    header: list[str] = []
    body: list[list[str]] = []
    n_chars = 0
    for row in itertools.chain(rows, [()]):
        cells = _trimmed(row)
        if header and (not cells or n_chars > _TABLE_CHARS):
            yield Passage(table_text([header, *body]))
            body, n_chars = [], 0
        if not cells:
            header = []
        elif header:
            body.append(cells)
            n_chars += sum(map(len, cells))
        elif sum(map(bool, cells)) == 1:
            yield Passage(cells[-1])
        else:
            header = cells


def _trimmed(row: Sequence[str]) -> list[str]:
    """Without empty cells at its end."""
    n_cells = max((at for at, cell in enumerate(row, start=1) if cell), default=0)
    return list(row[:n_cells])


def _shown(cell: Any) -> str:
    """About as the sheet shows it."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{100 * value:.6g}%" if "%" in (cell.number_format or "") else f"{value:.12g}"
    return one_line(str(value))
