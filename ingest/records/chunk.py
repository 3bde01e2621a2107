"""Text elements to passages: small neighbours merged, long texts split at paragraph, line or sentence borders."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import TypeAlias

from semantic_text_splitter import TextSplitter

from ingest.parse.clean import windows
from ingest.parse.elements import TextElement

CountTokens: TypeAlias = Callable[[str], int]

MIN_TOKENS = 16
_ELEMENT_CHARS = 32_000
_CHARS_PER_TOKEN = 16
"""A text counts at least a token for 16 characters: WordPiece takes a word of a megabyte for one unknown token."""
_LOOK_AHEAD = 8
"""Characters a token of room that the splitter sees at once: it counts the tokens of all of them several times."""
_HEADING_SEPARATOR = " > "
_BETWEEN = "\n\n"
_TABLE = re.compile(r"\|.*\|\n\|(?: --- \|)+(?:\n|$)")


def chunk(elements: Iterable[TextElement], *, count_tokens: CountTokens, max_tokens: int) -> Iterator[TextElement]:
    """Passages in reading order. Every word of the elements is in one of them (a table's header row in several).

    Neighbours are merged only under the same heading path and on the same page. Tables are cut between rows, and each
    part begins with the header row. Headings that would take over half of a passage become text of their own.

    Args:
        elements: in reading order; one is held at a time.
        count_tokens: tokens of a text, special tokens not included.
        max_tokens: the most that `embedded_text` of a passage may have, at least 16.

    Raises:
        ValueError: `max_tokens` is under 16.
    """
    if max_tokens < MIN_TOKENS:
        raise ValueError(f"max_tokens is {max_tokens}, at least {MIN_TOKENS} are needed")

    def count(text: str) -> int:
        return max(-(-len(text) // _CHARS_PER_TOKEN), count_tokens(text))

    for (path, page), section in groupby(elements, lambda element: (element.heading_path, element.page)):
        headings, spilled = _fit_headings(path, count, max_tokens // 2)
        packer = _Packer(_prefix(headings), count, max_tokens)
        for text in spilled:
            yield from (TextElement(part, headings, page) for part in packer.add(text))
        for element in section:
            for window in windows(element.text, _ELEMENT_CHARS):
                yield from (TextElement(part, headings, page) for part in packer.add(window))
        yield from (TextElement(part, headings, page) for part in packer.flush())


def split_text(text: str, *, count_tokens: CountTokens, max_tokens: int) -> list[str]:
    """A text in parts of at most `max_tokens`, cut at the best borders there are; `[]` for white space.

    Raises:
        ValueError: `max_tokens` is under 16.
    """
    parts = chunk([TextElement(text)], count_tokens=count_tokens, max_tokens=max_tokens)
    return [part.text for part in parts]


def embedded_text(element: TextElement) -> str:
    """What is embedded, and what `max_tokens` limits: `heading > sub heading`, a line end, the text."""
    return _prefix(element.heading_path) + element.text


def _prefix(path: tuple[str, ...]) -> str:
    return _HEADING_SEPARATOR.join(path) + "\n" if path else ""


def _fit_headings(
    path: tuple[str, ...], count_tokens: CountTokens, max_tokens: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The innermost headings that fit together, and those that do not."""
    for start in range(len(path)):
        prefix = _prefix(path[start:])
        if len(prefix) <= _CHARS_PER_TOKEN * max_tokens and count_tokens(prefix) <= max_tokens:
            return path[start:], path[:start]
    return (), path


class _Packer:
    """Fills passages of one section."""

    def __init__(self, prefix: str, count_tokens: CountTokens, max_tokens: int) -> None:
        self._prefix = prefix
        self._count = count_tokens
        self._max_tokens = max_tokens
        self._budget = max_tokens - count_tokens(prefix)
        self._n_between = count_tokens(_BETWEEN)
        self._texts: list[str] = []
        self._n_tokens = 0

    def add(self, text: str) -> Iterator[str]:
        """Takes a text of at most a window; gives the passages that are full now."""
        n_tokens = self._count(text) + self._n_between
        if self._n_tokens + n_tokens <= self._budget:
            self._texts.append(text)
            self._n_tokens += n_tokens
            return
        yield from self.flush()
        rest = text
        if n_tokens > self._budget:
            *full, rest = self._split_table(text) if _TABLE.match(text) else self._split(text, self._budget)
            for part in full:
                yield from self._checked(part)
        self._texts = [rest]
        self._n_tokens = self._count(rest) + self._n_between

    def flush(self) -> Iterator[str]:
        yield from self._checked(_BETWEEN.join(self._texts))
        self._texts, self._n_tokens = [], 0

    def _split(self, text: str, room: int) -> list[str]:
        """Parts of at most `room` tokens, at least one."""
        splitter = TextSplitter.from_callback(self._count, room)
        parts: list[str] = []
        while len(text) > _LOOK_AHEAD * room:
            seen = splitter.chunk_indices(text[: _LOOK_AHEAD * room])
            if len(seen) == 1:
                break
            parts.extend(part for _, part in seen[:-1])
            text = text[seen[-1][0] if seen else _LOOK_AHEAD * room :]  # the last part may go on behind the window
        return [*parts, *splitter.chunks(text)] or [text]

    def _split_table(self, text: str) -> list[str]:
        first, rule, *rows = text.split("\n")
        header = f"{first}\n{rule}\n"
        room = self._budget - self._count(header)
        if room < self._budget // 2:  # the header would crowd out the rows: it is said once
            return self._split(text, self._budget)
        return [header + part for part in self._split("\n".join(rows), room)]

    def _checked(self, text: str) -> Iterator[str]:
        """Tokens need not add up, and one letter with a thousand accents is never split by the splitter."""
        text = text.strip("\n").rstrip()
        if not text.strip():
            return
        if len(text) < 2 or self._count(self._prefix + text) <= self._max_tokens:
            yield text
            return
        middle = len(text) // 2
        cut = text.rfind(" ", middle // 2, middle) + 1 or middle
        yield from self._checked(text[:cut])
        yield from self._checked(text[cut:])
