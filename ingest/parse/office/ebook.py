"""EPUB books: their chapters are web pages, and are read as such, one after the other."""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from ingest.parse.blocks import Block, Passage, Title, assemble
from ingest.parse.clean import one_line
from ingest.parse.decode import decode_html
from ingest.parse.elements import Element, Resolved, Warned
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.office.package import Parts, read_xml
from rag.errors import DocumentError

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"


def parse_ebook(data: bytes) -> Iterator[Element]:
    """Elements in the order in which the book is to be read.

    Raises:
        DocumentError: broken, or protected against being read by other programs.
    """
    parts = Parts(data)
    rootfile = next(read_xml(parts.read(_CONTAINER)).iter("{*}rootfile"), None)
    package = "" if rootfile is None else rootfile.get("full-path", "")
    book = read_xml(parts.read(package))
    hrefs = {item.get("id"): item.get("href", "") for item in book.iter("{*}item")}
    chapters = [_path(package, hrefs.get(item.get("idref"), "")) for item in book.iter("{*}itemref")]
    if not chapters:
        raise DocumentError("the book is broken (it lists no chapters): download it again, or save it as PDF")
    locked = {unquote(one.get("URI", "")) for one in read_xml(parts.read(_ENCRYPTION)).iter("{*}CipherReference")}
    if locked.intersection(chapters):
        raise DocumentError("the book is protected (DRM): only the program that it was bought for can read it")
    title, author = (one_line(book.findtext(f".//{{*}}metadata/{{*}}{name}") or "") for name in ("title", "creator"))
    head = Title(title, {"author": author} if author else {})
    pages = itertools.chain.from_iterable(_chapter(parts, chapter) for chapter in chapters)

    def resolve(ref: str) -> Resolved | None:
        found = parts.read(ref)
        return Resolved(found, "") if found else None

    yield from assemble(itertools.chain([head], pages), resolve)
    yield from map(Warned, parts.problems)


def _chapter(parts: Parts, path: str) -> Iterator[Block]:
    page = parts.read(path)
    if not page:
        parts.problems.append(f"chapter {path} is missing")
    text, _ = decode_html(page)
    for block in html_blocks(text.encode("utf-8", "replace"), BlockBuilder()):
        if isinstance(block, Passage):
            block = replace(block, pictures=tuple(replace(p, ref=_path(path, p.ref)) for p in block.pictures))
        if not isinstance(block, Title):
            yield block


def _path(base: str, ref: str) -> str:
    """Of a part inside the book, as another part names it; what is elsewhere stays as it is."""
    return ref if ":" in ref or not ref else posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(ref)))
