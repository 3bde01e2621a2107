"""OpenDocument and Rich Text."""

from __future__ import annotations

import io
import zipfile

import pytest

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png

_NAMES = {"office": "office", "text": "text", "table": "table", "draw": "drawing", "style": "style", "meta": "meta"}
_NAMES |= {"presentation": "presentation"}
ODF = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{word}:1.0"' for name, word in _NAMES.items())
ODF += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
ODF += ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'


def opendocument(kind: str, body: str, *, styles: str = "", head: str = "", **parts: bytes) -> bytes:
    """A document; `head` are automatic styles, `styles` what its styles hold, `parts` pictures by their names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        inner = f"<office:automatic-styles>{head}</office:automatic-styles>"
        inner += f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
        package.writestr("content.xml", f"<office:document-content {ODF}>{inner}</office:document-content>")
        package.writestr("styles.xml", f"<office:document-styles {ODF}>{styles}</office:document-styles>")
        for name, data in parts.items():
            package.writestr(f"Pictures/{name}.png", data)
    return out.getvalue()


def test_a_text_keeps_headings_lists_notes_and_comments(read: Read) -> None:
    body = (
        '<text:h text:outline-level="1">Weir</text:h><text:h text:outline-level="2">Gates</text:h>'
        "<text:p>Oak<text:s/>and<text:line-break/>iron.<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Since 1911.</text:p></text:note-body></text:note>"
        "<office:annotation><dc:creator>rv</dc:creator><text:p>Ask.</text:p></office:annotation></text:p>"
        "<text:list><text:list-item><text:p>one</text:p><text:list><text:list-item><text:p>two</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
    )
    header = "<style:header><text:p>QX-7731 page <text:page-number>3</text:page-number></text:p></style:header>"
    found = read(opendocument("text", body, styles=header), "a.odt")
    assert found.sections == [
        ((), "Header: QX-7731 page"),
        (("Weir", "Gates"), "Oak and\niron."),
        (("Weir", "Gates"), "Note: Since 1911."),
        (("Weir", "Gates"), "Comment (rv): Ask."),
        (("Weir", "Gates"), "- one\n  - two"),
    ]


def test_pictures_of_a_text_come_with_their_captions(read: Read) -> None:
    frame = '<draw:frame><svg:desc>a lamp</svg:desc><draw:image xlink:href="Pictures/p.png"/></draw:frame>'
    boxed = f"<draw:frame><draw:text-box><text:p>{frame}The lamp at Fal</text:p></draw:text-box></draw:frame>"
    found = read(opendocument("text", f"<text:p>{boxed}</text:p>", p=png().getvalue()), "a.odt")
    assert found.words("caption") == ["The lamp at Fal"]
    assert found.words("alt") == ["a lamp"]


def test_a_sheet_shows_what_it_showed_and_counts_formulas_without_a_value(read: Read) -> None:
    cell = "<table:table-cell{}>{}</table:table-cell>"
    label = cell.format(' table:number-rows-spanned="2"', "<text:p>Marlow</text:p>")
    covered = "<table:covered-table-cell/>"
    rows = [
        cell.format("", "<text:p>Depot</text:p>") + cell.format("", "<text:p>Code</text:p>"),
        label + cell.format(' office:value-type="float" office:value="42"', "<text:p>0042</text:p>"),
        covered + cell.format(' table:formula="of:=[.B2]*2"', ""),
    ]
    empty = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows) + empty
    body = f'<table:table table:name="Stock" table:style-name="h">{table}</table:table>'
    hidden = '<style:style style:name="h"><style:table-properties table:display="false"/></style:style>'
    found = read(opendocument("spreadsheet", body, head=hidden), "a.ods")
    rows_shown = "| Depot | Code |\n| --- | --- |\n| Marlow | 0042 |\n| Marlow | =[.B2]*2 |"
    assert found.sections == [(("Stock",), rows_shown)]
    assert [warning.partition(" (")[0] for warning in found.warnings] == [
        "passed over, formulas without a saved value",
        "1 hidden sheets are read, too",
    ]


def test_equal_rows_claimed_by_a_number_do_not_grow_without_end(read: Read) -> None:
    cells = '<table:table-cell table:number-columns-repeated="900000"><text:p>x</text:p></table:table-cell>'
    body = f'<table:table><table:table-row table:number-rows-repeated="900000">{cells}</table:table-row></table:table>'
    found = read(opendocument("spreadsheet", body), "a.ods")
    assert sum(map(len, found.texts)) < 2_000_000
    assert "equal rows beyond a hundred" in found.warnings[0]


def test_slides_are_pages_with_notes_and_hidden_ones_are_said(read: Read) -> None:
    def frame(kind: str, text: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{kind}">{box}</draw:frame>'

    notes = f"<presentation:notes>{frame('notes', 'say it slowly')}</presentation:notes>"
    body = f'<draw:page draw:style-name="h">{frame("title", "Locks")}{frame("outline", "Open it.")}{notes}</draw:page>'
    hidden = (
        '<style:style style:name="h"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    )
    found = read(opendocument("presentation", body, head=hidden), "a.odp")
    assert found.sections == [(("Locks",), "Open it."), (("Locks",), "Speaker notes: say it slowly")]
    assert found.warnings == ["1 hidden slides are read, too"]


def test_a_document_with_a_password_says_so(read: Read) -> None:
    out = io.BytesIO(opendocument("text", ""))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    with pytest.raises(DocumentError, match="password"):
        read(out.getvalue(), "a.odt")


RTF = r"""{\rtf1\ansi\ansicpg1251\deff0{\fonttbl{\f0\fcharset204 Times;}{\f1\fcharset0 Arial;}}
{\stylesheet{\s1\outlinelevel0 heading 1;}{\s2 Title;}}{\info{\title The weir}{\author Ann}}
{\header\pard Document QX-7731, page {\field{\*\fldinst PAGE}{\fldrslt }}\par}
\pard\s1 Gates\par
\pard\plain\f0 \'cf\'f0\'e8\'e2\'e5\'f2, \u19990?\u30028?{\v hidden}.
{\footnote Since 1911.}{\*\atnauthor rv}{\*\annotation Ask.}\par
"""


def test_rich_text_keeps_headings_alphabets_notes_and_comments(read: Read) -> None:
    found = read(RTF + "}", "a.rtf")
    assert (found.info.title, found.info.metadata) == ("The weir", {"author": "Ann"})
    assert found.sections == [
        ((), "Header: Document QX-7731, page"),
        (("Gates",), "Привет, 世界."),
        (("Gates",), "Note: Since 1911."),
        (("Gates",), "Comment (rv): Ask."),
    ]


def test_cells_of_rich_text_stand_under_their_columns_by_their_edges(read: Read) -> None:
    def row(*cells: tuple[str, int, str]) -> str:
        return (
            r"\trowd"
            + "".join(rf"{flag}\cellx{edge}" for _, edge, flag in cells)
            + (r"\pard\intbl " + "".join(rf"{text}\cell " for text, _, _ in cells) + r"\row")
        )

    body = row(("Route", 1000, r"\clvmgf"), ("Adult", 3000, "")) + row(
        ("", 1000, r"\clvmrg"), ("single", 2000, ""), ("return", 3000, "")
    )
    body += row(("Harbour", 1000, r"\clvmgf"), ("4", 2000, ""), ("7", 3000, ""))
    body += row(("", 1000, r"\clvmrg"), ("5", 2000, ""), ("8", 3000, ""))
    (table,) = read(r"{\rtf1 " + body + "}", "a.rtf").texts
    assert table.split("\n")[0] == "| Route | Adult single | Adult return |"
    assert table.split("\n")[2:] == ["| Harbour | 4 | 7 |", "| Harbour | 5 | 8 |"]


def test_pictures_of_rich_text_are_read_and_metafiles_counted(read: Read) -> None:
    picture = png().getvalue().hex()
    found = read(r"{\rtf1 A lamp.\par{\pict\pngblip " + picture + r"}{\pict\emfblip 0102}\par}", "a.rtf")
    assert found.image.data == png().getvalue()
    assert found.warnings == ["passed over, pictures of a kind that is not read (EMF, WMF, DIB): 1"]
