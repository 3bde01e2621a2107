"""Addresses in an answer's text, taken apart: front ends draw it as Markdown and load what it names.

A poisoned document can have a model write a picture whose address holds the conversation; drawing it sends that away.
A space is put where Markdown and HTML allow none, so the words stay readable and nothing is a link, a picture or a tag
any more. Pure.
"""

from __future__ import annotations

import re

from rag.trace import Note

_PARTS = re.compile(
    r"\](?=[(:])"  # [words](address), ![words](address), [name]: address
    r"|<(?=[A-Za-z/!?])"
    r"|:(?=//)"
    r"|(?<![\w.])www\.(?=\w)",
    re.IGNORECASE,
)
_OPEN = re.compile(r"(?:\]|<|:/?|(?<![\w.])w{1,3}|(?<![\w.])www\.)\Z", re.IGNORECASE)
"""An end that what comes next may complete."""
_HELD_CHARS = 8

NOTE = Note(
    "addresses_broken",
    "addresses in the answer were taken apart, so that nothing is loaded from them (RAG_SERVE_LINKS=true keeps them)",
)


def broken(text: str) -> str:
    """The text without links, pictures and tags."""
    return _PARTS.sub(lambda found: f"{found[0]} ", text)


class AddressBreaker:
    """`broken` for a text that comes piece by piece; gives the same, however it is cut.

    Attributes:
        found: whether something was taken apart.
    """

    def __init__(self) -> None:
        self._held = ""
        self._before = ""
        self.found = False

    def feed(self, piece: str) -> str:
        """What may be shown now: an end that could become an address is held back."""
        text = self._held + piece
        opened = _OPEN.search(text, max(0, len(text) - _HELD_CHARS))
        at = opened.start() if opened else len(text)
        return self._shown(text[:at], text[at:])

    def flush(self) -> str:
        return self._shown(self._held, "")

    def _shown(self, text: str, held: str) -> str:
        """What is held is looked at, too: a mark may stand right before it."""
        self._held = held
        whole = f"{self._before}{text}{held}"
        start, end = len(self._before), len(self._before) + len(text)
        parts, last = list[str](), start
        for found in _PARTS.finditer(whole, start):
            if found.end() > end:
                break
            parts += [whole[last : found.end()], " "]
            last = found.end()
        self.found = self.found or len(parts) > 0
        if text:
            self._before = text[-1]
        return "".join([*parts, whole[last:end]])
