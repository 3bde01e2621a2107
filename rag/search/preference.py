"""What a question probably wants, as a small bonus: it decides between records that are about as close. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.filters.parse import matches, parse_where

if TYPE_CHECKING:
    from rag.search.fusion import Scores
    from rag.types import FieldType, Record

PREFERENCE = 0.25
"""What all that is preferred adds together to the fused score: a quarter of a deviation of one channel. On the sample
and on 200 charts no first hit is moved by it; see `docs/decisions/044-questions-about-files.md`."""


def preference(records: Sequence[Record], preferred: Sequence[str], fields: Mapping[str, FieldType]) -> Scores:
    """(n_candidates,) in [0, `PREFERENCE`]: the share of the filters that a record matches.

    Args:
        records: the candidates.
        preferred: filters.
        fields: declared columns.
    """
    trees = [parse_where(each) for each in preferred]
    shares = [sum(matches(tree, record, fields) for tree in trees) / len(trees) if trees else 0.0 for record in records]
    return PREFERENCE * np.asarray(shares, dtype=np.float64)
