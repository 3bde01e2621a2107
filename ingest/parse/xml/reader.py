"""XML by its words and headings: articles, books, feeds and plain data. Markup is never indexed."""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.blocks import Block, Heading, Passage, Title, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element, Resolved
from ingest.parse.grid import TableGrid
from ingest.parse.html.blocks import BlockBuilder
from ingest.parse.html.reader import html_blocks
from ingest.parse.office.package import Embedded
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture, Resolve
from ingest.parse.xml import vocabularies as v
from ingest.parse.xml.head import head_of, name_of
from ingest.parse.xml.records import record_blocks
from rag.errors import DocumentError

_MAX_DEPTH = 200
_XLINK = "{http://www.w3.org/1999/xlink}href"
_HREFS = (_XLINK, "fileref", "url", "href", "src")
_HTML_CHARS = 3
"""So many marks of a tag in a feed's words, and they are HTML."""


def parse_xml(data: bytes, resolve: Resolve) -> Iterator[Element]:
    """Elements in reading order.

    Raises:
        DocumentError: no XML at all.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, recover=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentError(f"broken XML ({one_line(str(error))}): save it again, or give it as text") from error
    if root is None:
        raise DocumentError("broken XML (it has no element): save it again, or give it as text")
    reader = _Reader(root, resolve)
    yield from assemble(reader.blocks(), reader.resolve)
    if parser.error_log and any(error.level_name == "FATAL" for error in parser.error_log):
        reader.passed_over.add("stretches of broken XML, repaired or left out")
    yield from reader.passed_over.warnings()


class _Reader:
    def __init__(self, root: Any, resolve: Resolve) -> None:
        self._root = root
        self._resolve = resolve
        self._embedded = Embedded()
        self._binaries = {node.get("id", ""): node for node in root.iter("{*}binary")}
        self._title = ""
        self.passed_over = PassedOver()

    def resolve(self, ref: str) -> Resolved | None:
        return self._embedded.resolve(ref) or self._resolve(ref)

    def blocks(self) -> Iterator[Block]:
        title = head_of(self._root)
        yield title
        known = v.SECTIONS | v.PARAGRAPHS | v.LISTS
        names = {name_of(node) for node in itertools.islice(self._root.iter(), 3000)}
        if len(names & known) < 2 and name_of(self._root) not in known:
            yield from record_blocks(self._root, self.passed_over)
            return
        self._title = title.text
        if title.text:
            yield Heading(1, title.text)
        yield from self._front()
        yield from self._inside(self._root, 1, 0)

    def _front(self) -> Iterator[Block]:
        """The abstract of an article and the annotation of a book, which stand among data about them."""
        for meta in self._root.iter("{*}article-meta", "{*}title-info"):
            for node in meta.iterchildren("{*}abstract", "{*}annotation", "{*}trans-abstract"):
                yield from self._inside(node, 2, 0)

    def _inside(self, parent: Any, level: int, depth: int) -> Iterator[Block]:
        """Blocks of what stands in an element; loose words between are paragraphs."""
        if depth > _MAX_DEPTH:
            self.passed_over.add("parts nested too deeply", code="over_limit")
            return
        if text := _loose(parent.text):
            yield Passage(text)
        for node in parent:
            if isinstance(node.tag, str):
                yield from self._node(node, level, depth + 1)
            if text := _loose(node.tail):
                yield Passage(text)

    def _node(self, node: Any, level: int, depth: int) -> Iterator[Block]:
        name = name_of(node)
        if name in v.SKIPPED or name.endswith("info") or node.find("{*}title-info") is not None:
            return
        if name in v.TITLES:
            if (words := _words(node)) and words != self._title:
                yield Heading(min(max(1, level), 9), words)
        elif name in v.TABLES:
            yield from self._table(node)
        elif name in v.FIGURES:
            yield from self._figure(node)
        elif name in v.LISTS:
            yield from self._list(node)
        elif name in v.SECTIONS:
            yield from self._inside(node, level + 1, depth)
        elif name in v.PARAGRAPHS and not _has_blocks(node):
            yield from self._paragraph(node, name)
        elif name in v.NOTES and not _has_blocks(node):
            yield Passage(f"Note: {_words(node)}")
        else:
            yield from self._inside(node, level, depth)

    def _paragraph(self, node: Any, name: str) -> Iterator[Block]:
        if name in v.VERBATIM:
            yield Passage("".join(node.itertext()).strip("\n"))
            return
        text = _words(node)
        if text.count("</") >= _HTML_CHARS or "<p>" in text or "<br" in text:  # a feed's escaped page
            blocks = html_blocks(f"<body>{text}</body>".encode("utf-8", "replace"), BlockBuilder())
            yield from (block for block in blocks if not isinstance(block, Title))
            return
        pictures = tuple(self._pictures(node, ""))
        if text or pictures:
            yield Passage(text, pictures)

    def _figure(self, node: Any) -> Iterator[Block]:
        captions = [_words(child) for child in node.iter() if name_of(child) in v.CAPTIONS]
        labels = [_words(child) for child in node.iterchildren() if name_of(child) in {"label", "title", "head"}]
        caption = one_line(" ".join(dict.fromkeys(filter(None, [*labels, *captions]))))
        pictures = tuple(self._pictures(node, caption))
        if pictures:
            yield Passage("", pictures)
        elif caption:
            yield Passage(caption)

    def _pictures(self, node: Any, caption: str) -> Iterator[Picture]:
        for child in node.iter():
            if name_of(child) not in v.PICTURES:
                continue
            ref = next((child.get(name) for name in _HREFS if child.get(name)), "")
            alt = child.get("alt") or " ".join(_words(one) for one in child.iter("{*}alt-text", "{*}alt"))
            binary = self._binaries.get(ref.removeprefix("#")) if ref.startswith("#") else None
            if binary is not None:
                if data := _decoded(binary.text or ""):
                    yield Picture(self._embedded.add(data), alt=alt, caption=caption)
            elif ref:
                yield Picture(ref, alt=alt, caption=caption)

    def _list(self, node: Any) -> Iterator[Block]:
        lines: list[str] = []
        others: list[Block] = []
        self._items(node, 0, lines, others)
        if lines:
            yield Passage("\n".join(lines))
        yield from others

    def _items(self, node: Any, level: int, lines: list[str], others: list[Block]) -> None:
        for number, item in enumerate((c for c in node if name_of(c) in v.ITEMS), start=1):
            is_numbered = name_of(node) in {"orderedlist", "ol", "steps"} or node.get("list-type") == "order"
            mark = f"{number}." if is_numbered else "-"
            inner = [child for child in item.iter() if name_of(child) in v.LISTS and _owner(child) is item]
            words = one_line(" ".join(_own_words(item, inner)))
            if words:
                lines.append(f"{'  ' * min(level, 10)}{mark} {words}")
            others.extend(
                [Passage("", pictures)] if (pictures := tuple(self._pictures(item, ""))) and level == 0 else []
            )
            for child in inner:
                if level < 50:
                    self._items(child, level + 1, lines, others)

    def _table(self, node: Any) -> Iterator[Block]:
        titles = (child for child in node if name_of(child) in {"title", "caption", "head"})
        for text in filter(None, map(_words, titles)):
            yield Passage(text)
        grid = TableGrid()
        columns: dict[Any, dict[str, int]] = {}
        for row in node.iter():
            if name_of(row) not in v.ROWS:
                continue
            group = next((above for above in row.iterancestors() if name_of(above) in {"tgroup", "table"}), None)
            if group not in columns:
                columns[group] = _columns(group)
            names = columns[group]
            for cell in row:
                if name_of(cell) in v.CELLS:
                    spans = (_count(cell.get("colspan")) or _named_span(cell, names), _count(cell.get("rowspan")))
                    down = _count(cell.get("morerows"))
                    is_header = name_of(cell) == "th"
                    grid.add_cell(
                        _words(cell), colspan=spans[0] or 1, rowspan=spans[1] or down + 1, is_header=is_header
                    )
            grid.end_row(in_head=any(name_of(above) in v.HEADS for above in (row, row.getparent())))
        yield from map(Passage, grid.take())


def _words(node: Any) -> str:
    return one_line(" ".join(_own_words(node, [])))


def _own_words(node: Any, without: list[Any]) -> Iterator[str]:
    """Words of an element but for those of some below it. Inline elements do not part words."""
    text: list[str] = []
    left_out = set(map(id, without))
    stack = [(node, False)]
    while stack:
        current, is_done = stack.pop()
        if is_done:
            text.append(current.tail or "")
            continue
        name = name_of(current)
        if current is not node:
            stack.append((current, True))
        if id(current) in left_out or name in v.SKIPPED or not isinstance(current.tag, str):
            continue
        if name in v.PARAGRAPHS or name in v.ITEMS or name in v.CELLS or name in v.TITLES:
            text.append(" ")
        text.append(current.text or "")
        stack.extend((child, False) for child in reversed(current))
    yield "".join(text)


def _has_blocks(node: Any) -> bool:
    """Whether paragraphs, lists or tables stand in it."""
    blocks = v.PARAGRAPHS | v.LISTS | v.TABLES | v.TITLES
    return any(name_of(child) in blocks - {"cite", "q", "code", "note", "l", "attrib"} for child in node)


def _owner(node: Any) -> Any:
    return next((above for above in node.iterancestors() if name_of(above) in v.ITEMS), None)


def _loose(text: str | None) -> str:
    text = one_line(text or "")
    return text if any(map(str.isalnum, text)) else ""


def _count(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0


def _columns(group: Any) -> dict[str, int]:
    """Numbers of a CALS table's columns by their names; of no table none."""
    found = (child for child in group if name_of(child) == "colspec") if group is not None else ()
    return {spec.get("colname", ""): number for number, spec in enumerate(found)}


def _named_span(cell: Any, names: dict[str, int]) -> int:
    first, last = cell.get("namest", ""), cell.get("nameend", "")
    return names[last] - names[first] + 1 if first in names and last in names and names[last] >= names[first] else 0


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()))
    except (binascii.Error, ValueError):
        return b""
