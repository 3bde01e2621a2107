"""The records of a binary presentation: a tree of headers with a kind and a length.

Source: [MS-PPT] 2.3.1 and 2.1.2 (how the newest version of each part is found), [MS-ODRAW] 2.2.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

DOCUMENT, SLIDE, SLIDE_ATOM, NOTES, NOTES_ATOM = 0x03E8, 0x03EE, 0x03EF, 0x03F0, 0x03F1
SLIDE_INFO, SLIDE_LIST, SLIDE_PLACE = 0x03F9, 0x0FF0, 0x03F3
TEXT_KIND, TEXT_WIDE, TEXT_NARROW, TEXT_REF, STRING = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E, 0x0FBA
USER_EDIT, PLACES, COMMENT = 0x0FF5, 0x1772, 0x2EE0
SHAPE_GROUP, SHAPE, TEXT_BOX, CHILD_ANCHOR, ANCHOR, TERTIARY = 0xF003, 0xF004, 0xF00D, 0xF00F, 0xF010, 0xF122
PLACEHOLDER, PROPERTIES, HEADERS_FOOTERS = 0x0BC3, 0xF00B, 0x0FD9
_CONTAINER = 0xF
_ALSO_CONTAINERS = frozenset({TEXT_BOX, 0x138A, 0x138B})
_MAX_DEPTH = 40
_MAX_EDITS = 1000
_MAX_PARTS = 100_000


@dataclass(frozen=True, slots=True)
class Record:
    """A record: `start` and `end` of what it holds."""

    kind: int
    instance: int
    is_container: bool
    start: int
    end: int


class Records:
    """The records of a stream."""

    def __init__(self, stream: bytes) -> None:
        self._stream = stream

    def at(self, offset: int) -> Record | None:
        """The record that begins there."""
        if not 0 <= offset <= len(self._stream) - 8:
            return None
        version, kind, size = struct.unpack_from("<HHI", self._stream, offset)
        end = min(offset + 8 + size, len(self._stream))
        is_container = version & 0xF == _CONTAINER or kind in _ALSO_CONTAINERS
        return Record(kind, version >> 4, is_container, offset + 8, end)

    def children(self, parent: Record) -> Iterator[Record]:
        at = parent.start
        while at + 8 <= parent.end and (record := self.at(at)):
            if record.end > parent.end:
                return
            yield record
            at = record.end

    def within(self, parent: Record, *kinds: int, depth: int = 0) -> Iterator[Record]:
        """Records of these kinds anywhere below, in order."""
        for record in self.children(parent):
            if record.kind in kinds:
                yield record
            if record.is_container and depth < _MAX_DEPTH:
                yield from self.within(record, *kinds, depth=depth + 1)

    def body(self, record: Record) -> bytes:
        return self._stream[record.start : record.end]

    def number(self, record: Record, at: int) -> int:
        """The four bytes at a place in a record; 0 where it ends before."""
        return int.from_bytes(self._stream[record.start + at : min(record.start + at + 4, record.end)], "little")

    def text(self, record: Record) -> str:
        """Of a text's or string's record."""
        body = self.body(record)
        if record.kind == TEXT_NARROW:
            return body.decode("latin-1")
        return body[: len(body) // 2 * 2].decode("utf-16-le", "replace")


def newest_places(records: Records, current_user: bytes) -> tuple[dict[int, int], int]:
    """Where the newest version of each part lies, by its number; and the number of the document's own part."""
    offset = int.from_bytes(current_user[16:20], "little")
    offsets: dict[int, int] = {}
    document = 0
    seen: set[int] = set()
    while offset and offset not in seen and len(seen) < _MAX_EDITS:
        seen.add(offset)
        edit = records.at(offset)
        if edit is None or edit.kind != USER_EDIT:
            break
        document = document or records.number(edit, 16)
        table = records.at(records.number(edit, 12))
        if table is not None and table.kind == PLACES:
            for number, offset in _places(records.body(table)):
                offsets.setdefault(number, offset)
        offset = records.number(edit, 8)
    return offsets, document


def _places(body: bytes) -> Iterator[tuple[int, int]]:
    at = n_given = 0
    while at + 4 <= len(body) and n_given < _MAX_PARTS:
        head = int.from_bytes(body[at : at + 4], "little")
        first, count = head & 0xFFFFF, head >> 20
        at += 4
        for number in range(count):
            if at + 4 > len(body):
                return
            yield first + number, int.from_bytes(body[at : at + 4], "little")
            at += 4
            n_given += 1
