"""A passage to what can be quoted by itself: sentences, rows of tables with their columns, lines of logs. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from rag.extractive.sentences import split_sentences

Shape: TypeAlias = Literal["sentence", "row"]
"""A row stands for itself: what comes after it is about something else."""

_TABLE_LINE = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*")
_CELL_END = re.compile(r"(?<!\\)\|")
_NUMBERED = re.compile(r"\W{0,2}\d{1,3}[.)]\s")
_BEGINS_WITH_NUMBER = re.compile(r"\W{0,2}\d")
_DELIMITERS = ",;\t"
_MIN_LINES = 3
_MOST = 0.7
_SLACK_CHARS = 12
_LINE_CHARS = 24


def split_units(text: str) -> Iterator[tuple[Shape, str]]:
    """Units in reading order; a row says its columns: `shelf: R46; count: 85`."""
    for is_table, lines in groupby(text.split("\n"), key=lambda line: bool(_TABLE_LINE.fullmatch(line))):
        if is_table:
            yield from (("row", row) for row in _rows(list(lines)))
            continue
        for block in re.split(r"\n[ \t]*\n", "\n".join(lines)):
            own = [line for line in block.split("\n") if line.strip()]
            if _are_rows(own):
                yield from (("row", " ".join(line.split())) for line in own)
            elif _are_lines(own):
                yield from (("sentence", " ".join(line.split())) for line in own)
            else:
                yield from (("sentence", sentence) for sentence in split_sentences(block))


def _rows(lines: Sequence[str]) -> Iterator[str]:
    header: list[str] = []
    for line, following in pairwise([*lines, ""]):
        if _RULE.fullmatch(line):
            continue
        cells = [cell.strip().replace("\\|", "|") for cell in _CELL_END.split(line.strip())[1:-1]]
        if _RULE.fullmatch(following):
            header = cells
            if line is lines[-2] and len(lines) == 2:
                yield _said([], cells)
            continue
        yield _said(header, cells)


def _said(header: Sequence[str], cells: Sequence[str]) -> str:
    names = [*header, *[""] * (len(cells) - len(header))]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False) if cell)


def _are_rows(lines: Sequence[str]) -> bool:
    """A log, where each line begins with its time; a list, where each has as many commas."""
    if len(lines) < _MIN_LINES:
        return False
    begun = [bool(_BEGINS_WITH_NUMBER.match(line)) and not _NUMBERED.match(line) for line in lines]
    return _mostly(begun) or any(_are_even(lines, delimiter) for delimiter in _DELIMITERS)


def _are_even(lines: Sequence[str], delimiter: str) -> bool:
    counts = Counter(line.count(delimiter) for line in lines)
    n, n_lines = counts.most_common(1)[0]
    least = 2 if delimiter == "," else 1
    return n >= least and n_lines >= _MOST * len(lines)


def _are_lines(lines: Sequence[str]) -> bool:
    """Lines that somebody ended: the next word would have had room, and it is not the middle of a sentence."""
    if len(lines) < _MIN_LINES or max(map(len, lines)) < _LINE_CHARS:
        return False
    width = max(map(len, lines))
    ended = [len(line) + 1 + len(after.split()[0]) + _SLACK_CHARS <= width for line, after in pairwise(lines)]
    return _mostly(ended) and _mostly([not line.lstrip()[0].islower() for line in lines])


def _mostly(facts: Iterable[bool]) -> bool:
    known = list(facts)
    return sum(known) >= _MOST * len(known)
