"""OpenDocument spreadsheets: cells as the sheet shows them, which the file itself keeps."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.parse.blocks import Block, Passage
from ingest.parse.clean import one_line
from ingest.parse.office.opendocument.document import OdfReader
from ingest.parse.office.opendocument.names import DRAW, OFFICE, TABLE, TEXT, XLINK, local
from ingest.parse.office.opendocument.package import OdfPackage
from ingest.parse.office.sheet_tables import SheetCell, SheetRow, column_letters, sheet_blocks
from ingest.parse.office.workbook import sheet_heading
from ingest.parse.passed_over import PassedOver

_MAX_COLUMNS = 1024
_MAX_SAME_ROWS = 100
"""Equal rows in a row; a file can claim a million with one number."""
_UNSAVED = "formulas without a saved value (shown as formulas; open and save it in an office program)"


def sheet_blocks_of(package: OdfPackage, reader: OdfReader, passed_over: PassedOver) -> Iterator[Block]:
    """Blocks sheet by sheet; comments and drawings come after the sheet's cells."""
    n_hidden = 0
    body = package.body("spreadsheet")
    for table in body.iterchildren(TABLE + "table"):
        n_hidden += package.style(table.get(TABLE + "style-name", "")).get(TABLE + "display") == "false"
        yield from sheet_heading(table.get(TABLE + "name", ""))
        remarks: list[str] = []
        yield from sheet_blocks(_rows(table, remarks, passed_over))
        if remarks:
            yield Passage("\n".join(remarks))
        for frame in table.iter(DRAW + "frame", DRAW + "custom-shape"):
            if next(frame.iterancestors(DRAW + "frame"), None) is None:
                yield from reader.drawn(frame)
    if n_hidden:
        passed_over.note(f"{n_hidden} hidden sheets are read, too")


def _rows(table: Any, remarks: list[str], passed_over: PassedOver) -> Iterator[SheetRow]:
    number = 0
    for row in table.iter(TABLE + "table-row"):
        if next(row.iterancestors(TABLE + "table")) is not table:
            continue
        cells = _cells(row, number, remarks, passed_over)
        n_same = _count(row, "number-rows-repeated")
        number += n_same
        if not any(not cell.is_empty for cell in cells):
            yield []
            continue
        passed_over.add("equal rows beyond a hundred", max(0, n_same - _MAX_SAME_ROWS), code="over_limit")
        for _ in range(min(n_same, _MAX_SAME_ROWS)):
            yield cells


def _cells(row: Any, number: int, remarks: list[str], passed_over: PassedOver) -> SheetRow:
    cells: SheetRow = []
    for node in row.iterchildren(TABLE + "table-cell", TABLE + "covered-table-cell"):
        at = f"{column_letters(len(cells))}{number + 1}"
        remarks.extend(f"Comment on {at}: {text}" for text in _comments(node))
        cell = SheetCell(is_covered=True) if local(node) == "covered-table-cell" else _cell(node, passed_over)
        n_same = _count(node, "number-columns-repeated")
        cells.extend([cell] * min(n_same, _MAX_COLUMNS - len(cells)))
        if len(cells) >= _MAX_COLUMNS:
            break
    return cells


def _cell(node: Any, passed_over: PassedOver) -> SheetCell:
    lines = (_paragraph(p) for p in node.iterchildren(TEXT + "p"))
    text = one_line(" ".join(filter(None, lines)))
    formula = node.get(TABLE + "formula", "")
    if not text and formula and node.get(OFFICE + "value-type") is None:
        passed_over.add(_UNSAVED)
        text = "=" + formula.partition("=")[2]
    rows, columns = (_count(node, f"number-{name}-spanned") for name in ("rows", "columns"))
    return SheetCell(text or one_line(node.get(OFFICE + "value", "")), rows, columns)


def _paragraph(node: Any) -> str:
    links = (link.get(XLINK + "href", "") for link in node.iter(TEXT + "a"))
    words = "".join(_spaced(node))
    outside = [link for link in links if link.startswith(("http:", "https:", "mailto:")) and link not in words]
    return words + "".join(f" ({link.removeprefix('mailto:')})" for link in outside)


def _spaced(node: Any) -> Iterator[str]:
    yield node.text or ""
    for child in node.iterdescendants():
        yield " " if local(child) in {"s", "tab", "line-break"} else ""
        yield child.text or "" if isinstance(child.tag, str) else ""
        yield child.tail or ""


def _comments(node: Any) -> Iterator[str]:
    for comment in node.iterchildren(OFFICE + "annotation"):
        words = " ".join(one_line("".join(p.itertext())) for p in comment.iter(TEXT + "p"))
        if words.strip():
            yield words.strip()


def _count(node: Any, name: str) -> int:
    text = node.get(TABLE + name, "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 9 else 1
