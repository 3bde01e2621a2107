"""What was put on a PDF's pages later: values in forms, typed text, stamps, notes, highlights, attached files."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium_c

from ingest.parse.clean import one_line, shorten
from ingest.parse.pdf.added.attachments import Attachment, attachment
from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.words.lines import Line, Word

_MAX_ANNOTATIONS = 2_000
_QUOTE_CHARS = 200
_LINE_PT = 12.0
_ON_THE_PAGE = frozenset(
    {
        pdfium_c.FPDF_ANNOT_WIDGET,
        pdfium_c.FPDF_ANNOT_FREETEXT,
        pdfium_c.FPDF_ANNOT_STAMP,
        pdfium_c.FPDF_ANNOT_WATERMARK,
        pdfium_c.FPDF_ANNOT_LINE,
    }
)
"""Their looks are part of the page, on the screen and on paper."""
_QUOTING = frozenset(
    {
        pdfium_c.FPDF_ANNOT_HIGHLIGHT,
        pdfium_c.FPDF_ANNOT_UNDERLINE,
        pdfium_c.FPDF_ANNOT_SQUIGGLY,
        pdfium_c.FPDF_ANNOT_STRIKEOUT,
    }
)
_SILENT = {
    pdfium_c.FPDF_ANNOT_SOUND: "sounds on pages",
    pdfium_c.FPDF_ANNOT_MOVIE: "films on pages",
    pdfium_c.FPDF_ANNOT_SCREEN: "media on pages",
    pdfium_c.FPDF_ANNOT_RICHMEDIA: "media on pages",
    pdfium_c.FPDF_ANNOT_THREED: "3D models on pages",
}
_HIDDEN = pdfium_c.FPDF_ANNOT_FLAG_HIDDEN | pdfium_c.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13
_VALUES = frozenset(
    {pdfium_c.FPDF_FORMFIELD_TEXTFIELD, pdfium_c.FPDF_FORMFIELD_COMBOBOX, pdfium_c.FPDF_FORMFIELD_LISTBOX}
)
_CHECKS = frozenset({pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON})
_CHECKED = "☑"


@dataclass(frozen=True, slots=True)
class Comment:
    """Somebody's words about a place of the page. `quoted` where they are about its words."""

    text: str
    author: str
    box: Box
    is_quoting: bool = False

    def sentence(self, quoted: str) -> str:
        said = f"Comment by {self.author}" if self.author else "Comment"
        about = f" on “{shorten(quoted, _QUOTE_CHARS)}”" if quoted else ""
        return f"{said}{about}: {self.text}"


@dataclass(slots=True)
class Annotations:
    """What the annotations of one page say.

    Attributes:
        is_flat: all of them can be left as they are.
        values: words that belong on the page, with their place; they may be drawn there already.
        passed_over: kinds that are not read.
    """

    is_flat: bool = True
    values: list[tuple[str, Box]] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)


def read_annotations(page: Any, form: Any) -> Annotations:
    """Those of a `pypdfium2.PdfPage`; `form` is its document's form environment or None."""
    found = Annotations()
    n_annotations = pdfium_c.FPDFPage_GetAnnotCount(page)
    if n_annotations > _MAX_ANNOTATIONS:
        found.passed_over += ["annotations, over 2,000 on a page"] * (n_annotations - _MAX_ANNOTATIONS)
    for index in range(min(n_annotations, _MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            _read(found, annotation, form)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)
    return found


def flatten(page: Any) -> bool:
    """Makes the looks of annotations part of the page, which has to be loaded again; False where that failed."""
    return bool(pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) != pdfium_c.FLATTEN_FAIL)


def undrawn(values: Sequence[tuple[str, Box]], textpage: Any, degrees: int) -> Iterator[Line]:
    """Lines for the values that the page itself does not show in their place."""
    for text, box in values:
        if words_in(textpage, box):
            continue
        yield from _lines(text, box.turned(degrees))


def words_in(textpage: Any, box: Box) -> str:
    """The words of a page within a box, in page coordinates."""
    return one_line(textpage.get_text_bounded(*box))


def _read(found: Annotations, annotation: Any, form: Any) -> None:
    kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
    if pdfium_c.FPDFAnnot_GetFlags(annotation) & _HIDDEN or kind in {
        pdfium_c.FPDF_ANNOT_LINK,
        pdfium_c.FPDF_ANNOT_POPUP,
    }:
        return
    box = _box(annotation)
    found.is_flat = found.is_flat and kind not in _ON_THE_PAGE
    if kind in _SILENT:
        found.passed_over.append(_SILENT[kind])
    elif kind == pdfium_c.FPDF_ANNOT_WIDGET:
        if form and (value := _value(annotation, form)):
            found.values.append((value, box))
        return
    elif kind == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
        file = attachment(pdfium_c.FPDFAnnot_GetFileAttachment(annotation))
        found.attachments += [file] if file else []
    text = one_line(_string(annotation, b"Contents"))
    if text and kind == pdfium_c.FPDF_ANNOT_FREETEXT:
        found.values.append((text, box))
    elif text:
        author = one_line(_string(annotation, b"T"))
        found.comments.append(Comment(text, author, box, kind in _QUOTING))


def _value(annotation: Any, form: Any) -> str:
    """What is filled into a field; a password stays its owner's."""
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form, annotation)
    if kind in _CHECKS:
        return _CHECKED if pdfium_c.FPDFAnnot_IsChecked(form, annotation) else ""
    if kind not in _VALUES or pdfium_c.FPDFAnnot_GetFormFieldFlags(form, annotation) & _PASSWORD:
        return ""
    n_bytes = pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, None, 0)
    buffer = ctypes.create_string_buffer(n_bytes + 2)
    as_units = ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR))
    pdfium_c.FPDFAnnot_GetFormFieldValue(form, annotation, as_units, n_bytes)
    return _decoded(buffer.raw)


def _string(annotation: Any, key: bytes) -> str:
    n_bytes = pdfium_c.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    buffer = ctypes.create_string_buffer(n_bytes + 2)
    as_units = ctypes.cast(buffer, ctypes.POINTER(pdfium_c.FPDF_WCHAR))
    pdfium_c.FPDFAnnot_GetStringValue(annotation, key, as_units, n_bytes)
    return _decoded(buffer.raw)


def _decoded(utf16: bytes) -> str:
    return utf16.decode("utf-16-le", "replace").partition("\0")[0]


def _box(annotation: Any) -> Box:
    rect = pdfium_c.FS_RECTF()
    if not pdfium_c.FPDFAnnot_GetRect(annotation, rect):
        return Box(0, 0, 0, 0)
    left, right = sorted((rect.left, rect.right))
    bottom, top = sorted((rect.bottom, rect.top))
    return Box(left, bottom, right, top)


def _lines(text: str, box: Box) -> Iterator[Line]:
    """A value as one line, or its lines from the top of a higher box."""
    lines = [line.strip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    middle = box.middle_y if len(lines) == 1 and box.height < 2.5 * _LINE_PT else box.top - _LINE_PT * 0.6
    for n, line in enumerate(lines):
        y = middle - n * _LINE_PT
        tokens = line.split()
        width = max(box.width, 1.0) / max(len(line), 1)
        width = min(width, 0.5 * _LINE_PT)
        words, x = [], box.left
        for token in tokens:
            words.append(Word(token, x, x + width * len(token)))
            x += width * (len(token) + 1)
        band = Box(box.left, y - _LINE_PT / 3, words[-1].right, y + _LINE_PT / 3)
        yield Line(" ".join(tokens), band, size=0.8 * _LINE_PT, words=tuple(words))
