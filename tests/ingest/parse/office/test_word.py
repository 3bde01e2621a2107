from __future__ import annotations

from typing import Any

import pytest

from ingest.parse.elements import DocumentInfo
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import CONTENT_TYPES, png, rewritten, word, zipped

CHART = b"""<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart>
  <c:title><c:tx><c:rich><a:p><a:r><a:t>Share of </a:t></a:r><a:r><a:t>power</a:t></a:r></a:p></c:rich></c:tx></c:title>
  <c:plotArea><c:barChart><c:ser>
    <c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Wind</c:v></c:pt></c:strCache></c:strRef></c:tx>
    <c:cat><c:numRef><c:numCache><c:formatCode>mmm\\-yy</c:formatCode>
      <c:pt idx="0"><c:v>45292</c:v></c:pt><c:pt idx="1"><c:v>45323</c:v></c:pt></c:numCache></c:numRef></c:cat>
    <c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode>
      <c:pt idx="0"><c:v>0.35000000000000003</c:v></c:pt><c:pt idx="1"><c:v>0.4</c:v></c:pt>
    </c:numCache></c:numRef></c:val>
  </c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"""
DIAGRAM = b"""<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><dgm:ptLst>
  <dgm:pt><dgm:t><a:p><a:r><a:t>Plan</a:t></a:r></a:p></dgm:t></dgm:pt>
  <dgm:pt><dgm:t><a:p/></dgm:t></dgm:pt>
  <dgm:pt><dgm:t><a:p><a:r><a:t>Build</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>"""


def manual(document: Any) -> None:
    document.add_heading("Pump", 1)
    document.add_heading("Care", 2)
    document.add_paragraph("Check the seal & oil <weekly>.")
    for item in ("drain", "refill"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Part", "Torque", "Bolt", "12 Nm"), strict=True
    ):
        cell.text = text


def test_headings_lists_and_tables_are_read_in_order(read: Read) -> None:
    found = read(word(manual, title="Pump manual", author="Ann"), "a.docx")
    assert found.info == DocumentInfo("Pump manual", metadata={"author": "Ann"})
    assert found.sections == [
        (("Pump", "Care"), "Check the seal & oil <weekly>."),
        (("Pump", "Care"), "- drain\n- refill"),
        (("Pump", "Care"), "| Part | Torque |\n| --- | --- |\n| Bolt | 12 Nm |"),
    ]
    assert found.warnings == []


def test_a_document_without_properties_is_called_by_its_first_heading(read: Read) -> None:
    assert read(word(manual), "a.docx").info == DocumentInfo("Pump")


def test_pictures_come_with_their_captions_even_without_a_number(read: Read) -> None:
    def write(document: Any) -> None:
        for colour, caption in (("red", "Figure 1: The rotor"), ("blue", "Seen from above")):
            document.add_picture(png(colour))
            document.add_paragraph(caption, style="Caption")

    found = read(word(write), "a.docx")
    assert [image.name for image in found.images] == ["picture 1", "picture 2"]
    assert found.words("caption") == ["Figure 1: The rotor", "Seen from above"]
    assert found.texts == []


def test_a_picture_that_is_gone_is_told_and_the_rest_is_read(read: Read) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Words.")
        document.add_picture(png())

    document = rewritten(word(write), lambda name, data: None if "media/" in name else data)
    found = read(document, "a.docx")
    assert found.texts == ["Words."]
    assert len(found.warnings) == 1
    assert found.warnings[0].startswith("a picture in it left out: ")


def test_charts_are_their_numbers_and_diagrams_their_words(read: Read) -> None:
    parts = {"word/charts/chart1.xml": CHART, "word/diagrams/data1.xml": DIAGRAM}
    document = word(lambda document: document.add_paragraph("Words."))
    with_parts = zipped({**_parts(document), **parts})
    assert read(with_parts, "a.docx").texts == [
        "Words.",
        "Share of power\n|  | Wind |\n| --- | --- |\n| 2024-01-01 | 35% |\n| 2024-02-01 | 40% |",
        "- Plan\n- Build",
    ]


def test_what_has_no_reader_is_counted(read: Read) -> None:
    plain = word(lambda document: document.add_paragraph("Words."))
    document = rewritten(plain, lambda name, data: data.replace(b"</w:r>", b"</w:r><w:object/><w:object/>"))
    assert "passed over, embedded objects: 2" in read(document, "a.docx").warnings


def test_links_to_pictures_elsewhere_are_not_followed(read: Read, tmp_path: Any) -> None:
    (tmp_path / "secret.png").write_bytes(png().getvalue())

    def write(document: Any) -> None:
        document.add_paragraph("Words.")
        document.add_picture(png())

    def link(name: str, data: bytes) -> bytes | None:
        if name.endswith("document.xml.rels"):
            target = f'Target="file://{tmp_path}/secret.png" TargetMode="External"'.encode()
            return data.replace(b'Target="media/image1.png"', target)
        return data.replace(b"r:embed=", b"r:link=") if name == "word/document.xml" else data

    found = read(rewritten(word(write), link), "a.docx")
    assert found.images == []
    assert found.warnings == [f"picture 'file://{tmp_path}/secret.png' left out: it is not in the document"]


@pytest.mark.parametrize(
    "document",
    [
        zipped({CONTENT_TYPES: b"<x/>", "word/document.xml": b"<w/>"}),
        zipped({CONTENT_TYPES: b"<x/>", "word/document.xml": b"no xml"}),
        zipped({CONTENT_TYPES: b"<x/>", "word/fonts.xml": b""}),
        word(manual)[:-200] + bytes(200),
        word(manual)[:2000],
    ],
)
def test_a_broken_document_is_an_error_that_says_so(read: Read, document: bytes) -> None:
    with pytest.raises(DocumentError, match=r"broken .*save it|archive|neither text nor"):
        read(document, "a.docx")


def _parts(document: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    rewritten(document, lambda name, data: parts.setdefault(name, data))
    return parts
