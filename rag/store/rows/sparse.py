"""Learned sparse vectors as Milvus keeps them.

Milvus Lite 3.2 and servers before 2.4.12 refuse a vector without any entry, and a text may have no token that the model
knows. So dimension 0 is kept for that: every token is moved up by one, and no query ever asks for dimension 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from rag.errors import StoreError

_NOTHING = 0
"""The dimension that says that there is no token."""
_MAX_TOKEN = 2**32 - 3
"""Milvus ends at 2**32 - 2, and tokens are moved up by one."""


def to_stored(weights: Mapping[int, float] | None, owner: str) -> dict[int, float]:
    """A sparse vector that every engine takes.

    Args:
        weights: token id to weight, all above 0; `{}` for a text without tokens.
        owner: the record, for the message.

    Raises:
        StoreError: there is none, or a token id or weight that cannot be kept.
    """
    if weights is None:
        raise StoreError(f"{owner}: it has no sparse vector, and the knowledge base was built with such")
    return to_query(weights, owner) or {_NOTHING: 1.0}


def to_query(weights: Mapping[int, float], owner: str = "query") -> dict[int, float]:
    """The weights under the dimensions of `to_stored`; `{}` matches nothing. Raises as that does."""
    query: dict[int, float] = {}
    for token, weight in weights.items():
        if not 0 <= token <= _MAX_TOKEN:
            raise StoreError(f"{owner}: its sparse vector has token {token}; 0 to {_MAX_TOKEN} can be kept")
        stored = float(np.float32(weight))
        if not math.isfinite(stored) or stored < 0:
            raise StoreError(f"{owner}: its sparse vector has the weight {weight}; it must be a number above 0")
        if stored:  # what float32 rounds to nothing counts for nothing
            query[int(token) + 1] = stored
    return query


def from_stored(stored: Mapping[int, float]) -> dict[int, float]:
    """Token id to weight."""
    return {int(dimension) - 1: float(weight) for dimension, weight in stored.items() if dimension != _NOTHING}
