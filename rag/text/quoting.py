"""Foreign text on its way into a prompt or onto a terminal: it stays data. Pure."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable

_BARS = re.compile(r"<(?=[|｜])|(?<=[|｜])>")
_TAGS = re.compile(
    r"<(?=/?(?:s|bos|eos|unk|pad|cls|sep|mask|think|image|img|tool_call|tool_response|tools|unused\d+"
    r"|(?:start|end)_of_(?:turn|image|text)|(?:start|end)of(?:turn|text)|system|user|assistant)\s*>|<SYS>>|</SYS>>)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[(?=/?[A-Z_]{3,40}\]|img-\d)")
_FENCES = re.compile(r"<(?=<<)|(?<=>>)>")
_BEGINS = re.compile(r"[<>\[]")
_KEPT = "\n\t\u200c\u200d"
"""Joiners are spelling in Persian, in Indic scripts and in emoji."""
_NEWLINES = re.compile(r"\r\n?|[\v\f\u2028\u2029\x85]")


def plain(text: str) -> str:
    """The text without control, surrogate and direction characters, line ends as LF: safe to print on a terminal."""
    if text.replace("\n", " ").replace("\t", " ").isprintable():  # most texts: nothing that has to go
        return text
    text = _NEWLINES.sub("\n", text)
    return "".join(char for char in text if char in _KEPT or unicodedata.category(char) not in {"Cc", "Cs", "Cf"})


def quoted(text: str) -> str:
    """The text with everything taken apart that a chat template, Ollama or our own delimiters could act on.

    Ollama tokenises the finished prompt with special tokens on, so `<|im_end|>` inside a document would end the
    message for real; and it replaces `[img-0]` by a picture. A space inside such a mark takes its power away and
    leaves it readable. Control, surrogate and direction characters are dropped, line ends become LF.
    """
    text = plain(text)
    if not _BEGINS.search(text):  # most texts: nothing that could be such a mark
        return text
    for mark in (_FENCES, _BARS, _TAGS, _BRACKETS):
        text = mark.sub(_parted, text)
    return text


def quoted_line(text: str) -> str:
    """`quoted`, on one line: for a header, where a line end would begin a header of its own."""
    return " ".join(quoted(text).split())


def value_line(value: object, most_chars: int) -> str:
    """A filter's or column's value as a filter says it, on one line: words in quotes, cut where they are too long."""
    said = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    line = " ".join(plain(said).split())
    return line if len(line) <= most_chars else f"{line[: most_chars - 4]} ..."


def new_boundary(texts: Iterable[str]) -> str:
    """A token no text could have known: 16 hex digits, drawn anew for each request, in none of the texts."""
    held = list(texts)
    while True:
        boundary = secrets.token_hex(8)
        if not any(boundary in text for text in held):
            return boundary


def _parted(match: re.Match[str]) -> str:
    return " >" if match[0] == ">" else f"{match[0]} "
