from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.drawing.image import Image as SheetImage

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import CONTENT_TYPES, png, rewritten, workbook, zipped


def test_a_sheet_is_a_section_and_its_tables_stand_between_empty_rows(read: Read) -> None:
    def write(book: Any) -> None:
        book.properties.creator, book.properties.keywords = "Ann", "pumps; ropes"
        book.properties.created = book.properties.modified = datetime(2018, 3, 4, 9, 30)
        sheet = book.active
        sheet.title = "Sales"
        for row in (["Sales of 2024"], ["Region", "Q1"], ["East", 19.2], [], [None, "Part", "a|b"], [None, "Bolt", 3]):
            sheet.append(row)
        book.create_sheet("Notes").append(["Only words."])

    found = read(workbook(write, title="Figures"), "a.xlsx")
    assert found.info.title == "Figures"
    assert found.info.metadata["created"] == "2018-03-04T09:30:00+00:00"  # openpyxl says itself when it is modified
    assert (found.info.metadata["author"], found.info.metadata["keywords"]) == ("Ann", "pumps; ropes")
    assert found.sections == [
        (("Sales",), "Sales of 2024"),
        (("Sales",), "| Region | Q1 |\n| --- | --- |\n| East | 19.2 |"),
        (("Sales",), "| Part | a\\|b |\n| --- | --- |\n| Bolt | 3 |"),
        (("Notes",), "Only words."),
    ]


def test_a_sheet_that_nobody_named_gives_no_title(read: Read) -> None:
    found = read(workbook(lambda book: book.active.append(["Only words."])), "a.xlsx")
    assert found.info.title == ""
    assert found.sections == [((), "Only words.")]


def test_values_are_shown_about_as_the_sheet_shows_them(read: Read) -> None:
    def write(book: Any) -> None:
        sheet = book.active
        sheet.append(["day", "moment", "share", "whole", "sum", "is"])
        sheet.append([date(2024, 3, 1), datetime(2024, 3, 1, 9, 30), 0.1 + 0.2, 1, 0.1 + 0.2, True])
        sheet["C2"].number_format, sheet["D2"].number_format = "0%", "0.0%"

    assert read(workbook(write), "a.xlsx").texts[0].split("\n")[-1] == (
        "| 2024-03-01 | 2024-03-01 09:30 | 30% | 100.0% | 0.3 | TRUE |"
    )


def test_a_long_table_is_given_in_parts_with_its_header_again(read: Read) -> None:
    def write(book: Any) -> None:
        for row in [["Name", "Words"], *(["thing", "word " * 20] for _ in range(100))]:
            book.active.append(row)

    texts = read(workbook(write), "a.xlsx").texts
    assert len(texts) > 1
    assert all(text.startswith("| Name | Words |") for text in texts)
    assert sum(text.count("| thing |") for text in texts) == 100


def test_a_sheet_that_understates_its_size_is_read_whole(read: Read) -> None:
    def write(book: Any) -> None:
        for number in range(5):
            book.active.append(["row", number])

    def lie(name: str, data: bytes) -> bytes:
        return data.replace(b'<dimension ref="A1:B5"', b'<dimension ref="A1:A1"')

    assert read(rewritten(workbook(write), lie), "a.xlsx").texts[0].count("row") == 5


def test_pictures_on_sheets_are_read(read: Read) -> None:
    document = workbook(lambda book: book.active.add_image(SheetImage(png()), "B2"))
    assert read(document, "a.xlsx").image.name == "picture 1"


@pytest.mark.parametrize(
    "document",
    [
        zipped({CONTENT_TYPES: b"<x/>", "xl/workbook.xml": b"<w/>"}),
        zipped({CONTENT_TYPES: b"no xml", "xl/workbook.bin": b""}),
        rewritten(workbook(lambda book: None), lambda name, data: None if name == "xl/workbook.xml" else data),
    ],
)
def test_a_broken_workbook_is_an_error_that_says_so(read: Read, document: bytes) -> None:
    with pytest.raises(DocumentError, match=r"broken .*save it"):
        read(document, "a.xlsx")


def test_a_sheet_that_breaks_off_is_read_so_far(read: Read) -> None:
    def write(book: Any) -> None:
        for number in range(3):
            book.active.append([f"word {number}", "x"])
        book.create_sheet("Next").append(["still here"])

    def cut(name: str, data: bytes) -> bytes:
        return data[: data.index(b"</sheetData>")] + b"<broken" if name.endswith("sheet1.xml") else data

    found = read(rewritten(workbook(write), cut), "a.xlsx")
    assert found.texts == ["| word 0 | x |\n| --- | --- |\n| word 1 | x |\n| word 2 | x |", "still here"]
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("sheet 'Sheet' cannot be read to its end: ")
