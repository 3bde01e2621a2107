"""The words of a question with what their spelling tells. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rag.text.accents import unaccented

_TOKEN = re.compile(r"\d{4}-\d{1,2}(?:-\d{1,2})?(?!\w)|\d{1,2}[./]\d{1,2}[./]\d{4}(?!\w)|\.\w+|\w+")
_QUOTED = re.compile(r'"[^"\n]+"|[“„][^”“"\n]+[”“"]|«[^»\n]+»|「[^」\n]+」')
_ENDS = re.compile(r"[.!?:;]\s|[\n()]")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a question.

    Attributes:
        text: as it was typed.
        word: in small letters, without accents.
        start, end: where it stands in the question.
        is_quoted: it stands in quotes and means itself.
        begins: nothing stands before it in its sentence, so that its capital letter says nothing.
    """

    text: str
    word: str
    start: int
    end: int
    is_quoted: bool
    begins: bool

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def tokens_of(text: str) -> list[Token]:
    quoted = [match.span() for match in _QUOTED.finditer(text)]
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        between = text[found[-1].end : start] if found else "\n"
        is_quoted = any(low < start < high for low, high in quoted)
        found.append(Token(match[0], folded(match[0]), start, end, is_quoted, bool(_ENDS.search(between))))
    return found


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """In small letters without accents: `Málaga` and `malaga` are one, `Straße` and `strasse` too."""
    return unaccented(text.casefold())


def phrase_of(text: str) -> str:
    """A value as the words of a question would say it: `H. Vosper` is `h vosper`."""
    return " ".join(token.word for token in tokens_of(text))


def said(text: str, tokens: Sequence[Token]) -> str:
    """What of a question these tokens, which follow each other, stand for."""
    return text[tokens[0].start : tokens[-1].end]
