"""A few vectors that stand for a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.store.client import PAGE_ROWS, Client

if TYPE_CHECKING:
    from rag.types import Vectors


def sample_vectors(client: Client, collection: str, dim: int, n: int) -> Vectors:
    """The rows with the smallest ids, which are digests: as good as drawn by lot, and the same each time.

    Returns:
        (<= n, dim) float32.
    """
    rows: list[list[float]] = []
    if n > 0:
        for page in client.pages(collection, "", ["id", "vector"], page_rows=min(n, PAGE_ROWS)):
            rows += [row["vector"] for row in page]
            if len(rows) >= n:
                break
    return np.asarray(rows[:n], dtype=np.float32).reshape(min(n, len(rows)), dim)
