"""One hit for what is the same thing twice: near-identical pictures, and equal passages of copied documents."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from rag.types import Record

MAX_DHASH_DISTANCE = 5
"""Of 64 bits. Resized and re-encoded copies of 60 charts were 0 to 6 apart, 98 % of them at most 4; the closest two of
200 different charts were 7 apart, which is why words and shape must agree too."""
MIN_WORD_OVERLAP = 0.6
MAX_ASPECT_RATIO = 1.1


def group(records: Sequence[Record], limit: int) -> dict[int, tuple[str, ...]]:
    """The first `limit` different records in the order given, as places in the list.

    With each, the sources of those behind it that are the same.
    """
    groups: dict[int, dict[str, None]] = {}
    alike: dict[str, list[int]] = defaultdict(list)  # passages by their words, all pictures as one
    for index, record in enumerate(records):
        key = _words(record) if record.kind == "text" else "\0pictures"
        for rival in alike.get(key, ()):
            if is_same(records[rival], record):
                groups[rival][record.source] = None
                break
        else:
            if len(groups) < limit:
                alike[key].append(index)
                groups[index] = {}
    return {
        index: tuple(source for source in sources if source != records[index].source)
        for index, sources in groups.items()
    }


def is_same(a: Record, b: Record) -> bool:
    """Two pictures that a person would call the same, or two passages with the same words from two documents."""
    if a.kind != b.kind:
        return False
    if a.kind == "text":
        return a.doc_id != b.doc_id and bool(a.text) and _words(a) == _words(b)
    if a.metadata.get("asset") and a.metadata.get("asset") == b.metadata.get("asset"):
        return True
    if _is_flat(a) and _is_flat(b) and not _words_inside(a) | _words_inside(b):
        return False
    return _dhash_distance(a, b) <= MAX_DHASH_DISTANCE and _same_shape(a, b) and _same_words(a, b)


def _words(record: Record) -> str:
    """A passage's words, however they are spaced and whatever their capitals."""
    return " ".join(record.text.lower().split())


def _is_flat(record: Record) -> bool:
    """A red page and a blue one both have a hash of (nearly) no bits: without words, nothing says they are the same."""
    return int(str(record.metadata.get("dhash", "")) or "0", 16).bit_count() <= MAX_DHASH_DISTANCE


def hamming(a: str, b: str) -> int:
    """Bits in which two hashes of 16 hex digits differ, 0 to 64; lower is more alike."""
    return (int(a, 16) ^ int(b, 16)).bit_count()


def _dhash_distance(a: Record, b: Record) -> int:
    left, right = str(a.metadata.get("dhash", "")), str(b.metadata.get("dhash", ""))
    return hamming(left, right) if left and right else 64


def _same_shape(a: Record, b: Record) -> bool:
    ratios = [r.metadata.get("width_px", 1) / max(r.metadata.get("height_px", 1), 1) for r in (a, b)]
    return bool(max(ratios) <= MAX_ASPECT_RATIO * min(ratios))


def _same_words(a: Record, b: Record) -> bool:
    left, right = _words_inside(a), _words_inside(b)
    return len(left & right) >= MIN_WORD_OVERLAP * len(left | right)


def _words_inside(record: Record) -> set[str]:
    """Words read in the picture itself: captions may differ between copies."""
    texts = (entry["text"] for entry in record.metadata.get("texts", ()) if entry["origin"] == "ocr")
    return set(re.findall(r"\w+", " ".join(texts).lower()))
