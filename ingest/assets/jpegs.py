"""JPEGs that are kept as they are, without what does not belong to the picture."""

from __future__ import annotations

from collections.abc import Iterator

_START_OF_SCAN, _COMMENT = 0xDA, 0xFE
_APPLICATION = range(0xE1, 0xF0)
_ADOBE = 0xEE
"""How the colours are coded: without it some pictures are shown in false ones."""
_PROFILE, _PROFILE_MARK = 0xE2, b"ICC_PROFILE\0"


def bare_jpeg(data: bytes) -> bytes | None:
    """The same picture without EXIF, XMP, IPTC and comments: where it was taken, by whom, a thumbnail of its past.

    The coded pixels are not touched, so nothing is lost; colour profiles stay.

    Returns:
        None where the segments before the pixels cannot be followed.
    """
    kept = [data[:2]]
    for code, segment in _segments(data):
        if code == _START_OF_SCAN:
            return b"".join([*kept, segment])
        if not _is_foreign(code, segment):
            kept.append(segment)
    return None


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(marker, bytes) of each segment; the last one is the start of the pixels with everything behind it."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        code = data[at + 1]
        if code == 0xFF:  # a byte that fills up
            at += 1
            continue
        if code == _START_OF_SCAN:
            yield code, data[at:]
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield code, data[at:end]
        at = end


def _is_foreign(code: int, segment: bytes) -> bool:
    if code == _PROFILE:
        return not segment[4:].startswith(_PROFILE_MARK)
    return code == _COMMENT or (code in _APPLICATION and code != _ADOBE)
