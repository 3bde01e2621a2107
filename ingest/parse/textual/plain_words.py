"""Texts without what is no text: base64, long hexadecimal numbers, data: URIs, lists of numbers without end."""

from __future__ import annotations

import itertools
import re

_DATA_URI = re.compile(
    r"data:[\w.+/-]{0,80}(?:;[\w=.-]{1,80}){0,4};base64,[A-Za-z0-9+/=\\]{40,}(?:\s{1,40}[A-Za-z0-9+/=\\]{40,})*"
)
_LONG_RUN = re.compile(r"[A-Za-z0-9+/_=\\-]{100,}")
_HEX_RUN = re.compile(r"(?:0x)?[0-9a-fA-F]{80,}")
_LINES = re.compile(
    r"(?:^[ \t>*\"']{0,8}[A-Za-z0-9+/]{56,}={0,2}[\"',]{0,2}[ \t]*\n?){3,}"
    r"(?:^[ \t\"']{0,8}(?:[A-Za-z0-9+/]{1,76}={1,2}|[A-Za-z0-9+/]{24,76})[\"',]{0,2}[ \t]*$)?",
    re.MULTILINE,
)
_NUMBER = r"[-+]?\d{1,20}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,3})?"
_NUMBERS = re.compile(rf"(?:{_NUMBER}\s*[,;\s]\s*){{200,}}(?:{_NUMBER})?")
_MIN_CHARS = 60


def without_binary(text: str) -> tuple[str, int]:
    """The text with a blank for each such stretch, and how many characters were left out."""
    if len(text) < _MIN_CHARS:
        return text, 0
    n_before = len(text)
    text = _DATA_URI.sub(" ", text)
    text = _LINES.sub(lambda found: " " if _is_encoded(found[0]) else found[0], text)
    text = _HEX_RUN.sub(" ", text)
    text = _LONG_RUN.sub(lambda found: " " if _is_encoded(found[0]) else found[0], text)
    text = _NUMBERS.sub(" ", text)
    return text, n_before - len(text)


def _is_encoded(run: str) -> bool:
    """Capitals, small letters and digits mixed as no language mixes them: a path or a rule of dashes is none."""
    letters = [c for c in run[:400] if c.isalnum()]
    if len(letters) < 0.8 * sum(not c.isspace() for c in run[:400]):
        return False
    n_changes = sum(_kind(a) != _kind(b) for a, b in itertools.pairwise(letters))
    return n_changes > 0.3 * len(letters)


def _kind(char: str) -> int:
    return 0 if char.isdigit() else 1 if char.isupper() else 2
