"""PDFs as ReportLab writes them: text under headings, columns, turned pages, tables with lines and without, forms."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Spacer, TableStyle
from reportlab.platypus import Paragraph as Flowing
from reportlab.platypus import Table as Drawn

from benchmarks.reading.measure import Score
from benchmarks.reading.truth import Block, Document, Heading, Paragraph, Table, Writer

_WIDTH, _HEIGHT = A4
_FONTS = (("Helvetica", "Helvetica-Bold"), ("Times-Roman", "Times-Bold"), ("Courier", "Courier-Bold"))
_NO_LINES = Score(recall=0.98, precision=0.95, order=0.98, headings=0.90, cells=0.80)
_RULED = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)])
_SHADED = TableStyle(
    [
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [colors.whitesmoke, colors.white]),
        ("BACKGROUND", (0, 0), (-1, 0), colors.silver),
    ]
)
_ROW_LINES = TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.5, colors.grey)])
_BOOK = TableStyle(
    [
        ("LINEABOVE", (0, 0), (-1, 0), 1, colors.black),
        ("LINEBELOW", (0, 0), (-1, 0), 0.5, colors.black),
        ("LINEBELOW", (0, -1), (-1, -1), 1, colors.black),
    ]
)
_BARE = TableStyle([])


def documents(n: int) -> Iterator[Document]:
    """`n` of each kind."""
    for kind, write in _KINDS.items():
        for number in range(n):
            writer = Writer(f"{kind} {number}")
            blocks: list[Block] = []
            data = write(writer, blocks)
            yield Document(kind, "a.pdf", data, blocks)


class _Styles:
    def __init__(self, writer: Writer, *, ratio: float = 1.35) -> None:
        plain, bold = writer.chance.choice(_FONTS[:2])
        size = writer.chance.choice([9, 10, 11, 12])
        self.body = ParagraphStyle("body", fontName=plain, fontSize=size, leading=1.25 * size, spaceAfter=0.8 * size)
        self.bold = bold
        self.levels = [
            ParagraphStyle(
                f"h{n}",
                fontName=bold,
                fontSize=size * scale,
                leading=1.25 * size * scale,
                spaceBefore=size,
                spaceAfter=size / 2,
            )
            for n, scale in enumerate([ratio**2, ratio, 1.0 if ratio == 1 else ratio**0.5], start=1)
        ]


def _sections(
    writer: Writer, blocks: list[Block], styles: _Styles, n: int, *, is_numbered: bool = False
) -> list[Flowable]:
    story: list[Flowable] = []
    for section in range(1, n + 1):
        for level in (1, 2):
            number = f"{section}. " if level == 1 else f"{section}.{1} "
            title = (number if is_numbered else "") + writer.heading()
            blocks.append(Heading(level, title))
            story.append(Flowing(title, styles.levels[level - 1]))
            for _ in range(writer.chance.choice([1, 2])):
                text = writer.paragraph()
                blocks.append(Paragraph(text))
                story.append(Flowing(text, styles.body))
    return story


def _built(story: Sequence[Flowable], n_columns: int = 1, turned: int = 0) -> bytes:
    width, height = (_HEIGHT, _WIDTH) if turned in {90, 270} else (_WIDTH, _HEIGHT)
    gap = 18
    column = (_WIDTH - 120 - gap * (n_columns - 1)) / n_columns
    frames = [Frame(60 + n * (column + gap), 60, column, _HEIGHT - 120, 0, 0, 0, 0) for n in range(n_columns)]
    out = io.BytesIO()
    template = PageTemplate(frames=frames, onPage=partial(_turn, turned), pagesize=(width, height))
    BaseDocTemplate(out, pagesize=(width, height), pageTemplates=[template]).build(list(story))
    return out.getvalue()


def _turn(degrees: int, canvas: Canvas, _: object) -> None:
    """The page as it is seen is the same for each."""
    canvas.setPageRotation(degrees)
    if degrees == 90:
        canvas.translate(_HEIGHT, 0)
        canvas.rotate(90)
    elif degrees == 180:
        canvas.translate(_WIDTH, _HEIGHT)
        canvas.rotate(180)
    elif degrees == 270:
        canvas.translate(0, _WIDTH)
        canvas.rotate(-90)


def _text(
    writer: Writer,
    blocks: list[Block],
    *,
    ratio: float = 1.35,
    is_numbered: bool = False,
    n_columns: int = 1,
    turned: int = 0,
) -> bytes:
    styles = _Styles(writer, ratio=ratio)
    return _built(_sections(writer, blocks, styles, 5, is_numbered=is_numbered), n_columns, turned)


def _row_by_row(writer: Writer, blocks: list[Block]) -> bytes:
    """Two columns whose lines are written left, right, left, right."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    size = writer.chance.choice([9, 10, 11])
    width = (_WIDTH - 120 - 2 * size) / 2
    title = writer.heading(5)
    blocks.append(Heading(1, title))
    canvas.setFont("Helvetica-Bold", 1.6 * size)
    canvas.drawString(60, _HEIGHT - 80, title)
    canvas.setFont("Helvetica", size)
    columns = [writer.paragraph(writer.chance.choice([5, 7, 9])) for _ in range(2)]
    blocks.extend(map(Paragraph, columns))
    wrapped = [_wrapped(text, size, width) for text in columns]
    for n in range(max(map(len, wrapped))):
        for column, lines in enumerate(wrapped):
            if n < len(lines):
                canvas.drawString(60 + column * (width + 2 * size), _HEIGHT - 120 - 1.25 * size * n, lines[n])
    canvas.save()
    return out.getvalue()


def _wrapped(text: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if stringWidth(longer, "Helvetica", size) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _tables(
    writer: Writer,
    blocks: list[Block],
    *,
    style: TableStyle,
    n_rows: tuple[int, ...] = (4, 8, 14),
    repeat: int = 1,
    wraps: bool = False,
) -> bytes:
    styles = _Styles(writer)
    story: list[Flowable] = []
    for _ in range(2):
        before, after = writer.paragraph(2), writer.paragraph(2)
        rows = writer.table(writer.chance.choice(n_rows), writer.chance.choice([3, 4] if wraps else [3, 4, 5, 6]))
        if wraps:
            for row in rows[1:]:
                row[-1] = writer.sentence()
        blocks += [Paragraph(before), Table(rows), Paragraph(after)]
        story += [
            Flowing(before, styles.body),
            _drawn(rows, styles, style, repeat, wraps=wraps),
            Spacer(1, 12),
            Flowing(after, styles.body),
        ]
    return _built(story)


def _drawn(rows: list[list[str]], styles: _Styles, style: TableStyle, repeat: int, *, wraps: bool) -> Drawn:
    font = TableStyle(
        [
            ("FONT", (0, 0), (-1, 0), styles.bold, styles.body.fontSize),
            ("FONT", (0, 1), (-1, -1), styles.body.fontName, styles.body.fontSize),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    cells: list[list[object]] = [list(row) for row in rows]
    if wraps:
        for row in cells[1:]:
            row[-1] = Flowing(str(row[-1]), ParagraphStyle("cell", parent=styles.body, spaceAfter=0))
    widths = [*([None] * (len(rows[0]) - 1)), 170] if wraps else None
    drawn = Drawn(cells, colWidths=widths, repeatRows=repeat)
    drawn.setStyle(font)
    drawn.setStyle(style)
    return drawn


def _form(writer: Writer, blocks: list[Block]) -> bytes:
    """Labels with values filled in, which stand in the file behind everything else."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Helvetica", 11)
    for n in range(8):
        label, value = f"{writer.heading(2)}:", writer.heading(3)
        y = 740 - 34 * n
        canvas.drawString(60, y, label)
        canvas.acroForm.textfield(name=f"f{n}", value=value, x=220, y=y - 6, width=240, height=20, fontSize=10)
        blocks.append(Paragraph(f"{label} {value}"))
    canvas.save()
    return out.getvalue()


_KINDS: dict[str, Callable[[Writer, list[Block]], bytes]] = {
    "headings larger": _text,
    "headings a little larger, numbered": partial(_text, ratio=1.15, is_numbered=True),
    "headings bold only": partial(_text, ratio=1.0),
    "headings bold only, numbered": partial(_text, ratio=1.0, is_numbered=True),
    "two columns": partial(_text, n_columns=2),
    "three columns": partial(_text, n_columns=3),
    "two columns written row by row": _row_by_row,
    "turned by 90": partial(_text, turned=90),
    "turned by 180": partial(_text, turned=180),
    "turned by 270, two columns": partial(_text, turned=270, n_columns=2),
    "tables ruled": partial(_tables, style=_RULED),
    "tables ruled, cells of several lines": partial(_tables, style=_RULED, wraps=True),
    "tables ruled, over pages": partial(_tables, style=_RULED, n_rows=(70, 90)),
    "tables ruled, over pages, header once": partial(_tables, style=_RULED, n_rows=(70, 90), repeat=0),
    "tables with lines between rows": partial(_tables, style=_ROW_LINES),
    "tables with three lines": partial(_tables, style=_BOOK),
    "tables shaded": partial(_tables, style=_SHADED),
    "tables without lines": partial(_tables, style=_BARE),
    "tables without lines, cells of several lines": partial(_tables, style=_BARE, wraps=True),
    "tables without lines, over pages": partial(_tables, style=_BARE, n_rows=(70, 90)),
    "forms": _form,
}

LEAST = {kind: _NO_LINES for kind in _KINDS if "without lines" in kind}
