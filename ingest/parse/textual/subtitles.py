"""Subtitles and transcripts (.srt, .vtt, .sbv, .ass): what is said, without the numbers and codes of the cues."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.parse.clean import one_line
from ingest.parse.decode import decode_text
from ingest.parse.elements import Element, TextElement, Warned

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[,.]\d{1,3})?"
_TIMES = re.compile(rf"\s*{_TIME}\s*(?:-->|,)\s*{_TIME}")
_TAG = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>|</?[a-zA-Z0-9][^<>]{0,200}>|<\d[\d:.]*>|\{\\?[^{}]{0,200}\}")
_PASSAGE_CHARS = 600
_PAUSE_S = 4.0
"""After a longer one, what is said is a paragraph of its own."""


def parse_subtitles(data: bytes) -> Iterator[Element]:
    """Passages of some sentences, each with the time at which it begins."""
    decoded = decode_text(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    cues = _ass_cues(text) if "[Script Info]" in text[:2000] or "\nDialogue:" in text else _cues(text)
    yield from _passages(cues)
    if decoded.warning:
        yield Warned("encoding_guessed", decoded.warning)


def _cues(text: str) -> Iterator[tuple[float, float, str]]:
    """Start, end in seconds, and words."""
    for block in re.split(r"\n[ \t]*\n", text.lstrip("\ufeff")):
        lines = block.strip("\n").split("\n")
        at = next((n for n, line in enumerate(lines[:3]) if _TIMES.match(line)), None)
        if at is None:
            continue
        times = _TIMES.match(lines[at])
        assert times is not None
        words = _said("\n".join(lines[at + 1 :]))
        if words:
            yield _seconds(*times.groups()[:3]), _seconds(*times.groups()[3:]), words


def _ass_cues(text: str) -> Iterator[tuple[float, float, str]]:
    """Advanced SubStation Alpha: lines of commas, the words last."""
    for line in text.split("\n"):
        if line.startswith("Dialogue:"):
            fields = line.partition(":")[2].split(",", 9)
            times = _TIMES.match(f"{fields[1]},{fields[2]}") if len(fields) == 10 else None
            words = _said(fields[-1].replace("\\N", "\n").replace("\\n", "\n")) if times else ""
            if times and words:
                yield _seconds(*times.groups()[:3]), _seconds(*times.groups()[3:]), words


def _said(text: str) -> str:
    """Words without tags; who speaks is named as in a play."""
    return one_line(_TAG.sub(lambda tag: f"{tag[1].strip()}: " if tag[1] else "", text))


def _seconds(hours: str | None, minutes: str, seconds: str) -> float:
    return int(hours or 0) * 3600.0 + int(minutes) * 60.0 + int(seconds)


def _passages(cues: Iterator[tuple[float, float, str]]) -> Iterator[TextElement]:
    words: list[str] = []
    first = last = 0.0
    for start, end, said in cues:
        if words and words[-1] == said:  # cues that roll say their last line again
            last = end
            continue
        is_full = sum(map(len, words)) > _PASSAGE_CHARS or start - last > _PAUSE_S
        if words and is_full:
            yield _passage(first, words)
            words = []
        first = first if words else start
        words.append(said)
        last = end
    if words:
        yield _passage(first, words)


def _passage(start: float, words: list[str]) -> TextElement:
    whole = int(start)
    return TextElement(f"[{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}] {' '.join(words)}")
