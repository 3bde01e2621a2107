"""What is typed like an identifier, and whether it stands in a text as it was typed. Pure.

`KX-4400/A`, `1.8.2`, `E21`, `a@b.example`, `/etc/press.conf`, `2024-03-05`, `"a phrase"`: to a model and to a ranking
by words these are two or three words like others, and their neighbour differs by one letter. Here they are one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal, TypeAlias

from rag.text.words import STOPWORDS

Strength: TypeAlias = Literal["certain", "likely", "weak"]
"""`certain`: whoever asks for it wants nothing else; `likely`: such as `G7`, which a text may say otherwise; `weak`: a
word and its number (`Heron 5`), a range, a quantity."""

_ALNUM = r"0-9A-Za-z\u00aa-\u024f\u0370-\u052f"
"""Writings in which spaces part words: `型号KX-4400在` has an identifier in it."""
_JOINERS = r"\-\u2010-\u2014_/.:@\\"
_TOKEN = re.compile(rf"(?:~?/|\\\\)?[{_ALNUM}]+(?:[{_JOINERS}+]{{1,3}}[{_ALNUM}]+)*")
_QUOTED = re.compile(r'"([^"\n]+)"|[“„]([^”“"\n]+)[”“"]|«([^»\n]+)»|「([^」\n]+)」')
_NUMBERED = re.compile(rf"(?<![{_ALNUM}{_JOINERS}])([^\W\d_]{{2,}}) (\d{{1,4}})(?![{_ALNUM}]|[{_JOINERS},]\w)")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")
_SPLIT = re.compile(rf"[{_JOINERS}+]+")
_PIECES = re.compile(r"\d+|[^\W\d_]+")
_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+)+)")
_LOOSE = r"[\W_]{0,2}"
_LONG_NUMBER = 8
"""Digits that people group as they like, such as an ISBN's."""
MIN_SERIES = 3
"""So many of a kind (`error 403`, `error 404`, ...) make a series of which one can be missing."""


@dataclass(frozen=True)
class Identifier:
    """Something of a question that has to be found as it is.

    Attributes:
        text: as it was typed, without quotes.
        strength: how sure it is one.
        is_phrase: it stood in quotes.
    """

    text: str
    strength: Strength
    is_phrase: bool = False

    @cached_property
    def _forms(self) -> tuple[re.Pattern[str], ...]:
        """How it may stand in a text, the closest first: as typed, joined otherwise, as a part of a longer one."""
        words = r"\s+".join(map(re.escape, self.text.split()))
        if version := _VERSION.fullmatch(self.text):
            words = f"v?{re.escape(version[1])}"
        forms = [_bounded(words)]
        if len(self._pieces) > 1:
            forms.append(_bounded(_LOOSE.join(map(re.escape, self._pieces))))
        if not self.is_phrase and self.strength != "weak" and re.search(r"[^\W\d_]", self.text):
            forms.append(re.compile(rf"(?<![{_ALNUM}]){words}(?![{_ALNUM}])", re.IGNORECASE))
        return tuple(forms)

    @property
    def closest(self) -> re.Pattern[str]:
        """The form that is as typed."""
        return self._forms[0]

    @cached_property
    def _pieces(self) -> list[str]:
        """Parts that a text may join otherwise; none of what is nothing but short numbers: 1.82 is not 1.8.2."""
        if self.is_phrase or self.strength == "weak":
            return []
        digits = re.sub(r"\D", "", self.text)
        if not re.search(r"[^\W\d_]", self.text):
            return list(digits) if len(digits) > _LONG_NUMBER else []
        return _PIECES.findall(self.text)

    @cached_property
    def series(self) -> re.Pattern[str]:
        """Finds others of its kind: the same with other numbers."""
        parts = re.split(r"(\d+)", self.text)
        return _bounded("".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts))

    def form_in(self, texts: Iterable[str]) -> re.Pattern[str] | None:
        """The closest form in which one of the texts has it; None where none has."""
        kept = list(texts)
        return next((form for form in self._forms if any(map(form.search, kept))), None)

    def patterns(self) -> tuple[str, ...]:
        """For a filter's `like`: what has it as typed matches one of them, in the usual spellings of its letters."""
        return _spellings("%".join((_VERSION.sub(r"\1", self.text)).split()))

    def loose_patterns(self) -> tuple[str, ...]:
        """Likewise, for where it is joined otherwise; none where it is always typed the same."""
        return _spellings("%".join(self._pieces)) if len(self._pieces) > 1 else ()


def _bounded(pattern: str) -> re.Pattern[str]:
    before = rf"(?<![{_ALNUM}_])(?<![{_ALNUM}][{_JOINERS}])"
    after = rf"(?![{_ALNUM}_])(?![{_JOINERS}][{_ALNUM}])"
    return re.compile(before + pattern + after, re.IGNORECASE)


def _spellings(pattern: str) -> tuple[str, ...]:
    typed = re.sub(r"[\\%]{2,}|\\", "%", pattern)
    return tuple(dict.fromkeys((typed, typed.upper(), typed.lower(), typed.title())))


@lru_cache(maxsize=64)
def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Those of a question, in order, each once."""
    found: dict[str, Identifier] = {}
    rest = text
    for quoted in _QUOTED.finditer(text):
        phrase = " ".join(next(group for group in quoted.groups() if group).split())
        if re.search(r"\w", phrase):
            found.setdefault(phrase.lower(), Identifier(phrase, "certain", is_phrase=True))
        rest = rest.replace(quoted[0], " ")
    for token in _TOKEN.findall(rest):
        strength = _strength(token)
        if strength:
            found.setdefault(token.lower(), Identifier(token, strength))
    for word, number in _NUMBERED.findall(rest):
        if word.lower() not in STOPWORDS and not _YEAR.fullmatch(number):
            found.setdefault(f"{word} {number}".lower(), Identifier(f"{word} {number}", "weak"))
    return tuple(found.values())


def _strength(token: str) -> Strength | None:
    parts = [part for part in _SPLIT.split(token) if part]
    has_digit, has_letter = bool(re.search(r"\d", token)), bool(re.search(r"[^\W\d_]", token))
    if "@" in token:
        return "certain" if len(parts) > 1 else None
    if "\\" in token or token.startswith(("/", "~/")) or "://" in token or token.count("/") > 1:
        return "certain" if has_letter or has_digit else None
    if not has_letter:
        return _of_numbers(token, parts)
    if "_" in token:
        return "certain"
    if not has_digit:
        is_name = "." in token and min(map(len, parts)) > 1
        return "likely" if is_name or re.search(r"[a-z][A-Z]", token) else None
    return _of_letters_and_digits(token, parts)


def _of_numbers(token: str, parts: Sequence[str]) -> Strength | None:
    if len(parts) == 1:
        return "certain" if len(token) >= 5 else None
    if len(parts) > 2 and not re.fullmatch(r"\d{1,3}(?:\.\d{3})+", token):
        return "certain"
    return "weak"


def _of_letters_and_digits(token: str, parts: Sequence[str]) -> Strength | None:
    if re.fullmatch(r"\d[\d.,:]*[a-z]{1,3}", token) or re.match(r"\d[\d-]*(?:-[a-z]{3,})+", token):
        return "weak"  # 10kg, 20th, 1990s; 24-year-old
    if re.fullmatch(r"[^\W\d_]{3,}-\d+s?", token) and not token.split("-")[0].isupper():
        return "likely"  # Covid-19, mid-1990s
    if re.fullmatch(r"[^\W\d_]{4,}\d{1,2}", token) and not token.isupper():
        return "likely"  # python3, Windows11: a text may put a space or more of a version there
    short = len(re.findall(r"\d", token)) == 1 and len(token) <= 3
    return "likely" if short else "certain"
