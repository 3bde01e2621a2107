"""OpenDocument texts, presentations and drawings: zips of XML, or one flat file of it.

Source: OASIS Open Document Format 1.3, part 3. Spreadsheets are in `opendocument_sheets`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ingest.parse.blocks import Block, Heading, Page, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from ingest.parse.grid import TableGrid
from ingest.parse.office.opendocument.names import (
    CHART,
    DC,
    DRAW,
    OFFICE,
    PRESENTATION,
    STYLE,
    TABLE,
    TEXT,
    XLINK,
    local,
)
from ingest.parse.office.opendocument.objects import chart_words, math_words
from ingest.parse.office.opendocument.package import OdfPackage
from ingest.parse.office.package import Embedded
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture

_MAX_DEPTH = 100
_CAPTION_STYLES = frozenset({"caption", "illustration", "figure", "table", "drawing"})
_NOT_TEXT = frozenset({
    TEXT + "note-citation", TEXT + "bookmark", TEXT + "sequence-decls", TEXT + "variable-decls", TEXT + "ruby-text",
    TEXT + "user-field-decls", OFFICE + "forms", TEXT + "soft-page-break",
})  # fmt: skip


def parse_opendocument(data: bytes) -> Iterator[Element]:
    """Elements in reading order: headers and footers first, footnotes and comments after their paragraph.

    Raises:
        DocumentError: broken, or protected with a password.
    """
    package = OdfPackage(data)
    if package.body("spreadsheet") is not None:
        from ingest.parse.office.opendocument.sheets import sheet_blocks_of

        passed_over = PassedOver()
        reader = OdfReader(package, passed_over)
        blocks: Iterator[Block | Page] = sheet_blocks_of(package, reader, passed_over)
    else:
        reader = OdfReader(package, PassedOver())
        blocks = reader.document()
    yield from assemble(itertools.chain([package.title()], blocks), reader.embedded.resolve)
    yield from reader.passed_over.warnings()
    yield from package.problems


@dataclass(slots=True)
class _Inline:
    """A paragraph as it is being read, and what hangs on it."""

    words: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    after: list[Block] = field(default_factory=list)


class OdfReader:
    """Reads the content of a document.

    Args:
        package: the document.
        passed_over: counts what is not read.

    Attributes:
        embedded: pictures that were met.
    """

    def __init__(self, package: OdfPackage, passed_over: PassedOver) -> None:
        self._package = package
        self.passed_over = passed_over
        self.embedded = Embedded()
        self._depth = 0
        self._n_hidden = 0
        self._readers: dict[str, Callable[[Any], Iterator[Block]]] = {
            TEXT + "h": self._heading,
            TEXT + "p": self._paragraph,
            TEXT + "list": self._list,
            TABLE + "table": self.table,
            DRAW + "frame": self.drawn,
            OFFICE + "annotation": self._comment,
            TEXT + "tracked-changes": self._changes,
        }

    def document(self) -> Iterator[Block | Page]:
        """Blocks of a text, a presentation or a drawing."""
        yield from itertools.chain(self._margins("header"), self._margins("footer"))
        for kind in ("text", "presentation", "drawing"):
            if (body := self._package.body(kind)) is not None:
                yield from self.blocks(body) if kind == "text" else self._pages(body)
        if self._n_hidden:
            self.passed_over.note(f"{self._n_hidden} hidden slides are read, too")

    def blocks(self, parent: Any) -> Iterator[Block]:
        """Of everything in a part of the document."""
        if self._depth > _MAX_DEPTH:
            self.passed_over.add("parts nested too deeply", code="over_limit")
            return
        self._depth += 1
        try:
            for node in parent:
                if not isinstance(node.tag, str) or node.tag in _NOT_TEXT:
                    continue
                reader = self._readers.get(node.tag)
                if reader is not None:
                    yield from reader(node)
                elif local(node) not in {"notes", "styles"}:
                    yield from self.blocks(node)  # sections, indexes, groups, shapes
        finally:
            self._depth -= 1

    def table(self, node: Any) -> Iterator[Block]:
        """A table of a text or slide."""
        grid = TableGrid()
        pictures: list[Picture] = []
        for row in node.iter(TABLE + "table-row"):
            if next(row.iterancestors(TABLE + "table")) is not node:
                continue
            for cell in row.iterchildren(TABLE + "table-cell"):
                words = []
                for block in self.blocks(cell):
                    if isinstance(block, Passage):
                        pictures.extend(block.pictures)
                    words.append(one_line(block.text))
                spans = (cell.get(TABLE + "number-columns-spanned"), cell.get(TABLE + "number-rows-spanned"))
                n_columns, n_rows = (int(span) if span and span.isdecimal() else 1 for span in spans)
                grid.add_cell(" ".join(filter(None, words)), colspan=n_columns, rowspan=max(1, n_rows))
            grid.end_row(in_head=local(row.getparent()) == "table-header-rows")
        yield from map(Passage, grid.take())
        if pictures:
            yield Passage("", tuple(pictures))

    def _pages(self, body: Any) -> Iterator[Block | Page]:
        for number, page in enumerate(body.iterchildren(DRAW + "page"), start=1):
            yield Page(number)
            style = self._package.style(page.get(DRAW + "style-name", ""))
            self._n_hidden += style.get(PRESENTATION + "visibility") == "hidden"
            frames = list(page)
            titles = [frame for frame in frames if frame.get(PRESENTATION + "class") == "title"]
            for frame in titles:
                if words := one_line(" ".join("".join(p.itertext()) for p in frame.iter(TEXT + "p", TEXT + "h"))):
                    yield Heading(1, words)
            for frame in frames:
                if frame in titles or frame.get(PRESENTATION + "class") in {"page-number", "date-time"}:
                    continue
                if frame.tag == PRESENTATION + "notes":
                    yield from self._notes(frame)
                elif isinstance(frame.tag, str):
                    reader = self._readers.get(frame.tag)
                    yield from reader(frame) if reader else self.blocks(frame)

    def _notes(self, node: Any) -> Iterator[Block]:
        frames = (frame for frame in node if frame.get(PRESENTATION + "class") == "notes")
        words = "\n".join(block.text for frame in frames for block in self.blocks(frame) if block.text)
        if words:
            yield Passage(f"Speaker notes: {words}")

    def _heading(self, node: Any) -> Iterator[Block]:
        inline = self._inline(node)
        level = node.get(TEXT + "outline-level", "1")
        if words := one_line("".join(inline.words)):
            yield Heading(int(level) if level.isdecimal() and 0 < int(level) < 10 else 1, words)
        if inline.pictures:
            yield Passage("", tuple(inline.pictures))
        yield from inline.after

    def _paragraph(self, node: Any) -> Iterator[Block]:
        inline = self._inline(node)
        text = _lines("".join(inline.words))
        style = self._package.style_name(node.get(TEXT + "style-name", ""))
        if style == "title" and text and not inline.pictures:
            yield Heading(1, one_line(text))
        elif text or inline.pictures:
            is_caption = style in _CAPTION_STYLES
            yield Passage(text, tuple(inline.pictures), is_emphasis=is_caption and bool(text))
        yield from inline.after

    def _inline(self, node: Any) -> _Inline:
        inline = _Inline()
        self._gather(node, inline, 0)
        return inline

    def _gather(self, node: Any, inline: _Inline, depth: int) -> None:
        inline.words.append(node.text or "")
        for child in node:
            if isinstance(child.tag, str) and child.tag not in _NOT_TEXT:
                self._gather_child(child, inline, depth)
            inline.words.append(child.tail or "")

    def _gather_child(self, child: Any, inline: _Inline, depth: int) -> None:
        name = child.tag
        if name == TEXT + "s":
            inline.words.append(" ")
        elif name == TEXT + "tab":
            inline.words.append("\t")
        elif name == TEXT + "line-break":
            inline.words.append("\n")
        elif name == TEXT + "note":
            body = child.find(TEXT + "note-body")
            texts = [] if body is None else [block.text for block in self.blocks(body) if block.text]
            inline.after.extend([Passage(f"Note: {' '.join(texts)}")] if texts else [])
        elif name == OFFICE + "annotation":
            inline.after.extend(self._comment(child))
        elif name.startswith(DRAW):
            for block in self.drawn(child) if name == DRAW + "frame" else self.blocks(child):
                if isinstance(block, Passage) and block.pictures and not block.text:
                    inline.pictures.extend(block.pictures)
                else:
                    inline.after.append(block)
        elif depth < _MAX_DEPTH:
            self._gather(child, inline, depth + 1)

    def _list(self, node: Any) -> Iterator[Block]:
        lines: list[str] = []
        others: list[Block] = []
        self._items(node, 0, lines, others)
        if lines:
            yield Passage("\n".join(lines))
        yield from others

    def _items(self, node: Any, level: int, lines: list[str], others: list[Block]) -> None:
        for item in node:
            for child in item if local(item) in {"list-item", "list-header"} else ():
                if child.tag == TEXT + "list" and level < 12:
                    self._items(child, level + 1, lines, others)
                    continue
                reader = self._readers.get(child.tag)
                for block in reader(child) if reader else ():
                    if isinstance(block, Heading):  # numbered headings are lists of headings
                        others.append(block)
                    elif isinstance(block, Passage) and block.text:
                        lines.append(f"{'  ' * level}- {one_line(block.text)}")
                        others.extend([Passage("", block.pictures)] if block.pictures else [])
                    else:
                        others.append(block)

    def drawn(self, frame: Any) -> Iterator[Block]:
        """A frame: a picture, a text box, a table, or an object with a picture for those who cannot read it."""
        alt = " ".join(filter(None, (one_line(frame.findtext(f"{{*}}{name}") or "") for name in ("title", "desc"))))
        for child in frame:
            name = child.tag if isinstance(child.tag, str) else ""
            if name == DRAW + "object" and (words := self._object(child)):
                yield Passage(words)
                return
            if name == DRAW + "image":
                yield from self._picture(child, alt)
                return
            if name == DRAW + "text-box":
                yield from self._text_box(child)
            elif name == TABLE + "table":
                yield from self.table(child)
                return
            elif name in {DRAW + "plugin", DRAW + "applet", DRAW + "floating-frame"}:
                self.passed_over.add("embedded objects")

    def _text_box(self, box: Any) -> Iterator[Block]:
        """A picture and its caption often share one."""
        for block in self.blocks(box):
            if isinstance(block, Passage) and block.text and block.pictures:
                pictures = tuple(Picture(p.ref, p.alt, p.title, block.text, p.context) for p in block.pictures)
                yield Passage("", pictures)
            else:
                yield block

    def _picture(self, image: Any, alt: str) -> Iterator[Block]:
        data = self._package.picture(image)
        if data:
            yield Passage("", (Picture(self.embedded.add(data), alt=alt),))
        elif href := image.get(XLINK + "href", ""):
            yield Passage("", (Picture(href, alt=alt),))

    def _object(self, node: Any) -> str:
        root = self._package.embedded(node)
        if root is None:
            self.passed_over.add("embedded objects")
            return ""
        if local(root) == "math":
            return math_words(root)
        chart = next(root.iter(CHART + "chart"), None)
        if chart is not None:
            return chart_words(chart)
        return "\n".join(block.text for block in self.blocks(root) if block.text)

    def _comment(self, node: Any) -> Iterator[Block]:
        author = one_line(node.findtext(DC + "creator") or "")
        texts = (one_line("".join(p.itertext())) for p in node.iter(TEXT + "p"))
        if words := " ".join(filter(None, texts)):
            yield Passage(f"Comment ({author}): {words}" if author else f"Comment: {words}")

    def _changes(self, node: Any) -> Iterator[Block]:
        self.passed_over.add("deletions that nobody has accepted yet", sum(1 for _ in node.iter(TEXT + "deletion")))
        yield from ()

    def _margins(self, kind: str) -> Iterator[Passage]:
        """Headers or footers of the pages, each text once."""
        texts: dict[str, None] = {}
        for node in self._package.styles.iter(STYLE + kind, f"{STYLE}{kind}-left", f"{STYLE}{kind}-first"):
            lines = (one_line(_without_numbers(p)) for p in node.iter(TEXT + "p", TEXT + "h"))
            texts["\n".join(line for line in lines if any(map(str.isalnum, line)))] = None
        yield from (Passage(f"{kind.capitalize()}: {text}") for text in texts if text)


def _without_numbers(paragraph: Any) -> str:
    skipped = {TEXT + "page-number", TEXT + "page-count"}
    words = [paragraph.text or ""]
    for node in paragraph.iterdescendants():
        if node.tag not in skipped:
            words.append(node.text or "")
        words.append(node.tail or "")
    return "".join(words)


def _lines(text: str) -> str:
    """White space as the format takes it; line breaks were put in on purpose."""
    return "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
