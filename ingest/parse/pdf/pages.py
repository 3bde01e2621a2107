"""PDF by way of PDFium, a page at a time. PDFium is not thread-safe: one process a worker."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.about.pdf_xmp import about_pdf
from ingest.parse.blocks import CAPTION, PASSAGE_CHARS
from ingest.parse.clean import one_line, windows
from ingest.parse.elements import DocumentInfo, Element, ImageElement, TextElement, Warned
from ingest.parse.passed_over import PassedOver
from ingest.parse.pdf.added.attachments import Attachment, attachments
from ingest.parse.pdf.draw import draw, encode
from ingest.parse.pdf.figures import BACKGROUND_SHARE, describe, drawings, is_decoration, merge_slices
from ingest.parse.pdf.layout import Paragraph, paragraphs
from ingest.parse.pdf.metadata import metadata_of, title_of
from ingest.parse.pdf.objects import Figure
from ingest.parse.pdf.page import Page, load_page
from ingest.parse.pdf.sections import Path, Sections
from ingest.parse.pdf.tables.ruled import Table
from ingest.parse.pdf.words.joining import Vocabulary
from ingest.parse.pictures import Picture, texts_of
from rag.errors import DocumentError


class Attached(Protocol):
    """Reads what a document carries, by the same parsers."""

    def read(self, data: bytes, name: str) -> Iterator[Element]: ...


_AHEAD = 2
"""Pages that are read before the one that is given: they say what the text's type is and which words there are."""
_MAX_BROKEN_PAGES = 50
_MAX_FIGURES = 50
_RUNNING_CHARS = 80
_PAGE_DPI = 200
_SCAN_SHARE = 0.4
_SCAN_LETTERS = 16
"""A page with fewer letters under a big picture is a scan with a page number."""
_COVER_LETTERS = 400
"""A page-wide picture with fewer letters on it is a cover or a slide; with more it is a background or a read scan."""
_XFA = frozenset({pdfium_c.FORMTYPE_XFA_FULL, pdfium_c.FORMTYPE_XFA_FOREGROUND})

logging.getLogger("pypdfium2").setLevel(logging.CRITICAL)  # it would speak on stderr, which is read as JSON


def parse_pdf(data: bytes, attached: Attached | None = None) -> Iterator[Element]:
    """Text, tables and figures of each page; pages without a usable text layer as pictures; attached files.

    Args:
        data: the whole file.
        attached: reads the files that it carries; without it they are counted.

    Raises:
        DocumentError: encrypted, or broken beyond PDFium's repair.
    """
    pdf = _open(data)
    try:
        yield from _Reader(pdf, attached, about_pdf(data)).run()
    finally:
        pdf.close()


def _open(data: bytes) -> Any:
    try:
        pdf = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code in {pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY}:
            raise DocumentError(
                "the PDF is encrypted and asks for a password: make a copy without one, "
                "for example with 'qpdf --decrypt --password=PASSWORD in.pdf out.pdf'"
            ) from None
        raise DocumentError("the PDF is broken and cannot be repaired: export or download it again") from error
    try:
        pdf.init_forms()  # before its first page is loaded, or its fields are never seen
    except pdfium.PdfiumError:
        pdf.formenv = None  # a broken form costs the form
    return pdf


class _Reader:
    def __init__(self, pdf: Any, attached: Attached | None, about: Mapping[str, Any]) -> None:
        self._pdf = pdf
        self._about = about
        self._attachments = attached
        self._sections = Sections(pdf)
        self._vocabulary = Vocabulary()
        self._seen: set[str] = set()
        self._passed_over = PassedOver()
        self._last: Page | None = None
        self._last_table: Table | None = None
        self._bare: list[Path] = []

    def run(self) -> Iterator[Element]:
        n_pages = len(self._pdf)
        yield DocumentInfo(title_of(self._pdf), n_pages, {**self._about, **metadata_of(self._pdf)})
        if self._pdf.get_formtype() in _XFA:
            yield Warned(
                "part_unread",
                "the form's content is in XFA, which only Adobe's programs show: what it holds beside the pages is not "
                "read; print it to a PDF there",
            )
        n_broken = 0
        for number, page in self._pages(n_pages):
            try:
                if isinstance(page, Exception):
                    raise page
                yield from self._page(page)
                n_broken = 0
            except Exception as error:  # noqa: BLE001 - one page's fault costs that page
                yield Warned(
                    "part_broken", f"page {number} cannot be read: {one_line(str(error)) or type(error).__name__}"
                )
                n_broken += 1
            if n_broken >= _MAX_BROKEN_PAGES:
                stopped = f"{n_broken} pages in a row cannot be read: stopped at page {number} of {n_pages}"
                yield Warned("part_broken", stopped, n_pages - number)
                break
        yield from self._bare_headings(())
        for file in attachments(self._pdf):
            yield from self._attached(file)
        yield from self._passed_over.warnings()

    def _pages(self, n_pages: int) -> Iterator[tuple[int, Page | Exception]]:
        """Each page or what it failed with, closed when the next is asked for."""
        self._waiting: deque[tuple[int, Page | Exception]] = deque()
        for index in range(n_pages + _AHEAD):
            if index < n_pages:
                self._waiting.append((index + 1, self._load(index)))
            if index >= _AHEAD and self._waiting:
                number, page = self._waiting.popleft()
                try:
                    yield number, page
                finally:
                    if isinstance(page, Page):
                        page.close()

    def _load(self, index: int) -> Page | Exception:
        try:
            page = load_page(self._pdf, index)
        except Exception as error:  # noqa: BLE001 - told when its turn comes
            return error
        self._vocabulary.learn(page.lines)
        self._sections.learn(page)
        return page

    def _page(self, page: Page) -> Iterator[Element]:
        if page.is_garbage:
            self._passed_over.count("remark", "pages whose text layer is unreadable, read as pictures")
        for kind in page.notes.passed_over:
            self._passed_over.add(kind)
        parts = paragraphs(page.items, self._vocabulary)
        waiting = [other for _, other in self._waiting if isinstance(other, Page)]
        neighbours = [other for other in (self._last, *waiting[:1]) if other is not None]
        sections = self._sections.paths(page, parts, neighbours)
        self._last = page
        for paragraph, (path, is_heading) in zip(parts, sections, strict=True):
            yield from self._paragraph(page, paragraph, path, is_heading=is_heading)
        paths = [path for path, _ in sections]
        yield from self._comments(page, parts, paths)
        yield from self._pictures(page, parts, paths)
        for file in page.notes.attachments:
            yield from self._attached(file)

    def _paragraph(self, page: Page, paragraph: Paragraph, path: Path, *, is_heading: bool) -> Iterator[Element]:
        yield from self._bare_headings(path)
        if is_heading:
            self._last_table = None
            self._bare.append(path)
            return
        self._bare.clear()
        texts = [paragraph.text]
        if paragraph.table:
            table, before = paragraph.table, self._last_table
            table = table.headed(before.rows[0]) if before and table.continues(before) else table
            self._last_table = table
            texts = table.parts()
        elif not _is_page_number(paragraph):
            self._last_table = None
        for text in texts:
            for part in windows(text, PASSAGE_CHARS):
                yield TextElement(part, path, page.number)

    def _bare_headings(self, path: Path) -> Iterator[Element]:
        """Headings that end before anything stood under them: they stay as text."""
        while self._bare and path[: len(self._bare[-1])] != self._bare[-1]:
            *outer, last = self._bare.pop()
            yield TextElement(last, tuple(outer), self._last.number if self._last else None)

    def _comments(self, page: Page, parts: list[Paragraph], paths: list[Path]) -> Iterator[Element]:
        for comment, quoted in page.comments:
            y = comment.box.turned(page.degrees).middle_y
            nearest = min(range(len(parts)), key=lambda n: abs(parts[n].box.middle_y - y), default=None)
            path = self._sections.current if nearest is None else paths[nearest]
            yield TextElement(comment.sentence(quoted), path, page.number)

    def _attached(self, file: Attachment) -> Iterator[Element]:
        if file.data is None:
            yield Warned(
                "attachment_unread", f"attached file '{file.name}' left out: it is empty, broken or over 200 MB"
            )
        elif self._attachments is None:
            self._passed_over.add("attached files", code="attachment_unread")
        else:
            yield from self._attachments.read(file.data, file.name)

    def _pictures(self, page: Page, parts: list[Paragraph], paths: list[Path]) -> Iterator[Element]:
        big = [p for p in page.objects.pictures if p.box.area > _SCAN_SHARE * page.visible.area]
        backgrounds = [p for p in big if p.box.area > BACKGROUND_SHARE * page.visible.area]
        if page.n_letters == 0 or (big and page.n_letters < _SCAN_LETTERS):
            yield from self._whole_page(page, parts, is_page=True)
        elif backgrounds and page.n_letters < _COVER_LETTERS and self._is_new(backgrounds[0]):
            yield from self._whole_page(page, parts, is_page=False)
        else:
            if backgrounds:
                self._passed_over.count(
                    "picture_trivial", "page-wide pictures under text left out (backgrounds, scans with a text layer)"
                )
            yield from self._figures(page, parts, paths)

    def _whole_page(self, page: Page, parts: list[Paragraph], *, is_page: bool) -> Iterator[Element]:
        image = draw(page.handle, page.in_file(page.visible), _PAGE_DPI / 72)
        if image is None:
            self._passed_over.count("picture_trivial", "blank pages")
            return
        words = Picture("", context="\n".join(paragraph.text for paragraph in parts))
        path, name = self._sections.current, f"page {page.number}"
        yield ImageElement(encode(image), name, texts_of(words), path, page.number, is_page=is_page)

    def _figures(self, page: Page, parts: list[Paragraph], paths: list[Path]) -> Iterator[Element]:
        figures = list(self._wanted(page))
        claimed = [caption for figure in figures if (caption := describe(figure, parts)[1])]
        free = [p for p in parts if CAPTION.match(p.text) and p not in claimed]
        figures += drawings(page.objects.paths, free, [line.box for line in page.lines], page.visible)
        if len(figures) > _MAX_FIGURES:
            n_over = len(figures) - _MAX_FIGURES
            self._passed_over.count("over_limit", "figures left out, over 50 on a page", n_over)
        for n, figure in enumerate(figures[:_MAX_FIGURES], start=1):
            image = draw(page.handle, page.in_file(figure.box), figure.scale)
            if image is None:
                self._passed_over.count("picture_trivial", "blank figures left out")
                continue
            words, nearest = describe(figure, parts)
            path = paths[parts.index(nearest)] if nearest else self._sections.current
            self._bare.clear()
            yield ImageElement(encode(image), f"page {page.number} figure {n}", texts_of(words), path, page.number)

    def _wanted(self, page: Page) -> Iterator[Figure]:
        self._passed_over.count("over_limit", "pictures left out, over 300 on a page", page.objects.n_unseen)
        smaller = (p for p in page.objects.pictures if p.box.area <= BACKGROUND_SHARE * page.visible.area)
        for figure in merge_slices(smaller):
            if is_decoration(figure):
                self._passed_over.count("picture_trivial", "tiny pictures left out (icons, rules)")
            elif not self._is_new(figure):
                self._passed_over.count("picture_trivial", "repetitions of pictures left out (logos)")
            else:
                yield figure

    def _is_new(self, figure: Figure) -> bool:
        if not figure.digest:
            return True
        is_new = figure.digest not in self._seen
        self._seen.add(figure.digest)
        return is_new


def _is_page_number(paragraph: Paragraph) -> bool:
    """Or a running title: what may stand between two halves of a table."""
    return paragraph.n_lines == 1 and len(paragraph.text) <= _RUNNING_CHARS
