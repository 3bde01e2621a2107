"""Foreign words on one line of an answer, cut where they are too long. Pure."""

from __future__ import annotations

import re
from collections import Counter

from rag.text.quoting import quoted_line
from rag.text.words import content_words

MAX_CHARS = 320
_MARKER = re.compile(r"[\[［【](\d[\d\s,;–-]*)[\]］】]")


def quotable(text: str, n_chars: int = MAX_CHARS) -> str:
    """One line of at most `n_chars`, without control characters; `[3]` becomes `(3)`, or it would read as a marker."""
    return clipped(_MARKER.sub(r"(\1)", quoted_line(text)), n_chars)


def around(text: str, asked: set[str]) -> str:
    """One line of at most `MAX_CHARS`: of a longer one the part with most of the question's words."""
    line = quotable(text, len(text))
    if len(line) <= MAX_CHARS:
        return line
    words = list(re.finditer(r"\S+", line))
    said = [asked.intersection(content_words(word[0])) for word in words]
    inside: Counter[str] = Counter()
    best, first = (0, 0, 0), 0
    for last, word in enumerate(words):
        inside.update(said[last])
        while word.end() - words[first].start() > MAX_CHARS - 4 and first < last:
            inside.subtract(said[first])
            first += 1
        best = max(best, (sum(n > 0 for n in inside.values()), -first, last))
    _, first, last = best
    spoken = [at for at in range(-first, last + 1) if said[at]] or [0]
    room = MAX_CHARS - 4 - (words[spoken[-1]].end() - words[spoken[0]].start())
    begin = words[spoken[0]].start() - max(0, room // 2)  # as much before what is spoken of as behind it
    start = next(word.start() for word in words if word.start() >= begin)
    return ("… " if start else "") + clipped(line[start:], MAX_CHARS - 4)


def clipped(text: str, n_chars: int) -> str:
    return text if len(text) <= n_chars else text[:n_chars].rsplit(" ", 1)[0].rstrip(",;:") + " …"
