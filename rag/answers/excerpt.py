"""A long passage cut to the sentences around what the question asks about. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.text.tokens import CountTokens, estimate_tokens
from rag.text.words import content_words

_UNIT = re.compile(r"[^\n]*?(?:[.!?…。！？]+[\"'”’»)\]]*(?=\s|$)|[。！？]|\n|$)", re.DOTALL)
_GAP = " […] "
_MIN_SAVED = 0.2
"""A cut that saves less is not worth a gap in the text."""


def excerpt(text: str, asked: Sequence[str], max_tokens: int, count: CountTokens = estimate_tokens) -> str:
    """The text, or its beginning and what fits best of it, in its order.

    Args:
        text: a passage, or lines that were read in a picture.
        asked: content words of the question.
        max_tokens: of the excerpt.
        count: tokens of a text.
    """
    total = count(text)
    if total * (1 - _MIN_SAVED) <= max_tokens:
        return text
    units = [unit for unit in _UNIT.findall(text) if unit]
    costs = [count(unit) for unit in units]
    asked_words = set(asked)
    scores = [len(asked_words.intersection(content_words(unit))) for unit in units]
    # A sentence's neighbours explain it: half of its worth each, a quarter one further.
    near = [
        scores[at] + sum(share * scores[other] for other, share in _around(at, len(units))) - 0.001 * at
        for at in range(len(units))
    ]
    chosen, left = {0}, max_tokens - costs[0]
    for at in sorted(range(1, len(units)), key=lambda each: -near[each]):
        if costs[at] <= left:
            chosen.add(at)
            left -= costs[at]
    return _joined(units, sorted(chosen))


def _around(at: int, n: int) -> list[tuple[int, float]]:
    steps = ((-2, 0.25), (-1, 0.5), (1, 0.5), (2, 0.25))
    return [(at + step, share) for step, share in steps if 0 <= at + step < n]


def _joined(units: Sequence[str], chosen: Sequence[int]) -> str:
    parts, before = [units[0].rstrip() if len(chosen) > 1 and chosen[1] > 1 else units[0]], 0
    for at in chosen[1:]:
        gap = at > before + 1
        if gap:
            parts[-1] = parts[-1].rstrip()
        parts.append(f"{_GAP}{units[at].lstrip()}" if gap else units[at])
        before = at
    text = "".join(parts).strip()
    return f"{text}{_GAP.rstrip()}" if before < len(units) - 1 else text
