"""Office documents, new and old: written by the libraries that write them, or by hand where there is none."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from xml.sax.saxutils import escape

import docx
import openpyxl
import pptx
import xlwt
from pptx.util import Inches

from benchmarks.reading.measure import Score
from benchmarks.reading.old_office import powerpoint_97, word_97
from benchmarks.reading.truth import Block, Document, Heading, Paragraph, Table, Writer

_OLD = Score(recall=0.90, precision=0.95, order=0.98, headings=0.90, cells=0.95)
_ODF_NAMES = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "presentation": "presentation"}
_ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"' for name, word in _ODF_NAMES.items())


def documents(n: int) -> Iterator[Document]:
    """`n` of each kind."""
    for kind, (name, compose, write) in _KINDS.items():
        for number in range(n):
            blocks = compose(Writer(f"{kind} {number}"))
            yield Document(kind, name, write(blocks), blocks)


def story(writer: Writer) -> list[Block]:
    """Headings of two levels, paragraphs and tables."""
    blocks: list[Block] = []
    for _ in range(3):
        blocks += [Heading(1, writer.heading()), Paragraph(writer.paragraph())]
        for _ in range(2):
            blocks += [Heading(2, writer.heading()), Paragraph(writer.paragraph()), Paragraph(writer.paragraph(2))]
            blocks.append(Table(writer.table(writer.chance.randrange(4, 40), writer.chance.randrange(2, 6))))
            blocks.append(Paragraph(writer.paragraph(1)))
    return blocks


def sheets(writer: Writer) -> list[Block]:
    blocks: list[Block] = []
    for _ in range(3):
        blocks += [Heading(1, writer.heading()), Table(writer.table(60, writer.chance.randrange(2, 8)))]
    return blocks


def slides(writer: Writer) -> list[Block]:
    blocks: list[Block] = []
    for _ in range(6):
        blocks += [Heading(1, writer.heading()), Paragraph(writer.paragraph(2))]
        blocks.append(Table(writer.table(4, 3)))
    return blocks


def plain_slides(writer: Writer) -> list[Block]:
    return [block for block in slides(writer) if not isinstance(block, Table)]


def sections(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Cut before each heading of the first level."""
    part: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1 and part:
            yield part
            part = []
        part.append(block)
    yield part


def _docx(blocks: Sequence[Block]) -> bytes:
    document = docx.Document()
    for block in blocks:
        if isinstance(block, Heading):
            document.add_heading(block.text, block.level)
        elif isinstance(block, Paragraph):
            document.add_paragraph(block.text)
        else:
            table = document.add_table(len(block.rows), len(block.rows[0]))
            for cells, row in zip(table.rows, block.rows, strict=True):
                for cell, text in zip(cells.cells, row, strict=True):
                    cell.text = text
    return _saved(document)


def _xlsx(blocks: Sequence[Block]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for part in sections(blocks):
        sheet = book.create_sheet(part[0].text[:31] if isinstance(part[0], Heading) else "")
        for block in part[1:]:
            for row in block.rows if isinstance(block, Table) else ():
                sheet.append([_number(cell) for cell in row])
                for place, cell in enumerate(sheet[sheet.max_row]):
                    cell.number_format = "0.00" if "." in row[place] and isinstance(cell.value, float) else "General"
    return _saved(book)


def _xls(blocks: Sequence[Block]) -> bytes:
    book = xlwt.Workbook()
    shown = xlwt.easyxf(num_format_str="0.00")
    for part in sections(blocks):
        sheet = book.add_sheet(part[0].text[:31] if isinstance(part[0], Heading) else "")
        for block in part[1:]:
            for at, row in enumerate(block.rows if isinstance(block, Table) else ()):
                for column, text in enumerate(row):
                    value = _number(text)
                    sheet.write(at, column, value, *([shown] if isinstance(value, float) else []))
    return _saved(book)


def _number(text: str) -> str | int | float:
    return int(text) if text.isdecimal() else float(text) if text.replace(".", "", 1).isdecimal() else text


def _pptx(blocks: Sequence[Block]) -> bytes:
    deck = pptx.Presentation()
    for part in sections(blocks):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        for block in part:
            if isinstance(block, Heading):
                slide.shapes.title.text = block.text
            elif isinstance(block, Paragraph):
                slide.shapes.add_textbox(Inches(1), Inches(2), Inches(8), Inches(1)).text_frame.text = block.text
            else:
                frame = slide.shapes.add_table(
                    len(block.rows), len(block.rows[0]), Inches(1), Inches(4), Inches(8), Inches(2)
                )
                for row, cells in zip(block.rows, frame.table.rows, strict=True):
                    for text, cell in zip(row, cells.cells, strict=True):
                        cell.text = text
    return _saved(deck)


def _odt(blocks: Sequence[Block]) -> bytes:
    return _odf("text", "".join(map(_odf_block, blocks)))


def _ods(blocks: Sequence[Block]) -> bytes:
    body = ""
    for part in sections(blocks):
        rows = "".join(_odf_block(block) for block in part[1:])
        name = escape(part[0].text) if isinstance(part[0], Heading) else ""
        body += rows.replace("<table:table>", f'<table:table table:name="{name}">')
    return _odf("spreadsheet", body)


def _odp(blocks: Sequence[Block]) -> bytes:
    body = ""
    for part in sections(blocks):
        frames = ""
        for block in part:
            if isinstance(block, Heading):
                box = f"<draw:text-box>{_odf_text(block.text)}</draw:text-box>"
                frames += f'<draw:frame presentation:class="title">{box}</draw:frame>'
            elif isinstance(block, Paragraph):
                frames += f"<draw:frame><draw:text-box>{_odf_text(block.text)}</draw:text-box></draw:frame>"
            else:
                frames += f"<draw:frame>{_odf_block(block)}</draw:frame>"
        body += f"<draw:page>{frames}</draw:page>"
    return _odf("presentation", body)


def _odf_block(block: Block) -> str:
    if isinstance(block, Heading):
        return f'<text:h text:outline-level="{block.level}">{escape(block.text)}</text:h>'
    if isinstance(block, Paragraph):
        return _odf_text(block.text)
    cell = "<table:table-cell>{}</table:table-cell>"
    rows = ("".join(cell.format(_odf_text(text)) for text in row) for row in block.rows)
    return f"<table:table>{''.join(f'<table:table-row>{row}</table:table-row>' for row in rows)}</table:table>"


def _odf_text(text: str) -> str:
    return f"<text:p>{escape(text)}</text:p>"


def _odf(kind: str, body: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        package.writestr("content.xml", f"<office:document-content {_ODF}>{inner}</office:document-content>")
    return out.getvalue()


def _rtf(blocks: Sequence[Block]) -> bytes:
    out = [r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Times;}}{\stylesheet{\s1 heading 1;}{\s2 heading 2;}}"]
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                edges = "".join(rf"\cellx{1500 * (n + 1)}" for n in range(len(row)))
                out.append(rf"\trowd{edges}\pard\intbl " + "".join(rf"{text}\cell " for text in row) + r"\row")
        else:
            style = rf"\s{block.level}" if isinstance(block, Heading) else ""
            out.append(rf"\pard\plain{style} {block.text}\par")
    return "\n".join([*out, "}"]).encode("ascii")


def _ppt(blocks: Sequence[Block]) -> bytes:
    return powerpoint_97(list(sections(blocks)))


def _saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


_KINDS: dict[str, tuple[str, Callable[[Writer], list[Block]], Callable[[Sequence[Block]], bytes]]] = {
    "Word": ("a.docx", story, _docx),
    "Excel": ("a.xlsx", sheets, _xlsx),
    "PowerPoint": ("a.pptx", slides, _pptx),
    "OpenDocument text": ("a.odt", story, _odt),
    "OpenDocument sheets": ("a.ods", sheets, _ods),
    "OpenDocument slides": ("a.odp", slides, _odp),
    "RTF": ("a.rtf", story, _rtf),
    "Word 97": ("a.doc", story, word_97),
    "Excel 97": ("a.xls", sheets, _xls),
    "PowerPoint 97": ("a.ppt", plain_slides, _ppt),
}
LEAST = {"Word 97": _OLD, "Excel 97": _OLD, "PowerPoint 97": _OLD}
