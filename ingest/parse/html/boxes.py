"""Parts of a page that change what a paragraph inside them becomes: lists, tables, figures, headings.

Boxes nest. What a box gives goes to the box around it, and what the outermost gives are the page's blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.parse.blocks import Block, Heading, Passage
from ingest.parse.clean import one_line
from ingest.parse.grid import MAX_COLUMNS, TableGrid, markdown_rows
from ingest.parse.pictures import Picture

_LIST_CHARS = 8_000
_TABLE_CHARS = 8_000
"""Longer lists and tables are given in parts (tables with their header again), so that memory stays bounded."""
_MARKED = re.compile(r" *(?:- |\d{1,9}\. )")
_DEEPEST = " " * 12  # lists nested deeper are not indented further


class Box:
    """A transparent box: everything goes on outwards."""

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def accept(self, block: Block) -> Iterator[Block]:
        """Takes a finished block from within; gives what is to go on outwards now."""
        yield block

    def finish(self) -> Iterator[Block]:
        """Called once, at the end tag."""
        yield from ()


class ListBox(Box):
    """`<ul>`, `<ol>`: one line an item, nested lists indented."""

    def __init__(self, tag: str, first: str = "1") -> None:
        super().__init__(tag)
        self._number = int(first) if first.isdecimal() and len(first) < 9 else 1
        self._mark = ""
        self._lines: list[str] = []
        self._n_chars = 0

    def begin_item(self) -> None:
        self._mark = f"{self._number}. " if self.tag == "ol" else "- "
        self._number += 1

    def accept(self, block: Block) -> Iterator[Block]:
        if not isinstance(block, Passage):
            yield from self.finish()
            yield block
            return
        for line in filter(None, block.text.split("\n")):
            # An item that begins with a list has no words of its own to mark.
            mark = "  " if _MARKED.match(line) else self._mark or "  "
            self._lines.append(line if line.startswith(_DEEPEST) else mark + line)
            self._n_chars += len(line)
            self._mark = ""
        if block.pictures or self._n_chars > _LIST_CHARS:
            yield from self._take(tuple(replace(p, context=p.context or block.text) for p in block.pictures))

    def finish(self) -> Iterator[Block]:
        yield from self._take(())

    def _take(self, pictures: tuple[Picture, ...]) -> Iterator[Block]:
        if self._lines or pictures:
            yield Passage("\n".join(self._lines), pictures)
        self._lines, self._n_chars = [], 0


class TableBox(Box):
    """`<table>`: Markdown rows, which people and language models read.

    A table that only gives a page its layout (headings or tables in its cells, one column) becomes paragraphs.
    """

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.is_layout = False
        self.in_head = False
        self.pictures: list[Picture] = []
        self._grid = TableGrid()

    def add_cell(self, text: str, *, is_header: bool, colspan: str, rowspan: str) -> None:
        self._grid.add_cell(text, is_header=is_header, colspan=_span(colspan), rowspan=_span(rowspan))

    def end_row(self) -> Iterator[Block]:
        own = self._grid.end_row(in_head=self.in_head)
        if self.pictures or self._grid.n_chars > _TABLE_CHARS:
            words = " | ".join(own)
            pictures = tuple(replace(p, context=p.context or words) for p in self.pictures)
            self.pictures = []
            yield from self.take(pictures)

    def become_layout(self) -> Iterator[Block]:
        """A heading or a table in a cell: what came so far are paragraphs, and so is what follows."""
        if not self.is_layout:
            self.is_layout = True
            yield from self.end_row()
            yield from self.take()

    def finish(self) -> Iterator[Block]:
        yield from self.end_row()
        yield from self.take()

    def take(self, pictures: tuple[Picture, ...] = ()) -> Iterator[Block]:
        texts = self._grid.lines() if self.is_layout else self._grid.take()
        yield from map(Passage, texts)
        if pictures:
            yield Passage("", pictures)


class CellBox(Box):
    """`<td>`, `<th>` of a table."""

    def __init__(self, tag: str, table: TableBox, *, colspan: str, rowspan: str) -> None:
        super().__init__(tag)
        self._table = table
        self._spans = {"colspan": colspan, "rowspan": rowspan}
        self._parts: list[str] = []

    def accept(self, block: Block) -> Iterator[Block]:
        if not isinstance(block, Passage):
            yield from self.become_layout()
        if self._table.is_layout or not isinstance(block, Passage):
            yield block
            return
        self._table.pictures.extend(block.pictures)
        if block.text:
            self._parts.append(re.sub(r"\s+", " ", block.text))

    def become_layout(self) -> Iterator[Block]:
        yield from self._table.become_layout()
        yield from (Passage(part) for part in self._parts)
        self._parts = []

    def finish(self) -> Iterator[Block]:
        if not self._table.is_layout:
            self._table.add_cell(" ".join(self._parts), is_header=self.tag == "th", **self._spans)
        yield from ()


class FigureBox(Box):
    """`<figure>`: its pictures share the caption."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.pictures: list[Picture] = []
        self.caption = ""

    def accept(self, block: Block) -> Iterator[Block]:
        if isinstance(block, Passage):
            self.pictures.extend(block.pictures)
            block = replace(block, pictures=())
            if not block.text:
                return
        yield block

    def finish(self) -> Iterator[Block]:
        if self.pictures:
            yield Passage("", tuple(replace(p, caption=p.caption or self.caption) for p in self.pictures))
        elif self.caption:
            yield Passage(self.caption)


class CaptionBox(Box):
    """`<figcaption>`."""

    def __init__(self, tag: str, figure: FigureBox) -> None:
        super().__init__(tag)
        self._figure = figure

    def accept(self, block: Block) -> Iterator[Block]:
        self._figure.caption = f"{self._figure.caption} {block.text}".strip()
        if isinstance(block, Passage):
            self._figure.pictures.extend(block.pictures)
        yield from ()


class HeadingBox(Box):
    """`<h1>` to `<h6>`."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self._parts: list[str] = []
        self._pictures: list[Picture] = []

    def accept(self, block: Block) -> Iterator[Block]:
        self._parts.append(block.text)
        if isinstance(block, Passage):
            self._pictures.extend(block.pictures)
        yield from ()

    def finish(self) -> Iterator[Block]:
        title = " ".join(" ".join(self._parts).split()) or " ".join(p.alt for p in self._pictures).strip()
        if title:
            yield Heading(int(self.tag[1]), title)
        if self._pictures:
            yield Passage("", tuple(self._pictures))


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """Markdown of a table whose first row is its header."""
    header, *rest = [[one_line(cell) for cell in row[:MAX_COLUMNS]] for row in rows]
    return "\n".join(markdown_rows(header, rest, max(map(len, rows))))


def _span(attribute: str) -> int:
    """Browsers take a span that is no number for 1."""
    return int(attribute) if attribute.isdecimal() and len(attribute) < 6 else 1
