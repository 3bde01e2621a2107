"""The words of a PDF page and where they stand: lines, cut where a gap is much wider than a blank."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

import pypdfium2.raw as pdfium_c

from ingest.parse.pdf.geometry import Box, union
from ingest.parse.pdf.words.glyphs import (
    CUT_OFF,
    DOUBTFUL,
    RIGHT_TO_LEFT,
    has_latin,
    in_logical_order,
    is_symbolic,
    repaired,
    whole_code,
)

MAX_CHARS = 400_000
"""A page with more characters than a thick book is cut there."""

_GAP_EMS = 0.8
"""A wider gap parts cells and columns; the blanks of justified lines are seldom wider, and are put together again."""
_HYPHEN = "\ufffe"  # PDFium's sign for a hyphen at a line's end; it gives no line break then
_LINE = re.compile(f"\r\n|{_HYPHEN}")
_WORD = re.compile("[^ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BOLD = re.compile(r"bold|black|heavy|demi|cmb|sfbx|ecbx|(?:^|[-,])b(?:d|i|o|$)", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|slanted|kursiv|cmti|cmsl|ecti|(?:^|[-,])(?:it|i|bi|o)$", re.IGNORECASE)
_BOLD_WEIGHT = 600
_ASCENT, _DESCENT = 0.72, 0.21
"""Of usual type, in its size."""
_LEAST_SIZE = 1.0
_ITALIC_FLAG = 64
_FONT_NAME_BYTES = 128


class Word(NamedTuple):
    """`left` and `right` on the page seen upright."""

    text: str
    left: float
    right: float


class Line(NamedTuple):
    """Words on one baseline that stand no further apart than words do.

    Attributes:
        box: on the page seen upright.
        is_hyphenated: its last word goes on in the next line.
        size: of its font in points, as it is seen.
        row: number of the line in the file that it is a part of: parts of one were written together.
        is_aside: it runs in another direction than the page.
        ends_blank: the file has a blank behind it.
    """

    text: str
    box: Box
    is_hyphenated: bool = False
    size: float = 0.0
    is_bold: bool = False
    is_italic: bool = False
    row: int = -1
    words: tuple[Word, ...] = ()
    is_aside: bool = False
    ends_blank: bool = False


Range: TypeAlias = tuple[int, int]


class _Style(NamedTuple):
    is_bold: bool
    is_italic: bool
    font: str
    is_symbolic: bool


@dataclass(frozen=True, slots=True)
class _Span:
    """A line of the file: characters from `start`, where its words are, their direction in degrees (-1: askew)."""

    start: int
    text: str
    words: list[Range]
    is_hyphenated: bool
    degrees: int
    size: float
    origin: tuple[float, float]


class TextReader:
    """Lines of one page.

    Attributes:
        degrees: where the page's text runs: 0, 90, 180 or 270, counter-clockwise; None where there is none.
    """

    def __init__(self, textpage: Any) -> None:
        self._raw = textpage.raw
        self._styles: dict[tuple[bytes, int], _Style] = {}
        self._numbers = [ctypes.c_double() for _ in range(4)]
        self._matrix = pdfium_c.FS_MATRIX()
        self._name, self._flags = ctypes.create_string_buffer(_FONT_NAME_BYTES), ctypes.c_int()
        self._row = 0
        self._has_symbols = False
        text = _characters(textpage)
        self._is_doubtful = DOUBTFUL.search(text.replace("\r\n", "")) is not None
        self._is_rtl = RIGHT_TO_LEFT.search(text) is not None
        self._spans = list(self._split(text))
        weights: Counter[int] = Counter()
        for span in self._spans:
            weights[span.degrees] += len(span.text)
        upright = [degrees for degrees, _ in weights.most_common() if degrees >= 0]
        self.degrees: int | None = upright[0] if upright else None

    def lines(self) -> list[Line]:
        """In the order of the content stream; those without a box are left out."""
        return [line for span in self._spans for line in self._parts(span)]

    def _split(self, text: str) -> Iterator[_Span]:
        start = 0
        for end, border, is_hyphen in [
            *((match.start(), match.end(), match[0] == _HYPHEN) for match in _LINE.finditer(text)),
            (len(text), len(text), False),
        ]:
            line = text[start:end]
            if words := [match.span() for match in _WORD.finditer(line)]:
                if self._is_rtl:
                    line = in_logical_order(line, start, self._raw)
                telling = start + _telling(words)
                degrees, scale = self._direction(telling)
                size = scale * pdfium_c.FPDFText_GetFontSize(self._raw, telling)
                yield _Span(start, line, words, is_hyphen, degrees, size, (self._matrix.e, self._matrix.f))
            start = border

    def _direction(self, index: int) -> tuple[int, float]:
        """Where a character's line runs, and how much larger it is than its font's size says."""
        matrix = self._matrix
        if not pdfium_c.FPDFText_GetMatrix(self._raw, index, matrix):
            return 0, 1.0
        scale = math.hypot(matrix.c, matrix.d)
        if matrix.b == 0 < matrix.a:
            return 0, scale
        degrees = math.degrees(math.atan2(matrix.b, matrix.a)) % 360
        nearest = round(degrees / 90) * 90
        return (nearest % 360 if abs(degrees - nearest) < 10 else -1), scale

    def _parts(self, span: _Span) -> Iterator[Line]:
        found = span.words
        self._row += 1
        if span.degrees != self.degrees:
            if box := self._drawn_box(span.start, len(span.text)):
                yield self._line(span, found, [], [], box, is_last=True)
            return
        lefts, rights, cuts = self._plain_row(span)
        if lefts:
            for start, end in pairwise([0, *cuts, len(found)]):
                words = found[start:end] if cuts else found
                box = self._box(span, words[0][0], lefts[start], rights[end - 1])
                yield self._line(span, words, lefts[start:end], rights[start:end], box, is_last=end == len(found))
            return
        found = [part for word in found for part in self._on_one_level(span, *word)]
        places = [self._word_box(span.start + first, span.start + end - 1) for first, end in found]
        for n, row in enumerate(_levels(places, 0.6 * span.size)):
            self._row += n > 0
            for group in _groups(row, places, _GAP_EMS * span.size):
                words, boxes = [found[n] for n in group], [places[n] for n in group]
                lefts, rights = [box.left for box in boxes], [box.right for box in boxes]
                box = self._box(span, words[0][0], min(lefts), max(rights))
                yield self._line(span, words, lefts, rights, box, is_last=group[-1] == len(found) - 1)

    def _line(
        self, span: _Span, found: list[Range], lefts: list[float], rights: list[float], box: Box, *, is_last: bool
    ) -> Line:
        end = found[-1][1]
        is_bold, is_italic, _, _ = self._style(span.start + _telling(found))
        if is_bold or is_italic:
            tail = self._style(span.start + end - 1)
            is_bold, is_italic = is_bold and tail.is_bold, is_italic and tail.is_italic
        text = span.text
        texts = [text[start:stop] for start, stop in found]
        if self._is_doubtful or self._has_symbols:
            texts = [self._repaired(word, span.start + start) for word, (start, _) in zip(texts, found, strict=True)]
        return Line(
            " ".join(texts),
            box,
            span.is_hyphenated and is_last,
            span.size,
            is_bold,
            is_italic,
            self._row,
            tuple(map(Word, texts, lefts, rights)),
            not lefts,
            is_last and end < len(text),
        )

    def _repaired(self, text: str, index: int) -> str:
        style = self._style(index)
        if DOUBTFUL.search(text) or (style.is_symbolic and has_latin(text)):
            return repaired(text, style.font)
        return text

    def _style(self, index: int) -> _Style:
        name, flags = self._name, self._flags
        n_bytes = pdfium_c.FPDFText_GetFontInfo(self._raw, index, name, _FONT_NAME_BYTES, flags)
        key = (name.value, flags.value) if n_bytes else (b"", 0)
        if key not in self._styles:
            font = key[0].decode("utf-8", "replace")
            font = font.partition("+")[2] or font
            is_bold = _BOLD.search(font) is not None or (
                pdfium_c.FPDFText_GetFontWeight(self._raw, index) >= _BOLD_WEIGHT
            )
            is_italic = _ITALIC.search(font) is not None or bool(key[1] & _ITALIC_FLAG)
            self._styles[key] = _Style(is_bold, is_italic, font, is_symbolic(font))
            self._has_symbols = self._has_symbols or self._styles[key].is_symbolic
        return self._styles[key]

    def _plain_row(self, span: _Span) -> tuple[list[float], list[float], list[int]]:
        """Left and right ends of words that stand one behind the other on one line, and before which the gap is wide.

        Nothing for other lines.

        This is what most lines are, and where most of the time goes: only first and last letters are asked for.
        """
        if self.degrees:
            return [], [], []
        left, right, bottom, top = numbers = self._numbers
        raw, char_box, offset = self._raw, pdfium_c.FPDFText_GetCharBox, span.start
        gap = _GAP_EMS * span.size
        lefts: list[float] = []
        rights: list[float] = []
        cuts: list[int] = []
        end, low, high = float("nan"), 0.0, 0.0
        for first, stop in span.words:
            char_box(raw, offset + first, *numbers)
            x, y1, y2 = left.value, bottom.value, top.value
            if end == end:  # not the first
                if x - end < -gap or y1 >= high or low >= y2:
                    return [], [], []
                if x - end > gap:
                    cuts.append(len(lefts))
            if stop - first > 1:
                char_box(raw, offset + stop - 1, *numbers)
            end, low, high = right.value, y1, y2
            if end < x or bottom.value >= y2 or top.value <= y1:
                return [], [], []
            lefts.append(x)
            rights.append(end)
        return lefts, rights, cuts

    def _on_one_level(self, span: _Span, first: int, end: int) -> Iterator[Range]:
        """A word, cut where it goes on in another line: PDFium glues a short number to the one below it."""
        head, tail = self._char_box(span.start + first), self._char_box(span.start + end - 1)
        if end - first < 2 or (head.overlap_y(tail) > 0 and head.overlap_x(tail) <= 0):
            yield first, end
            return
        heights = [self._baseline(span.start + index) for index in range(first, end)]
        start = first
        for index, (above, below) in enumerate(pairwise(heights), start=first + 1):
            if abs(above - below) > 0.6 * span.size:
                yield start, index
                start = index
        yield start, end

    def _baseline(self, index: int) -> float:
        x, y = self._numbers[:2]
        pdfium_c.FPDFText_GetCharOrigin(self._raw, index, x, y)
        return Box(x.value, y.value, x.value, y.value).turned(self.degrees or 0).bottom

    def _word_box(self, first: int, last: int) -> Box:
        box = self._char_box(first)
        return (box.union(self._char_box(last)) if last > first else box).turned(self.degrees or 0)

    def _char_box(self, index: int) -> Box:
        left, right, bottom, top = self._numbers
        pdfium_c.FPDFText_GetCharBox(self._raw, index, left, right, bottom, top)
        return Box(left.value, bottom.value, right.value, top.value)

    def _box(self, span: _Span, first: int, left: float, right: float) -> Box:
        """As wide as its words, as high as its type: letters differ, and lines of one type should not."""
        x, y = span.origin
        if first != span.words[0][0] and pdfium_c.FPDFText_GetMatrix(self._raw, span.start + first, self._matrix):
            x, y = self._matrix.e, self._matrix.f
        baseline = Box(x, y, x, y).turned(self.degrees).bottom if self.degrees else y
        size = max(span.size, _LEAST_SIZE)
        return Box(left, baseline - _DESCENT * size, right, baseline + _ASCENT * size)

    def _drawn_box(self, start: int, count: int) -> Box | None:
        left, right, bottom, top = self._numbers
        boxes = []
        for index in range(max(0, pdfium_c.FPDFText_CountRects(self._raw, start, count))):
            pdfium_c.FPDFText_GetRect(self._raw, index, left, top, right, bottom)
            boxes.append(Box(left.value, bottom.value, right.value, top.value))
        return union(boxes).turned(self.degrees or 0) if boxes else None


def _telling(words: list[Range]) -> int:
    """Where the type of a line shows: not at a bullet, which has a font of its own."""
    first, end = words[0]
    return words[1][0] if end - first == 1 and len(words) > 1 else first


def _levels(places: list[Box], reach: float) -> list[list[int]]:
    """Words by height: what was put on a page later comes as one line though it stands all over the page."""
    levels: list[list[int]] = [[0]]
    middle = places[0].middle_y
    for n, place in enumerate(places[1:], start=1):
        if place.height > 0 and abs(place.middle_y - middle) > reach and place.overlap_y(places[levels[-1][-1]]) <= 0:
            levels.append([])
            middle = place.middle_y
        levels[-1].append(n)
    return levels


def _groups(row: list[int], places: list[Box], gap: float) -> list[list[int]]:
    """Words in groups with at least `gap` points between them, in the file's order, whatever their script's."""
    groups: list[list[int]] = []
    end = float("-inf")
    for n in sorted(row, key=lambda n: places[n].left):
        if places[n].left - end > gap:
            groups.append([])
        groups[-1].append(n)
        end = max(end, places[n].right)
    return sorted(sorted(group) for group in groups)


def _characters(textpage: Any) -> str:
    """One character for each of PDFium's, halves of UTF-16 pairs one by one; its sign for a hyphen is U+FFFE."""
    n_chars = min(textpage.count_chars(), MAX_CHARS)
    if n_chars <= 0:
        return ""
    raw = textpage.raw
    units = (ctypes.c_ushort * (n_chars + 1))()
    n_units = pdfium_c.FPDFText_GetText(raw, 0, n_chars, units) - 1
    if n_units == n_chars:
        text = bytes(units)[: 2 * n_chars].decode("utf-16-le", "surrogatepass")
        text = text if len(text) == n_chars else "".join(map(chr, units[:n_chars]))
        return CUT_OFF.sub(lambda match: _whole(match, raw), text)
    codes = (pdfium_c.FPDFText_GetUnicode(raw, index) for index in range(n_chars))
    return "".join(_HYPHEN if code == 2 else whole_code(code) for code in codes)


def _whole(match: re.Match[str], raw: Any) -> str:
    if ord(match[0]) & 0xC0 != 0x80:
        return match[0]
    return whole_code(pdfium_c.FPDFText_GetUnicode(raw, match.start()))
