"""Markers `[n]` in an answer, checked against its sources. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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


def find_citations(text: str, n_sources: int) -> tuple[Citation, ...]:
    """Every number in every marker, in the order of the text.

    Understands `[1]`, `[1, 2]`, `[1][2]`, `[1-3]`, `[^1]`, `[Source 1]` and full-width forms, in code as elsewhere.
    A range yields each source in it once, and its ends where no source has them.

    Args:
        text: the answer.
        n_sources: sources are numbered from 1 to this.

    Returns:
        Citations whose `hit` is None where no source has the number.
    """
    return tuple(
        Citation(number, marker.start(), number - 1 if 1 <= number <= n_sources else None)
        for marker in _MARKER.finditer(text)
        for number in _expanded(marker[1], n_sources)
    )


def _expanded(numbers: str, n_sources: int) -> Iterator[int]:
    for part in _SEPARATOR.split(numbers):
        ends = sorted(int(digits) for digits in _DIGITS.findall(part))
        first, last = ends[0], ends[-1]
        yield from range(max(first, 1), min(last, n_sources) + 1)
        yield from sorted({end for end in (first, last) if not 1 <= end <= n_sources})


def citation_notes(text: str, citations: Sequence[Citation], n_sources: int) -> tuple[Note, ...]:
    """What a reader must know: numbers without a source, or an answer that cites nothing."""
    wrong = sorted({citation.number for citation in citations if citation.hit is None})
    notes: list[Note] = []
    if wrong:
        listed = ", ".join(f"[{number}]" for number in wrong)
        said = f"the answer cites {listed}, but there are only {n_sources} sources: do not rely on it there"
        notes.append(Note("citation_unknown", said))
    if text.strip() and len(wrong) == len({citation.number for citation in citations}):
        notes.append(Note("no_citation", _NO_CITATION))
    return tuple(notes)
