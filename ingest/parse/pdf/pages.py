"""PDF by way of PDFium, a page at a time. PDFium is not thread-safe: one process a worker."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.blocks import CAPTION, PASSAGE_CHARS
from ingest.parse.clean import one_line, windows
from ingest.parse.elements import DocumentInfo, Element, ImageElement, TextElement, Warned
from ingest.parse.pdf.draw import draw, encode
from ingest.parse.pdf.figures import BACKGROUND_SHARE, describe, drawings, is_decoration, merge_slices
from ingest.parse.pdf.layout import Box, Line, Paragraph, in_reading_order, is_disordered, page_lines, paragraphs
from ingest.parse.pdf.objects import Figure, PageObjects, page_objects
from ingest.parse.pdf.outline import Outline
from ingest.parse.pictures import Picture, texts_of
from rag.errors import DocumentError

_MAX_SIDE_PT = 14_400.0  # PDF's own limit, 200 inches
_MAX_BROKEN_PAGES = 50
_MAX_FIGURES = 50
_PAGE_DPI = 200
_SCAN_SHARE = 0.4
_SCAN_LETTERS = 16
"""A page with fewer letters under a big picture is a scan with a page number."""
_COVER_LETTERS = 400
"""A page-wide picture with fewer letters on it is a cover or a slide; with more it is a background or a read scan."""
_TITLE_NOISE = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel) - |untitled\W*\d*$|.*\.(?:docx?|dvi|tex|indd|pptx?)$)", re.I
)


def parse_pdf(data: bytes) -> Iterator[Element]:
    """Text and figures of each page; pages without a usable text layer as pictures.

    Raises:
        DocumentError: encrypted, or broken beyond PDFium's repair.
    """
    pdf = _open(data)
    try:
        yield from _Reader(pdf).run()
    finally:
        pdf.close()


def _open(data: bytes) -> Any:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}:
            raise DocumentError(
                "the PDF is encrypted and asks for a password: make a copy without one, "
                "for example with 'qpdf --decrypt --password=PASSWORD in.pdf out.pdf'"
            ) from None
        raise DocumentError("the PDF is broken and cannot be repaired: export or download it again") from error


@dataclass(frozen=True, slots=True)
class _Page:
    number: int
    handle: Any
    visible: Box
    lines: list[Line]
    paragraphs: list[Paragraph]
    objects: PageObjects

    @property
    def n_letters(self) -> int:
        return sum(len(line.text) - line.text.count(" ") for line in self.lines)


class _Reader:
    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._outline = Outline(pdf)
        self._seen: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def run(self) -> Iterator[Element]:
        n_pages = len(self._pdf)
        title = one_line(self._pdf.get_metadata_value("Title") or "")
        author = one_line(self._pdf.get_metadata_value("Author") or "")
        title = "" if _TITLE_NOISE.match(title) else title
        yield DocumentInfo(title, n_pages, {"author": author} if author else {})
        n_broken = 0
        for index in range(n_pages):
            try:
                yield from self._page(index)
                n_broken = 0
            except (pdfium.PdfiumError, ValueError, OverflowError, MemoryError) as error:
                yield Warned(f"page {index + 1} cannot be read: {one_line(str(error)) or type(error).__name__}")
                n_broken += 1
            if n_broken >= _MAX_BROKEN_PAGES:
                yield Warned(f"{n_broken} pages in a row cannot be read: stopped at page {index + 1} of {n_pages}")
                break
        for reason, count in self._left_out.items():
            yield Warned(f"{reason}: {count}")

    def _page(self, index: int) -> Iterator[Element]:
        handle = self._load(index)
        try:
            left, bottom, right, top = handle.get_bbox()
            visible = Box(left, bottom, right, top)
            if not (0 < visible.width <= _MAX_SIDE_PT and 0 < visible.height <= _MAX_SIDE_PT):
                raise ValueError(f"its size is {visible.width:.0f} x {visible.height:.0f} points")
            lines = self._lines(handle, visible)
            parts = paragraphs(lines)
            has_captions = any(CAPTION.match(paragraph.text) for paragraph in parts)
            objects = page_objects(handle, visible, with_paths=has_captions)
            page = _Page(index + 1, handle, visible, lines, parts, objects)
            yield from self._elements(page)
        finally:
            handle.close()

    def _load(self, index: int) -> Any:
        handle = self._pdf[index]
        if self._pdf.get_formtype() == pdfium_c.FORMTYPE_NONE:
            return handle
        # What was filled into a form is an annotation: flattening makes it text of the page.
        handle.flatten()
        handle.close()
        return self._pdf[index]

    def _lines(self, handle: Any, visible: Box) -> list[Line]:
        textpage = handle.get_textpage()
        try:
            lines = [line for line in page_lines(textpage) if line.box.grown(1).meets(visible)]
        finally:
            textpage.close()
        if _is_garbage("".join(line.text for line in lines[:200])):
            self._left_out["pages whose text layer is unreadable, read as pictures"] += 1
            return []
        return in_reading_order(lines) if is_disordered(lines) else lines

    def _elements(self, page: _Page) -> Iterator[Element]:
        paths = self._outline.paths(page.number, [paragraph.text for paragraph in page.paragraphs])
        for paragraph, path in zip(page.paragraphs, paths, strict=True):
            for part in windows(paragraph.text, PASSAGE_CHARS):
                yield TextElement(part, path, page.number)
        big = [p for p in page.objects.pictures if p.box.area > _SCAN_SHARE * page.visible.area]
        backgrounds = [p for p in big if p.box.area > BACKGROUND_SHARE * page.visible.area]
        if page.n_letters == 0 or (big and page.n_letters < _SCAN_LETTERS):
            yield from self._whole_page(page, is_page=True)
        elif backgrounds and page.n_letters < _COVER_LETTERS and self._is_new(backgrounds[0]):
            yield from self._whole_page(page, is_page=False)
        else:
            if backgrounds:
                self._left_out["page-wide pictures under text left out (backgrounds, scans with a text layer)"] += 1
            yield from self._figures(page, paths)

    def _whole_page(self, page: _Page, *, is_page: bool) -> Iterator[Element]:
        image = draw(page.handle, page.visible, _PAGE_DPI / 72)
        if image is None:
            self._left_out["blank pages"] += 1
            return
        words = Picture("", context="\n".join(paragraph.text for paragraph in page.paragraphs))
        path, name = self._outline.current, f"page {page.number}"
        yield ImageElement(encode(image), name, texts_of(words), path, page.number, is_page=is_page)

    def _figures(self, page: _Page, paths: list[tuple[str, ...]]) -> Iterator[Element]:
        figures = list(self._wanted(page))
        claimed = [caption for figure in figures if (caption := describe(figure, page.paragraphs)[1])]
        free = [p for p in page.paragraphs if CAPTION.match(p.text) and p not in claimed]
        figures += drawings(page.objects.paths, free, [line.box for line in page.lines], page.visible)
        if len(figures) > _MAX_FIGURES:
            self._left_out["figures left out, over 50 on a page"] += len(figures) - _MAX_FIGURES
        for n, figure in enumerate(figures[:_MAX_FIGURES], start=1):
            image = draw(page.handle, figure.box, figure.scale)
            if image is None:
                self._left_out["blank figures left out"] += 1
                continue
            words, nearest = describe(figure, page.paragraphs)
            path = paths[page.paragraphs.index(nearest)] if nearest else self._outline.current
            yield ImageElement(encode(image), f"page {page.number} figure {n}", texts_of(words), path, page.number)

    def _wanted(self, page: _Page) -> Iterator[Figure]:
        if page.objects.n_unseen:
            self._left_out["pictures left out, over 300 on a page"] += page.objects.n_unseen
        smaller = (p for p in page.objects.pictures if p.box.area <= BACKGROUND_SHARE * page.visible.area)
        for figure in merge_slices(smaller):
            if is_decoration(figure):
                self._left_out["tiny pictures left out (icons, rules)"] += 1
            elif not self._is_new(figure):
                self._left_out["repetitions of pictures left out (logos)"] += 1
            else:
                yield figure

    def _is_new(self, figure: Figure) -> bool:
        if not figure.digest:
            return True
        is_new = figure.digest not in self._seen
        self._seen.add(figure.digest)
        return is_new


def _is_garbage(text: str) -> bool:
    """Over a third of the letters have no meaning: the fonts lack their Unicode tables."""
    letters = [c for c in text if not c.isspace()]
    bad = sum(1 for c in letters if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or c < " " or "\x7f" <= c < "\xa0")
    return bad * 3 > len(letters)
