"""Headings of a PDF without an outline: paragraphs that are larger or bolder than the text they stand over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.parse.blocks import CAPTION
from ingest.parse.pdf.layout import Paragraph
from ingest.parse.pdf.words.joining import LEADERS
from ingest.parse.pdf.words.lines import Line

_MAX_CHARS = 200
_MAX_BOLD_CHARS = 120
_MAX_LINES = 3
_LARGER = 1.12
_MAX_BOLD_SHARE = 0.5
_NUMBER = re.compile(
    r"(?:(?:chapter|section|part|appendix|kapitel|abschnitt|teil|chapitre|capítulo|capitolo)\s+)?"
    r"(?P<number>\d{1,3}(?:\.\d{1,3})*|[A-Z](?:\.\d{1,3})+)[.)]?\s+\D",
    re.IGNORECASE,
)
_TABLE_CAPTION = re.compile(r"(?:table|tab\.|tabelle|tableau|tabla|tabella|表|표)\s*[A-Z]?\d", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_WIDE = re.compile(r"[\u2e80-\ud7ff\uf900-\ufaff]")


@dataclass(frozen=True, slots=True)
class _Open:
    """A heading that holds."""

    text: str
    size: float
    is_bold: bool
    depth: int

    def is_over(self, other: _Open) -> bool:
        """Whether another heading stands under this one: by their numbers, or else by their looks."""
        if self.depth and other.depth:
            return self.depth < other.depth
        if abs(self.size - other.size) > 0.5:
            return self.size > other.size
        return self.is_bold and not other.is_bold


class Headings:
    """Finds headings page by page, in order.

    Attributes:
        path: at the end of the last page asked for.
    """

    def __init__(self) -> None:
        self.path: tuple[str, ...] = ()
        self._open: list[_Open] = []
        self._sizes: Counter[float] = Counter()
        self._bold: Counter[bool] = Counter()

    def learn(self, lines: Iterable[Line]) -> None:
        """Takes in the sizes of a page's type, before its turn comes: the most frequent is the text's."""
        for line in lines:
            if line.size and not line.is_aside:
                self._sizes[_rounded(line.size)] += len(line.text)
                self._bold[line.is_bold] += len(line.text)

    def enter(self, heading: Paragraph) -> tuple[str, ...]:
        """A heading begins; gives the path from it on."""
        number = _NUMBER.match(heading.text)
        depth = number["number"].count(".") + 1 if number else 0
        new = _Open(" ".join(heading.text.split()), _rounded(heading.size), heading.is_bold, depth)
        while self._open and not self._open[-1].is_over(new):
            self._open.pop()
        self._open.append(new)
        self.path = tuple(opened.text for opened in self._open)
        return self.path

    def find(self, paragraphs: Sequence[Paragraph], running: set[str]) -> list[bool]:
        """Which paragraphs of a page are headings.

        Args:
            paragraphs: in reading order.
            running: `shape` of what stands on neighbouring pages too, at the same height.
        """
        body = self._sizes.most_common(1)[0][0] if self._sizes else 0.0
        is_bold_text = self._bold[True] > self._bold[False]
        looks = [0 if shape(p) in running else _looks(p, body, is_bold_text=is_bold_text) for p in paragraphs]
        if sum(1 for look in looks if look == 1) > max(2, _MAX_BOLD_SHARE * len(looks)):
            looks = [0 if look == 1 else look for look in looks]
        return [bool(look) and not _is_in_a_list(n, looks, paragraphs) for n, look in enumerate(looks)]


def shape(paragraph: Paragraph | Line) -> str:
    """Equal for a running title on two pages, whatever the page's number in it."""
    return f"{round(paragraph.box.middle_y / 4)} {_DIGITS.sub('#', paragraph.text)}"


def _looks(paragraph: Paragraph, body: float, *, is_bold_text: bool) -> int:
    """2 for larger than the text, 1 for as large but bold, 0 for text."""
    text = paragraph.text
    if paragraph.table or paragraph.is_aside or not paragraph.size or paragraph.n_lines > _MAX_LINES:
        return 0
    n_letters = sum(map(str.isalpha, text))
    if len(text) > _MAX_CHARS or n_letters < (1 if _WIDE.search(text) else 2) or n_letters * 3 < len(text):
        return 0
    if CAPTION.match(text) or _TABLE_CAPTION.match(text) or LEADERS.search(text) or text.endswith((",", ";")):
        return 0
    is_sentence = text.endswith((".", "。")) and not _NUMBER.match(text)
    if _rounded(paragraph.size) >= _LARGER * body and not (is_sentence and paragraph.n_lines > 1):
        return 2
    is_bold = paragraph.is_bold and not is_bold_text and paragraph.size > 0.95 * body
    return int(is_bold and not is_sentence and not text.endswith((":", "：")) and len(text) <= _MAX_BOLD_CHARS)


def _is_in_a_list(n: int, looks: Sequence[int], paragraphs: Sequence[Paragraph]) -> bool:
    """Neighbours look the same and nothing stands between: authors under a title, entries of contents."""
    here = paragraphs[n]
    if _NUMBER.match(here.text):
        return False

    def is_like(other: int) -> bool:
        if not 0 <= other < len(paragraphs) or not looks[other]:
            return False
        there = paragraphs[other]
        return _rounded(there.size) == _rounded(here.size) and there.is_bold == here.is_bold

    return is_like(n - 1) or is_like(n + 1)


def _rounded(size: float) -> float:
    return round(2 * size) / 2
