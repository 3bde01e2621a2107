"""The text of a message as paragraphs: lines that a mail program broke are joined, quoted ones kept apart."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from ingest.parse.blocks import Passage

_QUOTE = re.compile(r"((?:>\s?)*)(.*)")
_FULL_LINE_CHARS = 60
"""A line that the mail program broke is about so long; shorter ones end where their author wanted."""
_MARK = re.compile(r"\s*(?:[-*•+]|\d{1,3}[.)])\s")


def readable(text: str) -> Iterator[Passage]:
    """Paragraphs. Quoted ones keep one `>`, so that who said what can be told."""
    paragraph: list[str] = []
    depth = 0
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        found = _QUOTE.fullmatch(line)
        marks, words = (found[1], found[2]) if found else ("", line)
        quoted = marks.count(">")
        if (not words.strip() or quoted != depth) and paragraph:
            yield _passage(paragraph, depth)
            paragraph = []
        depth = quoted
        if words.strip():
            paragraph.append(words.rstrip())
    if paragraph:
        yield _passage(paragraph, depth)


def _passage(lines: list[str], depth: int) -> Passage:
    joined = [lines[0].strip()]
    for before, line in itertools.pairwise(lines):
        is_broken = len(before) >= _FULL_LINE_CHARS and not _MARK.match(line)
        if is_broken:
            joined[-1] = f"{joined[-1]} {line.strip()}"
        else:
            joined.append(line.strip())
    mark = "> " if depth else ""
    return Passage("\n".join(mark + line for line in joined))
