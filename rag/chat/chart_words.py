"""Lines that OCR read in a chart, put back together: title, heads, rows of a label and its numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"^\W*\d[\d.,:/\s–-]*(?:%|°?[A-Za-z°]{1,3}\b)?\W*$")
_FOOTER = re.compile(r"^(?:source|sources|note|notes|quelle|©|copyright)\b\s*:?", re.IGNORECASE)
_ASKS_ON = re.compile(
    r"(?:an?|and|as|at|among|between|but|by|for|from|how|in|into|is|of|on|or|than|that|the|to|versus|via|vs|with|.*[,-])",
    re.IGNORECASE,
)
"""A line that ends with one of these is not complete."""
_MAX_TITLE_LINES = 10


@dataclass(frozen=True, slots=True)
class ChartWords:
    """Words of a picture by their part.

    Attributes:
        statements: title and subtitle, unwrapped.
        heads: labels above the first row, such as column heads or a legend.
        rows: a label with the numbers that follow it: `Kestrel Point: 812 640`.
    """

    statements: tuple[str, ...]
    heads: tuple[str, ...]
    rows: tuple[str, ...]


def read_chart(lines: Sequence[str]) -> ChartWords:
    """Sorts OCR lines, given in reading order; notes and sources below the chart are left out.

    A heuristic: it never changes a word or a number, only which of them stand together.
    """
    clean = [" ".join(line.split()) for line in lines if any(char.isalnum() for char in line)]
    footer = next((at for at, line in enumerate(clean) if at and _FOOTER.match(line)), len(clean))
    clean = clean[:footer]
    n_title = _title_length(clean)
    heads, rows = _rows(clean[n_title:])
    return ChartWords(tuple(_statements(clean[:n_title])), tuple(heads), tuple(rows))


def is_number(line: str) -> bool:
    """A line that is a value: `93%`, `1,234.5`, `812 mm`, `2019-20`."""
    return bool(_NUMBER.match(line))


def _title_length(lines: Sequence[str]) -> int:
    for at, line in enumerate(lines[:_MAX_TITLE_LINES]):
        if is_number(line) or (at and not _is_wordy(line) and not _continues(lines[at - 1], line)):
            return at
    return min(len(lines), _MAX_TITLE_LINES)


def _is_wordy(line: str) -> bool:
    return len(line.split()) >= 3


def _continues(previous: str, line: str) -> bool:
    return line.split()[0].islower() or bool(_ASKS_ON.fullmatch(previous.split()[-1]))


def _statements(lines: Sequence[str]) -> Iterator[str]:
    """Unwraps title lines: a short line before a capital, a question mark or a leading % ends a statement."""
    widest = max(map(len, lines), default=0)
    held = ""
    for at, line in enumerate(lines):
        held = f"{held} {line}".strip()
        following = lines[at + 1] if at + 1 < len(lines) else ""
        is_short = len(line) < 0.75 * widest and not _continues(line, following or "X")
        starts_anew = following[:1].isupper() or following[:1].isdigit()
        if not following or following[0] == "%" or line[-1] in "?!." or (is_short and starts_anew):
            yield held
            held = ""


def _rows(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    heads: list[str] = []
    rows: list[str] = []
    labels: list[str] = []
    values: list[str] = []

    def close() -> None:
        if values:
            heads.extend(labels[:-1] if not rows else [])
            rows.append(": ".join([*labels[-1:], " ".join(values)]))
        elif not rows:
            heads.extend(labels)

    for line in lines:
        if is_number(line):
            values.append(line)
            continue
        if values:
            close()
            labels, values = [], []
        if labels and _continues(labels[-1], line):
            labels[-1] = f"{labels[-1]} {line}"
        else:
            labels.append(line)
    close()
    return heads, rows
