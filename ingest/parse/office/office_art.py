"""Pictures in the binary formats of Office: PNG and JPEG as they were put in.

Source: [MS-ODRAW] 2.2.23 and following.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_BLIP = re.compile(rb"..(?:\x1d\xf0|\x1e\xf0)(....)", re.DOTALL)
_MAX_HEAD_BYTES = 64
_MAX_PICTURES = 2000


def pictures(stream: bytes) -> Iterator[bytes]:
    """Pictures whose bytes stand in the stream, in order."""
    at = n_found = 0
    while n_found < _MAX_PICTURES and (found := _BLIP.search(stream, at)):
        at = found.end()
        n_bytes = int.from_bytes(found[1], "little")
        body = stream[at : at + n_bytes]
        starts = [start for magic in (b"\x89PNG\r\n", b"\xff\xd8\xff") if (start := body[:_MAX_HEAD_BYTES].find(magic)) >= 0]
        if starts and len(body) == n_bytes:
            yield body[min(starts) :]
            n_found += 1
            at += n_bytes
        else:
            at = found.start() + 1
