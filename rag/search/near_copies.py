"""Passages that say nearly the same: two revisions of a manual are enough before something else is heard. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rag.types import Record

AMONG, AT_MOST = 10, 2
"""Of near copies at most so many among the first so many."""
MIN_OVERLAP = 0.85
"""Of their different words, in the longer one. A section's revisions that differ by a number have 0.95."""
MIN_WORDS = 12
"""Shorter texts are alike by chance."""


def spread(order: Sequence[int], records: Sequence[Record], tiers: Sequence[int]) -> list[int]:
    """The order with the third and later of near copies moved behind the first ten others.

    Linear: a passage is compared with those among the first ten alone.

    Args:
        order: indices into the records, best first, those of a higher tier before all others.
        records: pictures stay where they are.
        tiers: by index; nothing is moved behind what is of a lower tier.
    """
    placed: list[int] = []
    copies = _FirstTen()
    for _, tier in groupby(order, key=lambda index: tiers[index]):
        first: list[int] = []
        behind: list[int] = []
        rest: list[int] = []
        for index in tier:
            where = rest if copies.n == AMONG else first if copies.takes(records[index]) else behind
            where.append(index)
        placed += [*first, *behind, *rest]
    return placed


class _FirstTen:
    """What stands among the first, `n` of them, and what of it is nearly the same."""

    def __init__(self) -> None:
        self.n = 0
        self._copies: list[tuple[frozenset[str], list[str]]] = []

    def takes(self, record: Record) -> bool:
        """Whether there is room for it. One equal to another to the letter takes none: both become one hit."""
        words = frozenset(record.text.lower().split()) if record.kind == "text" else frozenset()
        texts = next((texts for head, texts in self._copies if _are_near(words, head)), None)
        if texts is None:
            texts = []
            if len(words) >= MIN_WORDS:
                self._copies.append((words, texts))
        elif record.text in texts:
            return True
        elif len(texts) == AT_MOST:
            return False
        texts.append(record.text)
        self.n += 1
        return True


def _are_near(words: frozenset[str], others: frozenset[str]) -> bool:
    shorter, longer = sorted((len(words), len(others)))
    return shorter >= MIN_OVERLAP * longer and len(words & others) >= MIN_OVERLAP * longer
