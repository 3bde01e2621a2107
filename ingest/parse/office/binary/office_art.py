"""Pictures in the binary formats of Office: PNG and JPEG as they were put in.

Source: [MS-ODRAW] 2.2.23 and following.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLIP = re.compile(rb"..(?:\x1d\xf0|\x1e\xf0)(....)", re.DOTALL)
_MAX_HEAD_BYTES = 64
_MAX_PICTURES = 2000
_DRAWING_GROUP, _CONTINUE = 0x00EB, 0x003C


def pictures(stream: bytes) -> Iterator[bytes]:
    """Pictures whose bytes stand in the stream, in order."""
    at = n_found = 0
    while n_found < _MAX_PICTURES and (found := _BLIP.search(stream, at)):
        at = found.end()
        n_bytes = int.from_bytes(found[1], "little")
        body = stream[at : at + n_bytes]
        starts = [
            start for magic in (b"\x89PNG\r\n", b"\xff\xd8\xff") if (start := body[:_MAX_HEAD_BYTES].find(magic)) >= 0
        ]
        if starts and len(body) == n_bytes:
            yield body[min(starts) :]
            n_found += 1
            at += n_bytes
        else:
            at = found.start() + 1


def workbook_pictures(stream: bytes) -> Iterator[bytes]:
    """Pictures of a binary workbook, whose drawings are cut into records of 8 KB ([MS-XLS] 2.4.172)."""
    at, drawing, is_drawing = 0, bytearray(), False
    while at + 4 <= len(stream):
        kind, size = int.from_bytes(stream[at : at + 2], "little"), int.from_bytes(stream[at + 2 : at + 4], "little")
        is_drawing = kind == _DRAWING_GROUP or (is_drawing and kind == _CONTINUE)
        if is_drawing:
            drawing += stream[at + 4 : at + 4 + size]
        at += 4 + size
    yield from pictures(bytes(drawing))
