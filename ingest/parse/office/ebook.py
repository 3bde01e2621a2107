"""EPUB books: their chapters are web pages, and are read as such, one after the other."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Passage, Title, assemble
from ingest.parse.clean import one_line
from ingest.parse.decode import decode_page
from ingest.parse.elements import Element, Resolved, Warned
from ingest.parse.front_matter import words_of
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.hidden import opened_ids
from ingest.parse.html.reader import html_blocks
from ingest.parse.office.package import Parts, read_xml
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture
from rag.errors import DocumentError

_METADATA = {
    "title": "title",
    "creator": "author",
    "publisher": "publisher",
    "date": "published",
    "subject": "keywords",
    "language": "language",
    "description": "description",
    "contributor": "contributor",
    "rights": "rights",
}
_METADATA_CHARS = 2000
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
    items = {item.get("id", ""): item for item in book.iter("{*}item")}
    spine = [items[idref] for one in book.iter("{*}itemref") if (idref := one.get("idref", "")) in items]
    chapters = [_path(package, item.get("href", "")) for item in spine]
    if not chapters:
        raise DocumentError("the book is broken (it lists no chapters): download it again, or save it as PDF")
    locked = {unquote(one.get("URI", "")) for one in read_xml(parts.read(_ENCRYPTION)).iter("{*}CipherReference")}
    if locked.intersection(chapters):
        raise DocumentError("the book is protected (DRM): only the program that it was bought for can read it")
    metadata = _metadata(book)
    title = str(metadata.pop("title", ""))
    cover = _cover(book, items, package)
    shown: set[str] = set()
    passed_over = PassedOver()

    def resolve(ref: str) -> Resolved | None:
        found = parts.read(ref)
        if found:
            shown.add(ref)
        return Resolved(found, "") if found else None

    def blocks() -> Iterator[Block]:
        yield Title(title, metadata)
        if said := words_of(metadata):
            yield Passage(said)
        for item in spine:
            path = _path(package, item.get("href", ""))
            if item.get("media-type", "").startswith("image/"):  # a comic whose pages are the pictures themselves
                yield Passage("", (Picture(path),))
            else:
                yield from _chapter(parts, path, passed_over)
        if cover and cover not in shown:
            yield Passage("", (Picture(cover, alt=f"Cover of {title}" if title else "Cover"),))

    yield from assemble(blocks(), resolve)
    yield from parts.problems
    pictures = {
        _path(package, one.get("href", "")) for one in items.values() if one.get("media-type", "").startswith("image/")
    }
    passed_over.add("pictures of the book that no page shows or that cannot be used", len(pictures - shown))
    yield from passed_over.warnings()


def _metadata(book: Any) -> dict[str, Any]:
    """The book's own words about itself: a value, or a list where there are several."""
    found: dict[str, list[str]] = {}
    for element in book.iterfind(".//{*}metadata/{*}*"):
        name = etree.QName(element).localname if isinstance(element.tag, str) else ""
        value = one_line("".join(element.itertext()))
        if name in _METADATA and value:
            values = found.setdefault(_METADATA[name], [])
            if value not in values:
                values.append(one_line(re.sub(r"<[^<>]{1,300}>", " ", value))[:_METADATA_CHARS])
    return {name: values[0] if len(values) == 1 or name == "title" else values for name, values in found.items()}


def _cover(book: Any, items: dict[str, Any], package: str) -> str:
    """Where the cover lies; empty where the book names none."""
    marked = [item for item in items.values() if "cover-image" in item.get("properties", "").split()]
    named = [one.get("content", "") for one in book.iterfind(".//{*}meta[@name='cover']")]
    item = next(iter([*marked, *(items[name] for name in named if name in items)]), None)
    is_picture = item is not None and item.get("media-type", "").startswith("image/")
    return _path(package, item.get("href", "")) if is_picture and item is not None else ""


def _chapter(parts: Parts, path: str, passed_over: PassedOver) -> Iterator[Block]:
    page = parts.read(path)
    if not page:
        parts.problems.append(Warned("part_broken", f"chapter {path} is missing"))
    decoded = decode_page(page)
    if decoded.warning:
        passed_over.note(f"chapters: {decoded.warning}")
    source = decoded.text.encode("utf-8", "replace")
    builder = BlockBuilder(opened=opened_ids(source), passed_over=passed_over)
    for block in html_blocks(source, builder):
        if isinstance(block, Passage):
            block = replace(block, pictures=tuple(_moved(picture, path) for picture in block.pictures))
        if not isinstance(block, Title):
            yield block


def _moved(picture: Picture, page: str) -> Picture:
    """The picture by its place in the book."""
    return replace(picture, ref=_path(page, picture.ref), others=tuple(_path(page, ref) for ref in picture.others))


def _path(base: str, ref: str) -> str:
    """Of a part inside the book, as another part names it; what is elsewhere stays as it is."""
    return ref if ":" in ref or not ref else posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(ref)))
