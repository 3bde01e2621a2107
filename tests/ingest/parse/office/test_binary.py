"""What Office wrote before 2007."""

from __future__ import annotations

import io

import pytest
import xlwt

from benchmarks.reading.compound import compound
from benchmarks.reading.old_office import powerpoint_97, word_97
from benchmarks.reading.truth import Heading, Paragraph, Table
from ingest.parse.office.binary.calamine_sheets import calamine_sheets
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read


def test_a_word_document_keeps_headings_and_tables(read: Read) -> None:
    table = Table([["Depot", "Part"], ["Marlow", "seal"], ["Tilbury", "pawl"]])
    data = word_97([Heading(1, "Weir"), Paragraph("Words здесь."), Heading(2, "Gates"), table, Paragraph("End.")])
    assert read(data, "a.doc").sections == [
        (("Weir",), "Words здесь."),
        (("Weir", "Gates"), "| Depot | Part |\n| --- | --- |\n| Marlow | seal |\n| Tilbury | pawl |"),
        (("Weir", "Gates"), "End."),
    ]


def test_of_a_field_only_its_result_is_read(read: Read) -> None:
    data = word_97([Paragraph('See \x13HYPERLINK "http://x" \x14the \x13REF a\x14first\x15 page\x15.')])
    assert read(data, "a.doc").texts == ["See the first page."]


def test_a_presentation_keeps_titles_and_notes(read: Read) -> None:
    data = powerpoint_97(
        [[Heading(1, "Locks"), Paragraph("open\rclose")], [Heading(1, "Sluices")]], {0: "say it slowly"}
    )
    found = read(data, "a.ppt")
    assert found.info.n_pages == 2
    assert found.sections == [
        (("Locks",), "- open\n- close"),
        (("Locks",), "Speaker notes: say it slowly"),
        ((), "Sluices"),
    ]


def test_a_workbook_shows_numbers_by_their_formats_and_merged_labels_in_each_row(read: Read) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Stock")
    for column, text in enumerate(["Depot", "Code", "Share"]):
        sheet.write(0, column, text)
    sheet.write_merge(1, 2, 0, 0, "Marlow")
    for row, (code, share) in enumerate([(42, 0.5), (7, 0.125)], start=1):
        sheet.write(row, 1, code, xlwt.easyxf(num_format_str="0000"))
        sheet.write(row, 2, share, xlwt.easyxf(num_format_str="0.0%"))
    out = io.BytesIO()
    book.save(out)
    (text,) = read(out.getvalue(), "a.xls").texts
    assert text.split("\n")[2:] == ["| Marlow | 0042 | 50.0% |", "| Marlow | 0007 | 12.5% |"]


def test_what_xlrd_cannot_read_is_read_by_calamine_in_a_process_of_its_own() -> None:
    book = xlwt.Workbook()
    for name, words in (("Stock", ["seal", 3]), ("Empty", [])):
        sheet = book.add_sheet(name)
        for column, word in enumerate(words):
            sheet.write(0, column, word)
    out = io.BytesIO()
    book.save(out)
    first = next(calamine_sheets(out.getvalue()))
    assert (first.name, first.rows) == ("Stock", [["seal", "3"]])
    with pytest.raises(DocumentError, match=r"save it as \.xlsx"):
        list(calamine_sheets(b"PK\3\4" + bytes(100)))


def test_that_xlrd_could_not_read_a_workbook_is_said(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    book = xlwt.Workbook()
    book.add_sheet("Stock").write(0, 0, "seal")
    out = io.BytesIO()
    book.save(out)

    def fails(*_: object, **__: object) -> None:
        raise AssertionError("record 0x5c is too short")

    monkeypatch.setattr("xlrd.open_workbook", fails)
    found = read(out.getvalue(), "a.xls")
    assert "seal" in found.texts[0]
    assert any("record 0x5c is too short" in warning for warning in found.warnings)


def test_protected_documents_and_other_compound_files_say_what_they_are(read: Read) -> None:
    for streams, words in (
        ({"EncryptedPackage": b"x" * 100, "EncryptionInfo": b"x"}, "password"),
        ({"VisioDocument": b"x" * 100}, "Visio"),
        ({"Something": b"x" * 100}, "another kind"),
    ):
        with pytest.raises(DocumentError, match=words):
            read(compound(streams), "a.doc")
