"""Documents to elements: one format a file, each a generator that holds no more than a page or a paragraph.

Parsers run in worker processes that can be killed: pypdfium2 is not thread-safe, and hostile input may hang or crash.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.parse.attachments import Attachments
from ingest.parse.clean import clean_text, one_line
from ingest.parse.detect import Format, detect, unsupported
from ingest.parse.elements import DocumentInfo, Element, ImageElement, OriginText, TextElement, Warned
from ingest.parse.pictures import Resolve
from rag.errors import DocumentError

__all__ = ["PARSER_VERSION", "Format", "clean_text", "detect", "parse"]

PARSER_VERSION = "4"
"""Part of every content hash: another value makes the next ingest read everything again."""


_READERS: dict[Format, tuple[str, ...]] = {
    Format.IMAGE: ("image", "parse_image", "name"),
    Format.SVG: ("media.svg", "parse_svg", "name"),
    Format.PDF: ("pdf.pages", "parse_pdf", "attached"),
    Format.WORD: ("office.word", "parse_word"),
    Format.SLIDES: ("office.slides", "parse_slides"),
    Format.WORKBOOK: ("office.workbook", "parse_workbook"),
    Format.BINARY_WORKBOOK: ("office.binary.sheets", "parse_legacy_sheets"),
    Format.COMPOUND: ("office.binary.compound", "parse_compound", "attached"),
    Format.OPENDOCUMENT: ("office.opendocument.document", "parse_opendocument"),
    Format.RTF: ("office.rtf.reader", "parse_rtf"),
    Format.EBOOK: ("office.ebook", "parse_ebook"),
    Format.HTML: ("html.reader", "parse_html", "resolve"),
    Format.WEB_ARCHIVE: ("mail.web_archive", "parse_web_archive"),
    Format.MAIL: ("mail.message", "parse_message", "name", "attached"),
    Format.MARKDOWN: ("markdown", "parse_markdown", "resolve"),
    Format.NOTEBOOK: ("textual.notebook", "parse_notebook", "resolve"),
    Format.XML: ("xml.reader", "parse_xml", "resolve"),
    Format.TEX: ("textual.tex", "parse_tex", "resolve"),
    Format.SUBTITLES: ("textual.subtitles", "parse_subtitles"),
    Format.MEDIA: ("media.tags", "parse_media", "name"),
    Format.TABLE: ("textual.table", "parse_table", "name"),
    Format.TEXT: ("text", "parse_text"),
}
"""For each format its module, its function, and what the function takes beside the bytes."""


def parse(data: bytes, name: str, *, resolve: Resolve, depth: int = 0) -> Iterator[Element]:
    """Elements of a document in reading order. All text is clean: see `clean_text`.

    Args:
        data: the whole file.
        name: its name or path; only the extension matters, and only to tell text formats apart.
        resolve: gives the bytes and absolute path of a linked picture, or None where it may not or cannot be had.
        depth: how many documents this one is inside of: an attachment of a message is in one.

    Raises:
        DocumentError: broken, encrypted or unsupported, or nothing is in it: neither text nor a picture.
    """
    if not data:
        raise DocumentError("the file is empty")
    n_given = 0
    first_warning = ""
    for element in _elements(data, name, resolve, depth):
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


def _elements(data: bytes, name: str, resolve: Resolve, depth: int) -> Iterator[Element]:
    # Each parser is imported when it is first needed: a worker that reads text never loads PDFium.
    format_ = detect(data, name)
    if format_ is Format.ARCHIVE:
        raise DocumentError(
            "an archive inside a document, or one that is too damaged to be opened: unpack it and ingest what is in it"
        )
    if format_ not in _READERS:
        raise DocumentError(unsupported(data))
    module, function, *wanted = _READERS[format_]
    given = {"name": name, "resolve": resolve, "attached": Attachments(parse, depth)}
    read = getattr(importlib.import_module(f"ingest.parse.{module}"), function)
    elements: Iterator[Element] = read(data, **{argument: given[argument] for argument in wanted})
    return elements


def _cleaned(element: Element) -> Element:
    """The one place where text from outside becomes safe; no parser can forget it."""
    if isinstance(element, TextElement):
        return replace(element, text=clean_text(element.text), heading_path=_path(element.heading_path))
    if isinstance(element, ImageElement):
        texts = tuple(OriginText(said.origin, clean_text(said.text)) for said in element.texts)
        return replace(element, name=one_line(element.name), texts=texts, heading_path=_path(element.heading_path))
    if isinstance(element, DocumentInfo):
        metadata = {one_line(key): _clean_value(value) for key, value in element.metadata.items()}
        return replace(element, title=one_line(element.title), metadata=metadata)
    return replace(element, message=one_line(element.message))


def _clean_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_clean_value(item) for item in value]
    return one_line(value) if isinstance(value, str) else value


def _path(titles: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, titles)))
