"""Documents to elements: one format a file, each a generator that holds no more than a page or a paragraph.

Parsers run in worker processes that can be killed: pypdfium2 is not thread-safe, and hostile input may hang or crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest.parse.clean import clean_text, one_line
from ingest.parse.detect import Format, detect, unsupported
from ingest.parse.elements import DocumentInfo, Element, ImageElement, OriginText, TextElement, Warned
from ingest.parse.pictures import Resolve
from rag.errors import DocumentError

__all__ = ["PARSER_VERSION", "Format", "clean_text", "detect", "parse"]

PARSER_VERSION = "1"
"""Part of every content hash: another value makes the next ingest read everything again."""


def parse(data: bytes, name: str, *, resolve: Resolve) -> Iterator[Element]:
    """Elements of a document in reading order. All text is clean: see `clean_text`.

    Args:
        data: the whole file.
        name: its name or path; only the extension matters, and only to tell text formats apart.
        resolve: gives the bytes and absolute path of a linked picture, or None where it may not or cannot be had.

    Raises:
        DocumentError: broken, encrypted or unsupported, or nothing is in it: neither text nor a picture.
    """
    if not data:
        raise DocumentError("the file is empty")
    n_given = 0
    first_warning = ""
    for element in _elements(data, name, resolve):
        element = _cleaned(element)
        if isinstance(element, TextElement) and not element.text.strip():
            continue
        n_given += isinstance(element, TextElement | ImageElement)
        if isinstance(element, Warned):
            first_warning = first_warning or element.message
        yield element
    if not n_given:
        raise DocumentError(
            "it has neither text nor a usable picture" + (f" ({first_warning})" if first_warning else "")
        )


def _elements(data: bytes, name: str, resolve: Resolve) -> Iterator[Element]:
    # Each parser is imported when it is first needed: a worker that reads text never loads PDFium.
    format_ = detect(data, name)
    if format_ is Format.IMAGE:
        from ingest.parse.image import parse_image

        return parse_image(data, name)
    if format_ is Format.PDF:
        from ingest.parse.pdf.pages import parse_pdf

        return parse_pdf(data)
    if format_ is Format.WORD:
        from ingest.parse.office.word import parse_word

        return parse_word(data)
    if format_ is Format.SLIDES:
        from ingest.parse.office.slides import parse_slides

        return parse_slides(data)
    if format_ is Format.WORKBOOK:
        from ingest.parse.office.workbook import parse_workbook

        return parse_workbook(data)
    if format_ is Format.EBOOK:
        from ingest.parse.office.ebook import parse_ebook

        return parse_ebook(data)
    if format_ is Format.HTML:
        from ingest.parse.html.reader import parse_html

        return parse_html(data, resolve)
    if format_ is Format.MARKDOWN:
        from ingest.parse.markdown import parse_markdown

        return parse_markdown(data, resolve)
    if format_ in {Format.TEXT, Format.TABLE}:
        from ingest.parse.text import parse_text

        return parse_text(data)
    if format_ is Format.ARCHIVE:
        raise DocumentError("an archive that is not opened here: unpack it, or give it to ingest by itself")
    raise DocumentError(unsupported(data))


def _cleaned(element: Element) -> Element:
    """The one place where text from outside becomes safe; no parser can forget it."""
    if isinstance(element, TextElement):
        return replace(element, text=clean_text(element.text), heading_path=_path(element.heading_path))
    if isinstance(element, ImageElement):
        texts = tuple(OriginText(said.origin, clean_text(said.text)) for said in element.texts)
        return replace(element, name=one_line(element.name), texts=texts, heading_path=_path(element.heading_path))
    if isinstance(element, DocumentInfo):
        metadata = {one_line(key): one_line(value) for key, value in element.metadata.items()}
        return replace(element, title=one_line(element.title), metadata=metadata)
    return Warned(one_line(element.message))


def _path(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, titles)))
