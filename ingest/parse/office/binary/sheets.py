"""Workbooks in binary formats: .xls by way of xlrd, .xlsb and what xlrd cannot read by way of calamine."""

from __future__ import annotations

import contextlib
import io
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ingest.parse.blocks import Block, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from ingest.parse.office.binary.calamine_sheets import calamine_sheets
from ingest.parse.office.binary.compound import CompoundFile
from ingest.parse.office.binary.office_art import workbook_pictures
from ingest.parse.office.number_format import shown
from ingest.parse.office.package import Embedded, Parts, reason
from ingest.parse.office.sheet_tables import SheetCell, SheetRow, column_letters, sheet_blocks
from ingest.parse.office.workbook import sheet_heading
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture
from rag.errors import DocumentError

_COVERED = SheetCell(is_covered=True)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_MAX_SPAN = 20_000


def parse_legacy_sheets(data: bytes) -> Iterator[Element]:
    """Elements sheet by sheet: cells about as the sheet shows them, then its comments; pictures come last.

    Raises:
        DocumentError: broken, or protected with a password.
    """
    passed_over, embedded = PassedOver(), Embedded()
    if data.startswith(b"PK"):
        parts = Parts(data)
        title, found = parts.title(), parts.named("xl/media/", "")
        passed_over.note("numbers of a binary workbook (.xlsb) are shown without their formats")
        passed_over.add("charts", len(parts.names("xl/charts/chart")))
        passed_over.add("sheets with comments", len(parts.names("xl/comments", "")))
        blocks = None
    else:
        file = CompoundFile(data)
        title, found = file.title(), workbook_pictures(file.read("Workbook"))
        blocks, passed_over = _of_xlrd(data)
    shown_blocks = blocks if blocks is not None else _of_calamine(data, passed_over)
    drawn = (Passage("", (Picture(embedded.add(picture)),)) for picture in found)
    yield from assemble(itertools.chain([title], shown_blocks, drawn), embedded.resolve)
    yield from passed_over.warnings()


def _of_xlrd(data: bytes) -> tuple[list[Block] | None, PassedOver]:
    """Blocks, and what was passed over for them; None, and why, where another reader may do better."""
    import xlrd  # type: ignore[import-untyped]

    passed_over = PassedOver()
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True)
            return list(_sheets(book, passed_over)), passed_over
    except Exception as error:  # on broken files it raises whatever Python raises
        if isinstance(error, xlrd.XLRDError) and "encrypted" in str(error).lower():
            raise DocumentError("the workbook is protected with a password: save it without one") from error
        instead = PassedOver()
        instead.note(
            f"the workbook is damaged or unusual ({reason(error)}): what can be read of its cells is shown without "
            "formats and comments; save it anew in an office program"
        )
        return None, instead


def _sheets(book: Any, passed_over: PassedOver) -> Iterator[Block]:
    n_hidden = 0
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        n_hidden += sheet.visibility != 0
        yield from sheet_heading(sheet.name)
        yield from sheet_blocks(_rows(book, sheet))
        notes = ((cell, one_line(note.text)) for cell, note in sorted(sheet.cell_note_map.items()))
        remarks = [f"Comment on {column_letters(column)}{row + 1}: {text}" for (row, column), text in notes if text]
        if remarks:
            yield Passage("\n".join(remarks))
        book.unload_sheet(number)
    if n_hidden:
        passed_over.note(f"{n_hidden} hidden sheets are read, too")


def _rows(book: Any, sheet: Any) -> Iterator[SheetRow]:
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for top, bottom, left, right in sheet.merged_cells:
        if (bottom - top) * (right - left) <= _MAX_SPAN and len(covered) < 10 * _MAX_SPAN:
            spans[top, left] = (bottom - top, right - left)
            covered.update((row, column) for row in range(top, bottom) for column in range(left, right))
    covered -= spans.keys()
    links = {(link.frowx, link.fcolx): link.url_or_path for link in sheet.hyperlink_list if link.type == "url"}
    for row in range(sheet.nrows):
        cells: SheetRow = []
        for column in range(sheet.row_len(row)):
            if (row, column) in covered:
                cells.append(_COVERED)
                continue
            text = one_line(_text(book, sheet.cell(row, column)))
            link = links.get((row, column)) or ""
            if isinstance(link, str) and link and link not in text:
                text = f"{text} ({link})".strip()
            cells.append(SheetCell(text, *spans.get((row, column), (1, 1))))
        yield cells


def _text(book: Any, cell: Any) -> str:
    kind, value = cell.ctype, cell.value
    if kind in {2, 3}:
        style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
        known = book.format_map.get(style.format_key) if style is not None else None
        return shown(_date(value, book.datemode) if kind == 3 else value, known.format_str if known else "")
    if kind == 4:
        return shown(bool(value), "")
    if kind == 5:
        return _ERRORS.get(value, "#ERROR")
    return str(value)


def _date(number: float, datemode: int) -> object:
    """Days as the workbook counts them; under one they are a time of day."""
    if not 0 <= number < 2_958_466:
        return number
    if number < 1 or (datemode == 0 and number < 61):
        seconds = round(number * 86_400)
        return (datetime.min + timedelta(seconds=seconds)).time() if number < 1 else timedelta(seconds=seconds)
    start = datetime(1904, 1, 1) if datemode else datetime(1899, 12, 30)
    return start + timedelta(seconds=round(number * 86_400))


def _of_calamine(data: bytes, passed_over: PassedOver) -> Iterator[Block]:
    n_hidden = 0
    for sheet in calamine_sheets(data):
        if sheet.left_out:
            passed_over.add(sheet.left_out)
            continue
        n_hidden += sheet.is_hidden
        passed_over.add("cells far to the right", sheet.n_far_cells)
        yield from sheet_heading(sheet.name)
        yield from sheet_blocks([SheetCell(text) for text in row] for row in sheet.rows)
    if n_hidden:
        passed_over.note(f"{n_hidden} hidden sheets are read, too")
