"""HTML: a streaming reader on lxml's event interface. No tree is built, so depth and size cost no memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.page import about_page
from ingest.parse.blocks import Block, assemble
from ingest.parse.decode import decode_page
from ingest.parse.elements import DocumentInfo, Element, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.hidden import opened_ids
from ingest.parse.pictures import Resolve

_FEED_BYTES = 65_536
_FEW_CHARS = 80
"""A page that has no more beside its navigation may be nothing but that."""


def parse_html(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements of a page.

    Navigation is left out, unless little else would remain: a list of links is all there is, or a `<nav>` that is never
    closed swallows the page.
    """
    decoded = decode_page(data)
    warning, source = decoded.warning, decoded.text.encode("utf-8", "replace")
    del decoded
    opened = opened_ids(source)
    builder = BlockBuilder(opened=opened)
    elements = _elements(source, resolve, builder)
    held: list[Element] = []
    about = about_page(source)
    for element in elements:
        held.append(element)
        if builder.n_kept > _FEW_CHARS:
            break
    if builder.n_kept <= _FEW_CHARS and builder.n_navigation > 3 * builder.n_kept:
        builder = BlockBuilder(keep_navigation=True, opened=opened)
        held, elements = [], _elements(source, resolve, builder)
    yield from _with_info(chain(held, elements), about)
    yield from builder.passed_over.warnings()
    if warning:
        yield Warned("encoding_guessed", warning)


def _with_info(elements: Iterator[Element], about: dict[str, Any]) -> Iterator[Element]:
    """What the page's head says goes first, in one piece with the title."""
    first = next(elements, None)
    if isinstance(first, DocumentInfo):
        yield replace(first, metadata=about | first.metadata)
    else:
        if about:
            yield DocumentInfo("", None, about)
        if first is not None:
            yield first
    yield from elements


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


def _elements(source: bytes, resolve: Resolve, builder: BlockBuilder) -> Iterator[Element]:
    return assemble(html_blocks(source, builder), resolve, base=lambda: builder.base)
