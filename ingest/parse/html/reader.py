"""HTML: a streaming reader on lxml's event interface. No tree is built, so depth and size cost no memory."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, assemble
from ingest.parse.decode import decode_html
from ingest.parse.elements import DocumentInfo, Element, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.pictures import Resolve

_FEED_BYTES = 65_536


def parse_html(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements of a page.

    Navigation is left out, unless nothing would remain (a `<nav>` that is never closed swallows the page).
    """
    text, encoding = decode_html(data)
    source = text.encode("utf-8", "replace")
    del text
    n_given = 0
    for element in _elements(source, resolve, keep_navigation=False):
        n_given += not isinstance(element, DocumentInfo | Warned)
        yield element
    if not n_given:
        rest = _elements(source, resolve, keep_navigation=True)
        yield from (element for element in rest if not isinstance(element, DocumentInfo))
    if encoding == "cp1252":
        yield Warned("not UTF-8, and no other charset is named: read as Windows-1252")


def html_blocks(source: bytes, builder: BlockBuilder) -> Iterator[Block]:
    """Blocks of a page or fragment in UTF-8. Malformed markup is repaired the way libxml2 does it."""
    parser = etree.HTMLParser(
        target=builder, encoding="utf-8", huge_tree=True, recover=True, remove_comments=True, remove_pis=True
    )
    for start in range(0, len(source), _FEED_BYTES):
        parser.feed(source[start : start + _FEED_BYTES])
        yield from builder.take()
    try:
        parser.close()
    except etree.XMLSyntaxError:  # a page without any element or text
        builder.close()
    yield from builder.take()


def _elements(source: bytes, resolve: Resolve, *, keep_navigation: bool) -> Iterator[Element]:
    builder = BlockBuilder(keep_navigation=keep_navigation)
    return assemble(html_blocks(source, builder), resolve, base=lambda: builder.base)
