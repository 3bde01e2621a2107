"""Letters without the marks on them. Pure."""

from __future__ import annotations

import unicodedata


def unaccented(text: str) -> str:
    """`é` as `e`, and what looks like several letters as these; everything else as it is."""
    if text.isascii():
        return text
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
