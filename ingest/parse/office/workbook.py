"""Excel workbooks by way of openpyxl: a sheet is a section, what stands between empty rows and columns a table."""

from __future__ import annotations

import io
import itertools
import re
import warnings
from collections.abc import Iterator
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Heading, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element, Warned
from ingest.parse.office.number_format import shown
from ingest.parse.office.package import BROKEN, Embedded, Parts, broken, reason, relations
from ingest.parse.office.plain_openxml import plain
from ingest.parse.office.sheet_parts import Drawn, SheetParts, comments, drawings, sheet_parts
from ingest.parse.office.sheet_tables import SheetCell, SheetRow, sheet_blocks
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture

_UNNAMED = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|ark|лист|工作表)\s?\d*", re.IGNORECASE)
"""What a sheet is called that nobody gave a name."""
_COVERED, _EMPTY = SheetCell(is_covered=True), SheetCell()


def sheet_heading(title: str) -> Iterator[Heading]:
    """The sheet's name, if somebody gave it one."""
    if not _UNNAMED.fullmatch(title):
        yield Heading(1, title)


def parse_workbook(data: bytes) -> Iterator[Element]:
    """Elements sheet by sheet: cells as the sheet shows them, then its comments, charts, text boxes and pictures.

    Raises:
        DocumentError: broken.
    """
    data = plain(data)
    reader = _Reader(Parts(data))
    yield from assemble(itertools.chain([reader.parts.title()], reader.blocks(data)), reader.embedded.resolve)
    yield from reader.passed_over.warnings()
    yield from reader.parts.problems


class _Reader:
    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self.embedded = Embedded()
        self.passed_over = PassedOver()
        self._drawn_pictures: set[str] = set()

    def blocks(self, data: bytes) -> Iterator[Block]:
        with warnings.catch_warnings(action="ignore"):  # of what would be lost if it were saved again
            try:
                book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            except BROKEN as error:
                raise broken(error) from error
            n_hidden = sum(sheet.sheet_state != "visible" for sheet in book.worksheets)
            for sheet in book.worksheets:
                yield from self._sheet(sheet)
        yield from self._chart_sheets()
        yield from self._other_pictures()
        if n_hidden:
            self.passed_over.note(f"{n_hidden} hidden sheets are read, too")

    def _sheet(self, sheet: Any) -> Iterator[Block]:
        path = (sheet._worksheet_path or "").lstrip("/")
        found = sheet_parts(self.parts, path)
        drawn = drawings(self.parts, found.relations)
        remarks = list(comments(self.parts, found))
        yield from sheet_heading(sheet.title)
        yield from sheet_blocks(self._rows(sheet, found), spacers=found.spacers)
        if remarks:
            yield Passage("\n".join(remarks))
        yield from self._drawn(drawn)
        if found.n_formulas:
            self.passed_over.add(
                "formulas without a saved value (shown as formulas; open and save it in an office program)",
                found.n_formulas,
            )

    def _rows(self, sheet: Any, found: SheetParts) -> Iterator[SheetRow]:
        sheet.reset_dimensions()  # many programs write wrong ones
        try:
            for number, row in enumerate(sheet.rows, start=1):
                yield [_cell(cell, number, column, found) for column, cell in enumerate(row, start=1)]
        except BROKEN as error:
            said = f"sheet '{sheet.title}' cannot be read to its end: {reason(error)}"
            self.parts.problems.append(Warned("part_broken", said))

    def _drawn(self, drawn: Drawn) -> Iterator[Block]:
        yield from map(Passage, drawn.texts)
        for path, alt in drawn.pictures.items():
            if picture := self.parts.read(path):
                self._drawn_pictures.add(path)
                yield Passage("", (Picture(self.embedded.add(picture), alt=alt),))

    def _chart_sheets(self) -> Iterator[Block]:
        """Sheets that are nothing but a chart."""
        for path in self.parts.names("xl/chartsheets/", ".xml"):
            yield from self._drawn(drawings(self.parts, relations(self.parts, path)))

    def _other_pictures(self) -> Iterator[Block]:
        """Those that no drawing places, as in cells."""
        for path in self.parts.names("xl/media/", ""):
            if path not in self._drawn_pictures and (picture := self.parts.read(path)):
                yield Passage("", (Picture(self.embedded.add(picture)),))


def _cell(cell: Any, row: int, column: int, found: SheetParts) -> SheetCell:
    at = (row, column)
    if at in found.covered:
        return _COVERED
    value = cell.value
    if value is None and not found.formulas and not found.links and not found.spans:
        return _EMPTY
    text = shown(value, getattr(cell, "number_format", "") or "")
    if isinstance(value, str):
        text = one_line(text)
    if not text:
        text = found.formulas.get(at, "")
    link = found.links.get(at, "")
    if link and link.removeprefix("mailto:") not in text:
        text = f"{text} ({link.removeprefix('mailto:')})".strip()
    n_rows, n_columns = found.spans.get(at, (1, 1))
    return SheetCell(text, n_rows, n_columns)
