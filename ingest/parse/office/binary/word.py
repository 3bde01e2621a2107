"""Word documents of 1997 to 2003 (.doc): text by its pieces, headings by their styles, tables by their rows.

Source: [MS-DOC]. Word 6 and 95 keep plain text in one piece; of these the text is read.
"""

from __future__ import annotations

import bisect
import itertools
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.parse.blocks import Block, Heading, Passage, assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from ingest.parse.office.binary.compound import BROKEN, CompoundFile, broken
from ingest.parse.office.binary.office_art import pictures
from ingest.parse.office.binary.word_properties import Paragraphs, Styles, paragraphs_of, styles_of
from ingest.parse.office.package import Embedded
from ingest.parse.office.rtf.tables import RtfTable
from ingest.parse.passed_over import PassedOver
from ingest.parse.pictures import Picture
from rag.errors import DocumentError

_ENCRYPTED, _SECOND_TABLE = 0x0100, 0x0200
_WORD_97 = 0xC1
_COMPRESSED = 0x40000000
_MAX_PIECES = 200_000
_STORIES = ("text", "footnote", "margin", "macro", "comment", "endnote", "text box", "margin text box")
"""In the order in which their characters stand."""
_MARKS = re.compile("[\r\x07\x0c]")
_ANCHOR = "\x01"
_TITLE_STYLE, _CAPTION_STYLE = 62, 34


def parse_legacy_word(file: CompoundFile) -> Iterator[Element]:
    """Elements in reading order; notes, comments and text boxes come after the text, pictures last.

    Raises:
        DocumentError: broken, or protected with a password.
    """
    try:
        embedded, passed_over = Embedded(), PassedOver()
        found = [Picture(embedded.add(data)) for data in pictures(file.read("Data"))]
        document = _Document(file, found)
        blocks = list(document.blocks())
    except (*BROKEN, struct.error) as error:
        raise broken(error) from error
    passed_over.add("embedded objects", sum(name.startswith("objectpool/") for name in file.names) and 1)
    rest = [Passage("", tuple(document.pictures))] if document.pictures else []
    yield from assemble(itertools.chain([file.title()], blocks, rest), embedded.resolve)
    yield from passed_over.warnings()


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of characters: `start` is the number of its first one, `offset` where that lies in the stream."""

    start: int
    text: str
    offset: int
    n_bytes: int  # a character


class _Document:
    def __init__(self, file: CompoundFile, pictures: list[Picture]) -> None:
        self.pictures = pictures
        self._stream = file.read("WordDocument")
        if len(self._stream) < 0x1AA:
            raise DocumentError("the document is broken (it ends within its head): save it again in an office program")
        flags, self._version = self._u16(0x0A), self._u16(2)
        if flags & _ENCRYPTED:
            raise DocumentError("the document is protected with a password: save it without one")
        self._table = file.read("1Table" if flags & _SECOND_TABLE else "0Table")
        self._is_old = self._version < _WORD_97
        self._pieces = [self._old_piece()] if self._is_old else list(self._read_pieces())
        self._starts = [piece.start for piece in self._pieces]
        self._text = "".join(piece.text for piece in self._pieces)
        self._styles: Styles = {} if self._is_old else styles_of(self._table, *self._place(0xA2))
        # A picture's place is known where each of them has one.
        self._places_pictures = self._text[: self._u32(0x4C)].count(_ANCHOR) == len(pictures)
        self._paragraphs: Paragraphs = Paragraphs()
        if not self._is_old:
            self._paragraphs = paragraphs_of(self._stream, self._table, *self._place(0x102))

    def blocks(self) -> Iterator[Block]:
        counts = [self._u32(0x4C + 4 * number) for number in range(len(_STORIES))]
        if self._is_old:
            counts = [len(self._text)]
        start = 0
        margins: dict[str, None] = {}
        body: list[Block] = []
        for story, n_chars in zip(_STORIES, counts, strict=False):
            end = min(start + n_chars, len(self._text))
            if story == "text":
                body.extend(self._story(start, end))
            elif story == "margin":
                lines = (one_line(_readable(part)) for part in _MARKS.split(self._text[start:end]))
                margins.update((line, None) for line in lines if any(map(str.isalnum, line)))
            elif story in {"footnote", "endnote", "comment"}:
                label = "Comment" if story == "comment" else "Note"
                body.extend(Passage(f"{label}: {text}") for text in self._notes(start, end))
            elif story == "text box":
                body.extend(self._story(start, end))
            start = end
        yield from (Passage(f"Header or footer: {line}") for line in margins)
        yield from body

    def _notes(self, start: int, end: int) -> Iterator[str]:
        for part in self._text[start:end].split("\r"):
            if text := one_line(_readable(part)):
                yield text

    def _story(self, start: int, end: int) -> Iterator[Block]:
        table, in_row = RtfTable(), False
        at = start
        cell: list[str] = []
        placed: list[Picture] = []
        while at < end:
            found = _MARKS.search(self._text, at, end)
            stop = found.start() if found else end
            placed.extend(self._placed(at, stop))
            text, mark = _readable(self._text[at:stop]), found[0] if found else "\r"
            about = self._paragraphs.at(self._offset(stop if found else max(at, stop - 1)))
            at = stop + 1
            if mark == "\x07":
                if about.is_row_end or (not self._paragraphs.are_known and not text and in_row):
                    for word, number in about.cells:
                        table.define(word, number)
                    table.end_row()
                    in_row = False
                    if placed:
                        yield from map(Passage, table.take_rows())
                        yield Passage("", tuple(placed))
                        placed = []
                else:
                    table.add_cell(one_line(" ".join([*cell, text])))
                    in_row = True
                cell = []
            elif about.in_table:
                cell.append(text)
            elif text.strip() or placed:
                yield from map(Passage, table.take())
                yield from self._paragraph(text, about.style, about.level, tuple(placed))
                placed = []
        yield from map(Passage, table.take())

    def _placed(self, start: int, end: int) -> list[Picture]:
        """Pictures whose places are in a stretch of the text."""
        n = self._text.count(_ANCHOR, start, end) if self._places_pictures else 0
        placed, self.pictures[:n] = self.pictures[:n], []
        return placed

    def _paragraph(self, text: str, style: int, level: int | None, placed: tuple[Picture, ...]) -> Iterator[Block]:
        kind = self._styles.get(style, 0)
        if level is None and 1 <= kind <= 9:
            level = kind
        if (level or kind == _TITLE_STYLE) and not placed:
            yield Heading(level or 1, one_line(text))
        else:
            yield Passage(text.strip(), placed, is_emphasis=kind == _CAPTION_STYLE and bool(text.strip()))

    def _offset(self, number: int) -> int:
        """Where a character lies in the stream."""
        piece = self._pieces[max(0, bisect.bisect_right(self._starts, number) - 1)]
        return piece.offset + (number - piece.start) * piece.n_bytes

    def _read_pieces(self) -> Iterator[_Piece]:
        at, n_bytes = self._place(0x1A2)
        end = at + n_bytes
        while at + 5 <= min(end, len(self._table)) and self._table[at] == 1:
            at += 3 + int.from_bytes(self._table[at + 1 : at + 3], "little")
        if self._table[at : at + 1] != b"\x02":
            raise DocumentError("the document is broken (its text has no order): save it again in an office program")
        n_bytes = int.from_bytes(self._table[at + 1 : at + 5], "little")
        plc = self._table[at + 5 : at + 5 + n_bytes]
        n_pieces = min((len(plc) - 4) // 12, _MAX_PIECES)
        starts = struct.unpack_from(f"<{n_pieces + 1}I", plc)
        number = 0
        for index in range(n_pieces):
            n_chars = starts[index + 1] - starts[index]
            (packed,) = struct.unpack_from("<I", plc, 4 * (n_pieces + 1) + 8 * index + 2)
            is_narrow = bool(packed & _COMPRESSED)
            offset = (packed & ~_COMPRESSED) // 2 if is_narrow else packed
            if n_chars <= 0 or offset >= len(self._stream):
                continue
            raw = self._stream[offset : offset + n_chars * (1 if is_narrow else 2)]
            text = raw.decode("cp1252", "replace") if is_narrow else raw.decode("utf-16-le", "surrogatepass")
            yield _Piece(number, text, offset, 1 if is_narrow else 2)
            number += len(text)

    def _old_piece(self) -> _Piece:
        start, end = self._u32(0x18), self._u32(0x1C)
        return _Piece(0, self._stream[start:end].decode("cp1252", "replace"), start, 1)

    def _place(self, at: int) -> tuple[int, int]:
        return self._u32(at), self._u32(at + 4)

    def _u16(self, at: int) -> int:
        return int.from_bytes(self._stream[at : at + 2], "little")

    def _u32(self, at: int) -> int:
        return int.from_bytes(self._stream[at : at + 4], "little")


def _readable(text: str) -> str:
    """Without fields' codes and anchors; line breaks stay."""
    if "\x13" in text:
        shown: list[str] = []
        in_code: list[bool] = []  # of each field that is open
        for char in text:
            if char == "\x13":
                in_code.append(True)
            elif char == "\x14" and in_code:
                in_code[-1] = False
            elif char == "\x15" and in_code:
                in_code.pop()
            elif not any(in_code):
                shown.append(char)
        text = "".join(shown)
    text = text.replace("\x0b", "\n").replace("\x1e", "-").replace("\x1f", "").replace("\t", " ")
    return re.sub(r"[\x00-\x08\x0e-\x1d]", "", text)
