"""Presentations of PowerPoint 97 to 2003 (.ppt): a slide is a page, its title a heading; then its notes and comments.

Source: [MS-PPT].
"""

from __future__ import annotations

import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.parse.blocks import Block, Heading, Page, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from ingest.parse.grid import TableGrid
from ingest.parse.office.binary import slide_records as ppt
from ingest.parse.office.binary.compound import BROKEN, CompoundFile, broken
from ingest.parse.office.binary.office_art import pictures
from ingest.parse.office.binary.slide_records import Record, Records, newest_places
from ingest.parse.office.package import Embedded
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture
from rag.errors import DocumentError

_TITLES = frozenset({0, 6})
_BODIES = frozenset({1, 5, 7, 8})
_SLIDES = 0
_NOTE_TEXT = 2
_HIDDEN = 0x0004
_TABLE_PROPERTY = 0x039F
_FURNITURE = frozenset({5, 7, 8, 9, 10, 11})
"""Placeholders for the date, the slide's number, footer and header, and the slide's picture on its notes."""
_ENCRYPTED = 0xF3D1C4DF
_MAX_SLIDES = 20_000

_Box = tuple[int, int, int, int]


def parse_legacy_slides(file: CompoundFile) -> Iterator[Element]:
    """Elements slide by slide; pictures come last, since they are kept apart.

    Raises:
        DocumentError: broken, or protected with a password.
    """
    current = file.read("Current User")
    if int.from_bytes(current[12:16], "little") == _ENCRYPTED:
        raise DocumentError("the presentation is protected with a password: save it without one")
    embedded, passed_over = Embedded(), PassedOver()
    try:
        deck = _Deck(Records(file.read("PowerPoint Document")), current)
        blocks = list(deck.blocks(passed_over))
    except (*BROKEN, struct.error) as error:
        raise broken(error) from error
    found = [Passage("", (Picture(embedded.add(data)),)) for data in pictures(file.read("Pictures"))]
    head = file.title(n_pages=len(deck.slides) or None)
    yield from assemble(itertools.chain([head], blocks, found), embedded.resolve)
    yield from passed_over.warnings()


@dataclass(slots=True)
class _Slide:
    """A slide's number for its notes, its own part, and the texts that the outline keeps for it: kind and words."""

    id: int
    part: Record | None
    outline: list[tuple[int, str]]


class _Deck:
    def __init__(self, records: Records, current: bytes) -> None:
        self._records = records
        self._places, number = newest_places(records, current)
        document = records.at(self._places.get(number, -1))
        if document is None or document.kind != ppt.DOCUMENT:
            document = next((r for r in self._top() if r.kind == ppt.DOCUMENT), None)
        if document is None:
            raise DocumentError("the presentation is broken (it has no document): save it again in an office program")
        self.slides = list(self._listed(document, _SLIDES))
        parts = (records.at(offset) for offset in self._places.values())
        notes = [_Slide(0, part, []) for part in parts if part and part.kind == ppt.NOTES]
        self._notes = {self._slide_of(one.part): one for one in notes if one.part}

    def blocks(self, passed_over: PassedOver) -> Iterator[Block | Page]:
        n_hidden = 0
        for number, slide in enumerate(self.slides, start=1):
            yield Page(number)
            n_hidden += self._is_hidden(slide)
            yield from self._slide(slide)
            if (notes := self._notes.get(slide.id)) and (words := "\n".join(self._note_texts(notes))):
                yield Passage(f"Speaker notes: {words}")
            yield from map(Passage, self._comments(slide))
        if n_hidden:
            passed_over.note(f"{n_hidden} hidden slides are read, too")

    def _top(self) -> Iterator[Record]:
        at = 0
        while record := self._records.at(at):
            yield record
            at = record.end

    def _listed(self, document: Record, instance: int) -> Iterator[_Slide]:
        for part in self._records.children(document):
            if part.kind != ppt.SLIDE_LIST or part.instance != instance:
                continue
            slide: _Slide | None = None
            kind = -1
            for record in itertools.islice(self._records.children(part), 20 * _MAX_SLIDES):
                if record.kind == ppt.SLIDE_PLACE:
                    if slide:
                        yield slide
                    offset = self._places.get(self._records.number(record, 0), -1)
                    slide = _Slide(self._records.number(record, 12), self._records.at(offset), [])
                elif record.kind == ppt.TEXT_KIND:
                    kind = self._records.number(record, 0)
                    if slide:
                        slide.outline.append((kind, ""))
                elif record.kind in {ppt.TEXT_WIDE, ppt.TEXT_NARROW} and slide and slide.outline:
                    slide.outline[-1] = (kind, self._records.text(record))
            if slide:
                yield slide

    def _slide(self, slide: _Slide) -> Iterator[Block]:
        shapes = list(self._shapes(slide.part, slide.outline)) if slide.part else []
        used = {text for kind, text, _ in shapes}
        left = [(kind, text) for kind, text in slide.outline if text and text not in used]
        texts = [(kind, text) for kind, text, _ in shapes] + left
        titles = [text for kind, text in texts if kind in _TITLES and text.strip()]
        if titles:
            yield Heading(1, one_line(titles[0]))
        for kind, text in texts:
            if text.strip() and (not titles or text != titles[0]):
                yield Passage(_lines(text, is_list=kind in _BODIES) if kind >= 0 else text)

    def _shapes(self, part: Record, outline: list[tuple[int, str]]) -> Iterator[tuple[int, str, Record]]:
        """Texts of the shapes in their order, a table as one text of kind -1."""
        for group in self._records.within(part, ppt.SHAPE_GROUP):
            yield from self._group(group, outline)
            return  # the first holds all others

    def _group(
        self, group: Record, outline: list[tuple[int, str]], depth: int = 0
    ) -> Iterator[tuple[int, str, Record]]:
        children = list(self._records.children(group))
        if children and self._is_table(children[0]) and (table := self._table(children[1:], outline)):
            yield -1, table, group
            return
        for child in children:
            if child.kind == ppt.SHAPE_GROUP and depth < 20:
                yield from self._group(child, outline, depth + 1)
            elif child.kind == ppt.SHAPE and not self._is_furniture(child):
                yield from ((kind, text, child) for kind, text in self._texts(child, outline))

    def _texts(self, shape: Record, outline: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for box in self._records.within(shape, ppt.TEXT_BOX):
            kind = 4
            for record in self._records.children(box):
                if record.kind == ppt.TEXT_KIND:
                    kind = self._records.number(record, 0)
                elif record.kind in {ppt.TEXT_WIDE, ppt.TEXT_NARROW}:
                    yield kind, self._records.text(record)
                elif record.kind == ppt.TEXT_REF:
                    number = self._records.number(record, 0)
                    if number < len(outline):
                        yield outline[number]

    def _is_table(self, shape: Record) -> bool:
        for record in self._records.within(shape, ppt.TERTIARY):
            body = self._records.body(record)
            ids = (int.from_bytes(body[at : at + 2], "little") & 0x3FFF for at in range(0, 6 * record.instance, 6))
            return _TABLE_PROPERTY in ids
        return False

    def _table(self, shapes: list[Record], outline: list[tuple[int, str]]) -> str:
        """Cells are shapes: their edges tell rows and columns."""
        cells: list[tuple[_Box, str]] = []
        for shape in shapes:
            anchor = next(self._records.within(shape, ppt.CHILD_ANCHOR), None)
            has_text = next(self._records.within(shape, ppt.TEXT_BOX), None) is not None
            if anchor is not None and has_text and anchor.end - anchor.start >= 16:
                left, top, right, bottom = struct.unpack("<4i", self._records.body(anchor)[:16])
                words = " ".join(text for _, text in self._texts(shape, outline))
                cells.append(((left, top, right, bottom), one_line(words)))
        return _grid_text(cells)

    def _is_furniture(self, shape: Record) -> bool:
        offset = next(self._records.within(shape, ppt.PLACEHOLDER), None)
        return offset is not None and self._records.number(offset, 4) & 0xFF in _FURNITURE

    def _is_hidden(self, slide: _Slide) -> bool:
        info = next(self._records.within(slide.part, ppt.SLIDE_INFO), None) if slide.part else None
        return info is not None and bool(self._records.number(info, 8) >> 16 & _HIDDEN)

    def _slide_of(self, notes: Record) -> int:
        atom = next(self._records.within(notes, ppt.NOTES_ATOM), None)
        return self._records.number(atom, 0) if atom else 0

    def _note_texts(self, notes: _Slide) -> Iterator[str]:
        shapes = self._shapes(notes.part, notes.outline) if notes.part else ()
        texts = [text for kind, text, _ in shapes if kind == _NOTE_TEXT] or [text for _, text, _ in shapes]
        yield from (_lines(text, is_list=False) for text in texts if text.strip() and text.strip() != "*")

    def _comments(self, slide: _Slide) -> Iterator[str]:
        for comment in self._records.within(slide.part, ppt.COMMENT) if slide.part else ():
            strings = {
                r.instance: self._records.text(r) for r in self._records.children(comment) if r.kind == ppt.STRING
            }
            author, words = one_line(strings.get(0, "")), one_line(strings.get(1, ""))
            if words:
                yield f"Comment ({author}): {words}" if author else f"Comment: {words}"


def _lines(text: str, *, is_list: bool) -> str:
    lines = [one_line(line) for line in text.replace("\x0b", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    return "\n".join(f"- {line}" for line in lines) if is_list and len(lines) > 1 else "\n".join(lines)


def _grid_text(cells: list[tuple[_Box, str]]) -> str:
    lefts = sorted({box[0] for box, _ in cells} | {max((box[2] for box, _ in cells), default=0)})
    tops = sorted({box[1] for box, _ in cells} | {max((box[3] for box, _ in cells), default=0)})
    grid = TableGrid()
    for row, top in enumerate(tops[:-1]):
        for box, text in sorted((cell for cell in cells if cell[0][1] == top), key=lambda cell: cell[0]):
            n_columns = sum(box[0] <= left < box[2] for left in lefts[:-1])
            n_rows = sum(box[1] <= other < box[3] for other in tops[row:-1])
            grid.add_cell(text, colspan=max(1, n_columns), rowspan=max(1, n_rows))
        grid.end_row()
    return "\n".join(grid.take())
