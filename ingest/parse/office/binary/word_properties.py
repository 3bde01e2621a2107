"""Paragraph properties and styles of binary Word documents.

Source: [MS-DOC] 2.8.5 and 2.9.178 (paragraphs), 2.9.271 (styles), 2.6.3 (tables).
"""

from __future__ import annotations

import bisect
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

Styles: TypeAlias = dict[int, int]
"""The built-in style that each of a document's styles is: 1 to 9 are headings."""

_PAGE_BYTES = 512
_MAX_PAGES = 50_000
_IN_TABLE, _ROW_END, _OUTLINE, _TABLE_DEFINITION = 0x2416, 0x2417, 0x2640, 0xD608
_INNER_ROW_END, _DEPTH = 0x244C, 0x6649
_OPERAND_BYTES = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_CELL_BYTES = 20
_NO_OUTLINE = 9


@dataclass(frozen=True, slots=True)
class About:
    """Properties of a paragraph.

    Attributes:
        style: its number in the document's own list.
        level: of an outline, from 1.
        cells: what describes a row at its end, as words of Rich Text Format.
    """

    style: int = 0
    level: int | None = None
    in_table: bool = False
    is_row_end: bool = False
    cells: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Paragraphs:
    """Properties by where a paragraph lies in the stream."""

    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    about: list[About] = field(default_factory=list)

    @property
    def are_known(self) -> bool:
        return bool(self.starts)

    def at(self, offset: int) -> About:
        index = bisect.bisect_right(self.starts, offset) - 1
        return self.about[index] if index >= 0 and offset < self.ends[index] else About()


def paragraphs_of(stream: bytes, table: bytes, at: int, n_bytes: int) -> Paragraphs:
    """All paragraphs' properties, as far as they can be read."""
    plc = table[at : at + n_bytes]
    n_pages = min(max(0, (len(plc) - 4) // 8), _MAX_PAGES)
    found: dict[int, tuple[int, About]] = {}
    for number in range(n_pages):
        (page,) = struct.unpack_from("<I", plc, 4 * (n_pages + 1) + 4 * number)
        start = (page & 0x3FFFFF) * _PAGE_BYTES
        for first, last, about in _page(stream[start : start + _PAGE_BYTES]):
            found[first] = (last, about)
    paragraphs = Paragraphs()
    for first in sorted(found):
        paragraphs.starts.append(first)
        paragraphs.ends.append(found[first][0])
        paragraphs.about.append(found[first][1])
    return paragraphs


def styles_of(table: bytes, at: int, n_bytes: int) -> Styles:
    """Of the document's style sheet."""
    sheet = table[at : at + n_bytes]
    if len(sheet) < 4:
        return {}
    offset = 2 + int.from_bytes(sheet[:2], "little")
    styles: Styles = {}
    number = 0
    while offset + 2 <= len(sheet) and number < 4096:
        size = int.from_bytes(sheet[offset : offset + 2], "little")
        if size >= 2:
            styles[number] = int.from_bytes(sheet[offset + 2 : offset + 4], "little") & 0x0FFF
        offset += 2 + size + size % 2
        number += 1
    return styles


def _page(page: bytes) -> Iterator[tuple[int, int, About]]:
    if len(page) < _PAGE_BYTES:
        return
    n_runs = page[-1]
    if 4 * (n_runs + 1) + 13 * n_runs > _PAGE_BYTES - 1:
        return
    edges = struct.unpack_from(f"<{n_runs + 1}I", page)
    for run in range(n_runs):
        offset = 2 * page[4 * (n_runs + 1) + 13 * run]
        yield edges[run], edges[run + 1], _about(page, offset) if offset else About()


def _about(page: bytes, offset: int) -> About:
    size = page[offset]
    if size:
        body = page[offset + 1 : offset + 2 * size]
    else:
        body = page[offset + 2 : offset + 2 + 2 * page[offset + 1]] if offset + 1 < len(page) else b""
    if len(body) < 2:
        return About()
    level: int | None = None
    in_table = is_row_end = False
    cells: tuple[tuple[str, int], ...] = ()
    for code, operand in _properties(body[2:]):
        if code == _IN_TABLE:
            in_table = bool(operand[:1].strip(b"\0"))
        elif code == _ROW_END:
            is_row_end = bool(operand[:1].strip(b"\0"))
        elif code == _OUTLINE and operand:
            level = operand[0] + 1 if operand[0] < _NO_OUTLINE else None
        elif code == _TABLE_DEFINITION:
            cells = tuple(_cells(operand))
    return About(int.from_bytes(body[:2], "little"), level, in_table, is_row_end, cells)


def _properties(body: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 2 <= len(body):
        code = int.from_bytes(body[at : at + 2], "little")
        at += 2
        kind = code >> 13
        if kind == 6:
            if code == _TABLE_DEFINITION:
                size = int.from_bytes(body[at : at + 2], "little") - 1
                at += 2
            else:
                size = body[at] if at < len(body) else 0
                at += 1
        else:
            size = _OPERAND_BYTES[kind]
        yield code, body[at : at + size]
        at += max(size, 0)


def _cells(operand: bytes) -> Iterator[tuple[str, int]]:
    """A row's cells: their right edges, and which go on from above or from the left."""
    n_cells = operand[0] if operand else 0
    if len(operand) < 1 + 2 * (n_cells + 1):
        return
    yield "trowd", 0
    edges = struct.unpack_from(f"<{n_cells + 1}h", operand, 1)
    for number in range(n_cells):
        offset = 1 + 2 * (n_cells + 1) + _CELL_BYTES * number
        flags = int.from_bytes(operand[offset : offset + 2], "little")
        if flags >> 5 & 3 == 1:
            yield "clvmrg", 0
        if flags & 3 == 2:
            yield "clmrg", 0
        yield "cellx", edges[number + 1]
