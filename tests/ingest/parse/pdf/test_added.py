"""What was put onto a PDF's pages later, or into it beside them."""

from __future__ import annotations

import contextlib
import io
import random

from reportlab.pdfgen.canvas import Canvas

from ingest.parse import parse
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import Page, Pdf, stream, text


def form(*, turned: int = 0) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(400, 600))
    canvas.setPageRotation(turned)
    for y, label in ((500, "Name of vessel:"), (460, "Berth:"), (420, "Insured:"), (380, "Remarks:")):
        canvas.drawString(40, y, label)
    fields = canvas.acroForm
    fields.textfield(name="a", value="Corvina of Saltcote", x=160, y=496, width=180, height=18)
    fields.choice(name="b", value="inner basin", options=["quay", "inner basin"], x=160, y=456, width=180, height=18)
    fields.checkbox(name="c", checked=True, x=160, y=416, size=14)
    fields.textfield(name="d", value="", x=160, y=376, width=180, height=18)
    canvas.save()
    return out.getvalue()


def test_values_in_a_form_stand_beside_their_labels(read: Read) -> None:
    words = "\n".join(read(form(), "a.pdf").texts)
    assert words.split("\n")[:3] == ["Name of vessel: Corvina of Saltcote", "Berth: inner basin", "Insured: ☑"]


def test_a_form_without_fields_costs_nothing(read: Read) -> None:
    pdf = Pdf([Page(text(40, 500, "A contract."))], root=b"/AcroForm << /Fields [] >>")
    assert read(pdf.bytes(), "a.pdf").texts == ["A contract."]


def test_a_value_without_looks_is_read_from_its_field(read: Read) -> None:
    field = b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (Mergus) /Rect [160 496 340 514] /F 4 /P 5 0 R >>"
    page = Page(text(40, 500, "Vessel:"), extra=b"/Annots [6 0 R] ")
    data = Pdf([page], raw_objects={"X": field}, root=b"/AcroForm << /Fields [4 0 R] >>").bytes()
    assert read(data.replace(b"/Annots [6 0 R]", b"/Annots [4 0 R]"), "a.pdf").texts == ["Vessel: Mergus"]


def test_a_password_stays_its_owners(read: Read) -> None:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /Ff 8192 /T (a) /V (tarred manila) /Rect [160 496 340 514] /F 4 >>"
    )
    page = Page(text(40, 500, "Password:"), extra=b"/Annots [4 0 R] ")
    pdf = Pdf([page], raw_objects={"X": field}, root=b"/AcroForm << /Fields [4 0 R] >>")
    assert "manila" not in " ".join(read(pdf.bytes(), "a.pdf").texts)


def test_xfa_is_said(read: Read) -> None:
    pdf = Pdf(
        [Page(text(40, 500, "Please wait"))],
        raw_objects={"X": stream(b"", b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")},
        root=b"/AcroForm << /Fields [] /XFA 4 0 R >>",
    )
    (warning,) = read(pdf.bytes(), "a.pdf").warnings
    assert "XFA" in warning


def test_typed_text_is_page_text_and_comments_are_text_of_their_page(read: Read) -> None:
    notes = (
        b"/Annots [<< /Type /Annot /Subtype /FreeText /Rect [160 496 380 514] /Contents (Skipper Halvorsen)"
        b" /DA (/Helv 10 Tf) /F 4 >>"
        b"<< /Type /Annot /Subtype /Text /Rect [380 560 395 575] /Contents (Ask for manila.) /T (Ines) /F 4 >>"
        b"<< /Type /Annot /Subtype /Highlight /Rect [40 456 140 470] /QuadPoints [40 470 140 470 40 456 140 456]"
        b" /Contents (Not 304.) /F 4 >>"
        b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (hidden) /F 2 >>"
        b"<< /Type /Annot /Subtype /Sound /Rect [0 0 9 9] /F 4 >>] "
    )
    page = Page(text(40, 500, "Name of the skipper:") + text(40, 460, "Length of rope"), extra=notes)
    pdf = read(Pdf([page, Page(text(40, 500, "Second page."))]).bytes(), "a.pdf")
    first = "\n".join(element.text for element in pdf.elements if getattr(element, "page", None) == 1)  # type: ignore[union-attr]
    assert "Name of the skipper: Skipper Halvorsen" in first
    assert "Comment by Ines: Ask for manila." in first
    assert "Comment on “Length of rope”: Not 304." in first
    assert "hidden" not in first
    assert pdf.warnings == ["passed over, sounds on pages: 1"]


def test_an_attached_file_is_read_under_its_name(read: Read) -> None:
    file = stream(b"/Type /EmbeddedFile", b"The splice failed at 3.2 tonnes.")
    spec = b"<< /Type /Filespec /F (splice.txt) /UF (splice.txt) /EF << /F 4 0 R >> >>"
    root = b"/Names << /EmbeddedFiles << /Names [(splice.txt) 5 0 R] >> >>"
    pdf = Pdf([Page(text(40, 500, "See the attachment."))], raw_objects={"A": file, "B": spec}, root=root)
    assert (("Attachment: splice.txt",), "The splice failed at 3.2 tonnes.") in read(pdf.bytes(), "a.pdf").sections


def test_who_wrote_it_and_when_is_given_with_the_zone(read: Read) -> None:
    from ingest.parse.pdf.metadata import iso_date

    assert iso_date("D:20140124140927-05'00'") == "2014-01-24T14:09:27-05:00"
    assert iso_date("D:20140124") == "2014-01-24"
    assert iso_date("D:2014") == "2014"
    assert iso_date("D:20141324") == iso_date("last spring") == ""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor("Nell Abney")
    canvas.drawString(50, 500, "words")
    canvas.save()
    info = read(out.getvalue(), "a.pdf").info
    assert info.metadata["author"] == "Nell Abney"
    assert info.metadata["created"].startswith("20")
    assert info.title == ""


def test_damaged_forms_are_read_or_refused() -> None:
    whole = form()
    chance = random.Random(11)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 5, 30])):
            data[chance.randrange(20, len(data))] = chance.randrange(256)
        cut = chance.choice([len(data), chance.randrange(20, len(data))])
        with contextlib.suppress(DocumentError):
            assert list(parse(bytes(data[:cut]), "a.pdf", resolve=lambda ref: None))
