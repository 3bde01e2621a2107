"""Plain text, and everything that is read as such: paragraphs between blank lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.parse.blocks import PASSAGE_CHARS
from ingest.parse.clean import windows
from ingest.parse.decode import decode_text
from ingest.parse.elements import Element, TextElement, Warned
from ingest.parse.textual.plain_words import without_binary

_PARAGRAPHS = re.compile(r"\n[ \t\r\f]*\n\s*|\f\s*")


def parse_text(data: bytes) -> Iterator[Element]:
    """One element a paragraph; a paragraph of more than 16,000 characters becomes several."""
    decoded = decode_text(data)
    text, n_left_out = without_binary(decoded.text)
    start = 0
    for border in _PARAGRAPHS.finditer(text):
        yield from _paragraph(text[start : border.start()])
        start = border.end()
    yield from _paragraph(text[start:])
    if n_left_out:
        said = f"passed over, characters of base64 and endless numbers, which are no words: {n_left_out:,}"
        yield Warned("part_unread", said)
    if decoded.warning:
        yield Warned("encoding_guessed", decoded.warning)


def _paragraph(text: str) -> Iterator[TextElement]:
    for part in windows(text, PASSAGE_CHARS):
        if part.strip():
            yield TextElement(part.strip("\n").rstrip())
