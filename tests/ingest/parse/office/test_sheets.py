"""What a sheet shows beside its values."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment

from ingest.parse.office.number_format import shown
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import rewritten, workbook


def rows(*rows: list[Any], then: Callable[[Any], object] = lambda sheet: None) -> bytes:
    def write(book: Any) -> None:
        for row in rows:
            book.active.append(row)
        then(book.active)

    return workbook(write)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (42, "0000", "0042"),
        (0.5, '0.00" m"', "0.50 m"),
        (1234567, "#,##0", "1,234,567"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (0, '0;-0;"nil"', "nil"),
        (0.125, "0.0%", "12.5%"),
        (1234, '"$"#,##0_);("$"#,##0)', "$1,234"),
        (12, "[$€-2] #,##0.00", "€ 12.00"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (5551234, "000\\-0000", "555-1234"),
        (2.5, "# ?/?", "2.5"),
        (0.1 + 0.2, "General", "0.3"),
        (timedelta(days=1, hours=6, minutes=15), "[h]:mm:ss", "30:15:00"),
        (True, "General", "TRUE"),
        (1e308, "0" * 300, "1e+308"),
    ],
)
def test_numbers_are_shown_by_their_formats(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_formulas_that_were_never_calculated_are_shown_and_counted(read: Read) -> None:
    found = read(rows(["Item", "Net", "Gross"], ["Glass", 120, "=B2*1.2"], ["Cord", 40, "=B3*1.2"]), "a.xlsx")
    assert "| Glass | 120 | =B2*1.2 |" in found.texts[0]
    (warning,) = found.warnings
    assert "formulas without a saved value" in warning
    assert warning.endswith(": 2")


def test_merged_labels_stand_in_each_of_their_rows(read: Read) -> None:
    data = rows(
        ["Depot", "Shift"],
        ["Marlow", "dawn"],
        [None, "noon"],
        ["Tilbury", "night"],
        then=lambda s: s.merge_cells("A2:A3"),
    )
    assert "| Marlow | noon |" in read(data, "a.xlsx").texts[0]


def test_tables_side_by_side_are_two(read: Read) -> None:
    left_and_right = [
        ["Part", "Count", None, "Port", "Depth"],
        ["seal", 3, None, "Ayr", 9],
        [None, None, None, "Fal", 7],
    ]
    assert read(rows(*left_and_right), "a.xlsx").texts == [
        "| Part | Count |\n| --- | --- |\n| seal | 3 |",
        "| Port | Depth |\n| --- | --- |\n| Ayr | 9 |\n| Fal | 7 |",
    ]


def test_a_narrow_empty_column_parts_nothing(read: Read) -> None:
    def narrow(sheet: Any) -> None:
        sheet.column_dimensions["C"].width = 2

    data = rows(["Part", "Count", None, "Port", "Depth"], ["seal", 3, None, "Ayr", 9], then=narrow)
    assert len(read(data, "a.xlsx").texts) == 1


def test_comments_links_charts_and_hidden_sheets_are_read(read: Read) -> None:
    def more(sheet: Any) -> None:
        sheet["A2"].comment = Comment("from Penhallow", "Ann")
        sheet["B2"].hyperlink = "https://example.org/seal.pdf"
        chart = BarChart()
        chart.title = "Seals by year"
        chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
        sheet.add_chart(chart)
        hidden = sheet.parent.create_sheet("Store")
        hidden["A1"] = "the spare key lies under slate nine"
        hidden.sheet_state = "hidden"

    found = read(rows(["Part", "Count"], ["seal", 3], then=more), "a.xlsx")
    words = "\n".join(found.texts)
    assert "Comment on A2: from Penhallow" in words
    assert "3 (https://example.org/seal.pdf)" in words
    assert "Seals by year" in words
    assert "slate nine" in words
    assert "1 hidden sheets are read, too" in found.warnings


def test_strict_open_xml_and_add_ins_are_read_like_others(read: Read) -> None:
    data = rows(["Part", "Count"], ["seal", 3])

    def strict(name: str, part: bytes) -> bytes:
        for words in (b"spreadsheetml", b"officeDocument", b"drawingml"):
            usual = b"http://schemas.openxmlformats.org/" + words + b"/2006/"
            part = part.replace(usual, b"http://purl.oclc.org/ooxml/" + words + b"/")
        return part

    add_in = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    for document in (rewritten(data, strict), rewritten(data, lambda name, part: part.replace(usual, add_in))):
        assert document != data
        assert read(document, "a.xlsx").texts == ["| Part | Count |\n| --- | --- |\n| seal | 3 |"]
