"""Texts of many lengths: together where they are alike, in parts where they are too long."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, groupby
from typing import TypeVar

from rag.nn.device import Placement, in_batches

T = TypeVar("T")
R = TypeVar("R")

TOKENS_A_BATCH = 4096
MOST_TOKENS_A_BATCH = 65_536
"""On a GPU, while its memory lasts."""


def run_by_length(
    items: Sequence[T], n_tokens: Callable[[T], int], run: Callable[[Sequence[T]], Sequence[R]], placement: Placement
) -> list[R]:
    """What `run` gives for each item, in their order.

    Batches are made of items of about the same length, longest first: a token of padding costs as much as one of text,
    and whatever does not fit into memory shows at once.

    Args:
        items: texts, or their tokens.
        n_tokens: of an item.
        run: a batch to one result an item.
        placement: where it runs.

    Raises:
        ModelError: not even one item fits into memory.
    """
    lengths = [n_tokens(item) for item in items]
    order = sorted(range(len(items)), key=lambda i: -lengths[i])
    results: dict[int, R] = {}
    for _, group in groupby(order, key=lambda i: lengths[i].bit_length()):  # lengths between two powers of two
        alike = list(group)
        longest = max(1, lengths[alike[0]])
        size, most = (max(1, tokens // longest) for tokens in (TOKENS_A_BATCH, MOST_TOKENS_A_BATCH))
        batches = in_batches([items[i] for i in alike], run, placement, size=size, most=most)
        results.update(zip(alike, chain.from_iterable(batches), strict=True))
    return [results[i] for i in range(len(items))]
