"""Where the words of a PDF page stand: lines and paragraphs with their boxes, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium_c

from ingest.parse.blocks import CAPTION

MAX_CHARS = 400_000
"""A page with more characters than a thick book is cut there."""

_COLUMN_MEMORY = 8

_HYPHEN = 0x02  # PDFium's sign for a hyphen at a line's end; it gives no line break then
_BULLET = re.compile(r"[•◦‣▪●■□–*\-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s")
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


class Box(NamedTuple):
    """A rectangle in PDF points, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def area(self) -> float:
        return max(0.0, self.width) * max(0.0, self.height)

    def union(self, other: Box) -> Box:
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def intersection(self, other: Box) -> Box:
        """With no area where they do not meet."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def grown(self, points: float) -> Box:
        return Box(self.left - points, self.bottom - points, self.right + points, self.top + points)

    def meets(self, other: Box) -> bool:
        shared = self.intersection(other)
        return shared.width > 0 and shared.height > 0

    def gap_above(self, other: Box) -> float:
        """Points between this box's top and the bottom of one above it; negative where they overlap."""
        return other.bottom - self.top

    def overlap_x(self, other: Box) -> float:
        return min(self.right, other.right) - max(self.left, other.left)


class Line(NamedTuple):
    """`is_hyphenated`: its last word goes on in the next line."""

    text: str
    box: Box
    is_hyphenated: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    box: Box


def union(boxes: Iterable[Box]) -> Box:
    """Raises ValueError for none."""
    boxes = list(boxes)
    return Box(
        min(box.left for box in boxes),
        min(box.bottom for box in boxes),
        max(box.right for box in boxes),
        max(box.top for box in boxes),
    )


def page_lines(textpage: Any) -> list[Line]:
    """The lines of a `pypdfium2.PdfTextPage` in the order of the content stream; those without a box are left out."""
    lines: list[Line] = []
    start, letters = 0, []
    n_chars = min(textpage.count_chars(), MAX_CHARS)
    for index in range(n_chars + 1):
        code = pdfium_c.FPDFText_GetUnicode(textpage, index) if index < n_chars else 0x0A
        if code not in {0x0A, 0x0D, _HYPHEN}:
            letters.append(chr(code) if 0 < code < 0x110000 else "\ufffd")
            continue
        text = "".join(letters).strip()
        if text and (box := _box(textpage, start, index - start)):
            lines.append(Line(text, box, code == _HYPHEN))
        start, letters = index + 1, []
    return lines


def _box(textpage: Any, start: int, count: int) -> Box | None:
    boxes = []
    for index in range(max(0, pdfium_c.FPDFText_CountRects(textpage, start, count))):
        left, bottom, right, top = textpage.get_rect(index)
        boxes.append(Box(left, bottom, right, top))
    return union(boxes) if boxes else None


def paragraphs(lines: Sequence[Line]) -> list[Paragraph]:
    """Lines that belong together, joined: hyphens at line ends taken out, short lines (code, verse) kept apart."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _continues(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Paragraph(_join(group), union(line.box for line in group)) for group in groups]


def is_disordered(lines: Sequence[Line]) -> bool:
    """The content stream jumps about: over a fifth of the lines stand above the last line in the same column."""
    jumps = 0
    for n, line in enumerate(lines):
        recent = lines[max(0, n - _COLUMN_MEMORY) : n]
        last = next((before for before in reversed(recent) if before.box.overlap_x(line.box) > 0), line)
        jumps += last.box.gap_above(line.box) > 0
    return len(lines) > 5 and jumps * 5 > len(lines)


def in_reading_order(lines: Sequence[Line]) -> list[Line]:
    """Lines sorted by cutting the page at its widest white bands, first across, then down (XY-cut).

    Source: Nagy, Seth, Viswanathan, A prototype document image analysis system (1992).
    """
    if len(lines) < 2:
        return list(lines)
    height = median(line.box.height for line in lines)
    columns = _cut(lines, lambda box: (box.left, box.right), height)
    rows = _cut(lines, lambda box: (-box.top, -box.bottom), height * 0.7)
    if len(columns) < 2 and len(rows) < 2:
        return sorted(lines, key=lambda line: (-line.box.top, line.box.left))
    groups = columns if len(columns) > 1 else rows
    return [line for group in groups for line in in_reading_order(group)]


def _cut(lines: Sequence[Line], span: Any, gap: float) -> list[list[Line]]:
    """Groups of lines between which a band of at least `gap` points is empty."""
    groups: list[list[Line]] = []
    end = float("-inf")
    for line in sorted(lines, key=lambda line: span(line.box)):
        low, high = span(line.box)
        if low - end >= gap or not groups:
            groups.append([])
        groups[-1].append(line)
        end = max(end, high)
    return groups


def _continues(group: Sequence[Line], line: Line) -> bool:
    last = group[-1]
    if last.is_hyphenated:
        return True
    height = max(min(last.box.height, line.box.height), 1.0)
    gap = line.box.gap_above(last.box)
    if gap > 0.75 * height or gap < -1.5 * height or line.box.overlap_x(last.box) <= 0:
        return False
    if max(last.box.height, line.box.height) > 1.45 * height or _BULLET.match(line.text) or CAPTION.match(line.text):
        return False
    column = union(part.box for part in group[-8:])
    ends_early = last.box.right < column.right - 0.25 * column.width
    return not (len(group) > 1 and ends_early and last.text.endswith((".", "!", "?", ":")))


def _join(group: Sequence[Line]) -> str:
    column = union(line.box for line in group)
    text = group[0].text
    for before, line in pairwise(group):
        if before.is_hyphenated or _is_broken_word(before.text, line.text):
            text = _dehyphenated(text, line.text)
        elif before.box.right < column.right - 0.2 * column.width:
            text += "\n" + line.text
        elif _CJK.match(text[-1]) and _CJK.match(line.text):
            text += line.text
        else:
            text += " " + line.text
    return text


def _is_broken_word(before: str, after: str) -> bool:
    return before.endswith(("-", "\u2010", "\u00ad")) and before[-2:-1].islower() and after[0].islower()


def _dehyphenated(text: str, after: str) -> str:
    """`multi` + `modal` is one word; `Qwen` + `3` and `IEEE` + `style` keep their hyphen."""
    text = text.rstrip("-\u2010\u00ad")
    joins = (text[-1:].islower() and after[:1].islower()) or (text[-1:].isupper() and after[:1].isupper())
    return f"{text}{after}" if joins else f"{text}-{after}"
