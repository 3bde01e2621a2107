"""Markers `[n]` in an answer, checked against its sources. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from rag.trace import Note
from rag.types import Citation

_NUMBERS = r"\d{1,4}(?:\s*[-\u2010-\u2015\u2212~～]\s*\d{1,4})?"
_MARKER = re.compile(
    rf"""[\[［【〔]\s*\^?                                # also full-width, as models of Chinese and Japanese write them
    (?:(?:sources?|quellen?|来源|出典)\s*[:：]?\s*)?
    ({_NUMBERS}(?:\s*[,;，、；]\s*{_NUMBERS})*)
    \s*(?:†[^\]］】〕\n]{{0,40}})?[\]］】〕]               # gpt-oss writes 【3†L10-L12】
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[,;，、；]")
_DIGITS = re.compile(r"\d+")
_NO_CITATION = "the answer cites none of its sources: check it against them before you rely on it"
_PLAIN = re.compile(r"\[(\d{1,4})\]")


def find_citations(text: str, numbers: int | Sequence[int]) -> tuple[Citation, ...]:
    """Every number in every marker, in the order of the text.

    Understands `[1]`, `[1, 2]`, `[1][2]`, `[1-3]`, `[^1]`, `[Source 1]` and full-width forms, in code as elsewhere.
    A range yields each source in it once, and its ends where no source has them.

    Args:
        text: the answer.
        numbers: of the sources, in their order; n for those from 1 to n.

    Returns:
        Citations whose `hit` is None where no source has the number.
    """
    held = range(1, numbers + 1) if isinstance(numbers, int) else numbers
    index = {number: at for at, number in enumerate(held)}
    return tuple(
        Citation(number, marker.start(), index.get(number))
        for marker in _MARKER.finditer(text)
        for number in _expanded(marker[1], index)
    )


def _expanded(numbers: str, held: Collection[int]) -> Iterator[int]:
    for part in _SEPARATOR.split(numbers):
        ends = sorted(int(digits) for digits in _DIGITS.findall(part))
        first, last = ends[0], ends[-1]
        yield from sorted(number for number in held if first <= number <= last)
        yield from sorted({end for end in (first, last) if end not in held})


def renumbered(text: str, numbers: Sequence[int]) -> str:
    """The text with each `[n]` replaced by the n-th of the numbers."""
    return _PLAIN.sub(
        lambda marker: f"[{numbers[int(marker[1]) - 1]}]" if int(marker[1]) <= len(numbers) else marker[0], text
    )


def citation_notes(text: str, citations: Sequence[Citation], numbers: int | Sequence[int]) -> tuple[Note, ...]:
    """What a reader must know: numbers without a source, or an answer that cites nothing."""
    wrong = sorted({citation.number for citation in citations if citation.hit is None})
    notes: list[Note] = []
    if wrong:
        listed = ", ".join(f"[{number}]" for number in wrong)
        said = f"the answer cites {listed}, but there {_are_only(numbers)}: do not rely on it there"
        notes.append(Note("citation_unknown", said))
    if text.strip() and len(wrong) == len({citation.number for citation in citations}):
        notes.append(Note("no_citation", _NO_CITATION))
    return tuple(notes)


def _are_only(numbers: int | Sequence[int]) -> str:
    held = range(1, numbers + 1) if isinstance(numbers, int) else numbers
    if list(held) == list(range(1, len(held) + 1)):
        return f"are only {len(held)} sources"
    return f"are only the sources {', '.join(map(str, sorted(held)))}"
