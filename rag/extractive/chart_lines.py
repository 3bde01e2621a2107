"""Lines that OCR read in a chart, put back together: title, heads, rows of a label and its numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rag.text.labels import origin_texts
from rag.types import Hit

_VALUE = re.compile(r"\W*\d[\d.,:/–-]*(?:%|°?[A-Za-z°]{1,3})?\W*")
_UNIT = re.compile(r"%|°?[A-Za-z°]{1,3}(?:/[a-z]{1,3})?")
_FOOTER = re.compile(r"^(?:source|sources|note|notes|quelle|©|copyright)\b\s*:?", re.IGNORECASE)
_ASKS_ON = re.compile(
    r"(?:(?-i:a)|an|and|as|at|among|between|but|by|for|from|how|in|into|is|of|on|or|than|that|the|to|versus|via|vs|with|.*[,-])",
    re.IGNORECASE,
)
"""A line that ends with one of these is not complete."""
_MAX_TITLE_LINES = 10
_MAX_LABEL_WORDS = 5
_AXIS_VALUES = 4


@dataclass(frozen=True, slots=True)
class ChartWords:
    """Words of a picture by their part, each in reading order.

    Attributes:
        statements: title and subtitle, unwrapped.
        heads: labels above the first row, such as column heads or a legend.
        rows: a label with its numbers, and the labels between rows: `Kestrel Point: 812 640`.
    """

    statements: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[str, ...]


def read_chart(lines: Sequence[str]) -> ChartWords:
    """Sorts OCR lines, given in reading order. The ticks of axes, and notes and sources below, are left out.

    A heuristic: it never changes a word or a number, only which of them stand together.
    """
    clean = [" ".join(line.split()) for line in lines if any(char.isalnum() for char in line)]
    footer = next((at for at, line in enumerate(clean) if at and _FOOTER.match(line)), len(clean))
    clean = list(_without_axes(clean[:footer]))
    n_title = _title_length(clean)
    heads, rows = _rows(clean[n_title:])
    return ChartWords(tuple(_statements(clean[:n_title])), tuple(heads), tuple(rows))


def chart_rows(hit: Hit) -> tuple[str, ...]:
    """Rows of what OCR read in a picture, each with its numbers on one line; () for a passage."""
    words = [text for origin, text in origin_texts(hit.record) if origin == "ocr"]
    return tuple(row for text in words for row in read_chart(text.split("\n")).rows)


def is_number(line: str) -> bool:
    """A line of nothing but values: `93%`, `1,234.5`, `812 mm`, `2019-20`, `31 69`."""
    return bool(line.split()) and _n_values(line) == len(line.split())


def is_row(line: str) -> bool:
    """A short label with its numbers on the same line: `Kestrel Point 812 640`."""
    words = line.split()
    label = words[: len(words) - _n_values(line)]
    is_short = 0 < len(label) <= _MAX_LABEL_WORDS and len(label) < len(words)
    return is_short and not _ASKS_ON.fullmatch(label[-1])


def _n_values(line: str) -> int:
    """Words at the end of the line that are numbers, or units behind numbers."""
    words, at = line.split(), 0
    for n, word in enumerate(reversed(words), 1):
        if _VALUE.fullmatch(word):
            at = n
        elif not (_UNIT.fullmatch(word) and n < len(words) and _VALUE.fullmatch(words[-n - 1])):
            break
    return at


def _without_axes(lines: Sequence[str]) -> Iterator[str]:
    """Drops runs of at least four numbers in even steps: 0 20 40 60."""
    for is_numeric, run in groupby(lines, is_number):
        held = list(run)
        if not (is_numeric and _is_even(" ".join(held).split())):
            yield from held


def _is_even(values: Sequence[str]) -> bool:
    try:
        numbers = [float(value.strip("%$€£").replace(",", "")) for value in values]
    except ValueError:
        return False
    steps = {round(after - before, 6) for before, after in pairwise(numbers)}
    return len(numbers) >= _AXIS_VALUES and len(steps) == 1 and 0 not in steps


def _title_length(lines: Sequence[str]) -> int:
    for at, line in enumerate(lines[:_MAX_TITLE_LINES]):
        is_data = is_number(line) or (is_row(line) and (at > 0 or _n_values(line) > 1))
        if is_data or (at and not _is_wordy(line) and not _continues(lines[at - 1], line)):
            return at
    return min(len(lines), _MAX_TITLE_LINES)


def _is_wordy(line: str) -> bool:
    return len(line.split()) >= 3


def _continues(previous: str, line: str) -> bool:
    return line.split()[0].islower() or bool(_ASKS_ON.fullmatch(previous.split()[-1]))


def _statements(lines: Sequence[str]) -> Iterator[str]:
    """Unwraps title lines: a mark, a leading %, or a capital that would still have fitted before ends a statement."""
    widest = max(map(len, lines), default=0)
    held = ""
    for at, line in enumerate(lines):
        held = f"{held} {line}".strip()
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if not following or following[0] == "%" or line[-1] in "?!.":
            ends = True
        else:
            ends = len(f"{line} {following.split()[0]}") <= widest and not _continues(line, following)
        if ends:
            yield held
            held = ""


def _rows(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    heads: list[str] = []
    rows: list[str] = []
    labels: list[str] = []
    for line in lines:
        if is_number(line):
            label = f"{labels.pop()}: " if labels else ""
            (rows if rows else heads).extend(labels)
            if rows and not label and not labels:
                rows[-1] += f" {line}"
            else:
                rows.append(f"{label}{line}")
            labels = []
        elif is_row(line):
            (rows if rows else heads).extend(labels)
            rows.append(line)
            labels = []
        elif labels and _continues(labels[-1], line):
            labels[-1] += f" {line}"
        else:
            labels.append(line)
    (rows if rows else heads).extend(labels)
    return heads, rows
