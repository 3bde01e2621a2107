"""What mammoth passes over in Word documents."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import rewritten, word

MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def with_body(body: str) -> bytes:
    """A document of one paragraph, and this behind it."""
    plain = word(lambda document: document.add_paragraph("Words."))
    return rewritten(plain, lambda name, data: data.replace(b"<w:sectPr", body.encode() + b"<w:sectPr", 1))


def test_headers_and_footers_are_read_once_without_page_numbers(read: Read) -> None:
    def write(document: Any) -> None:
        document.add_paragraph("Words.")
        document.sections[0].header.paragraphs[0].text = "Document QX-7731-B"
        document.add_section().header.is_linked_to_previous = False
        document.sections[1].header.paragraphs[0].text = "Document QX-7731-B"
        document.sections[0].footer.paragraphs[0].text = "- "

    texts = read(word(write), "a.docx").texts
    assert texts == ["Header: Document QX-7731-B", "Words."]


def test_comments_follow_their_paragraph(read: Read) -> None:
    def write(document: Any) -> None:
        paragraph = document.add_paragraph("The sill is sound.")
        document.add_comment(paragraph.runs, text="Ask the diver", author="rv", initials="rv")
        document.add_paragraph("The end.")

    assert read(word(write), "a.docx").texts == ["The sill is sound.", "Comment (rv): Ask the diver", "The end."]


def test_equations_are_their_characters(read: Read) -> None:
    def run(text: str) -> str:
        return f"<m:r><m:t>{text}</m:t></m:r>"

    power = f"<m:sSup><m:e>{run('x')}</m:e><m:sup>{run('2')}</m:sup></m:sSup>"
    fraction = f"<m:f><m:num>{run('a+b')}</m:num><m:den>{run('c')}</m:den></m:f>"
    root = f"<m:rad><m:radPr/><m:deg/><m:e>{run('y')}</m:e></m:rad>"
    math = f'<w:p><m:oMath xmlns:m="{MATH}">{power}{run("=")}{fraction}{root}</m:oMath></w:p>'
    assert read(with_body(math), "a.docx").texts == ["Words.", "x^2=(a+b)/c√(y)"]


def test_of_ruby_the_base_words_are_read(read: Read) -> None:
    def run(text: str) -> str:
        return f"<w:r><w:t>{text}</w:t></w:r>"

    ruby = f"<w:p><w:r><w:ruby><w:rt>{run('とう')}</w:rt><w:rubyBase>{run('東')}</w:rubyBase></w:ruby></w:r></w:p>"
    assert read(with_body(ruby), "a.docx").texts == ["Words.", "東"]


def test_chunks_of_html_are_read_where_they_stand(read: Read) -> None:
    body = '<w:altChunk r:id="c1"/><w:p><w:r><w:t>After.</w:t></w:r></w:p>'
    relation = (
        b'<Relationship Id="c1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk" '
        b'Target="/word/c.html"/></Relationships>'
    )

    def change(name: str, data: bytes) -> bytes:
        return data.replace(b"</Relationships>", relation) if name == "word/_rels/document.xml.rels" else data

    document = rewritten(with_body(body), change)

    out = io.BytesIO(document)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("word/c.html", "<p>Inside.<iframe src=x></iframe><table><tr><td>a<td>b<tr><td>1<td>2</table>")
    found = read(out.getvalue(), "a.docx")
    assert found.warnings == ["passed over, frames: 1"]
    assert found.texts == ["Words.", "Inside.", "| a | b |\n| --- | --- |\n| 1 | 2 |", "After."]


def test_cells_merged_downwards_are_said_in_each_row(read: Read) -> None:
    def write(document: Any) -> None:
        table = document.add_table(3, 2)
        for row, texts in enumerate((["Depot", "Part"], ["Marlow", "seal"], ["", "pawl"])):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert "| Marlow | pawl |" in read(word(write), "a.docx").texts[0]
