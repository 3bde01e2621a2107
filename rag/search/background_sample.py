"""Some rows of a collection, by which a query's scores are judged; taken anew now and then."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.types import Vectors

SAMPLE_ROWS = 512
SAMPLE_AGE_S = 30.0


class Sample:
    """Thread-safe: one thread takes the rows anew, and whoever asks meanwhile gets the old ones.

    Args:
        take: gives at most so many rows, (n, dim).
    """

    def __init__(self, take: Callable[[int], Vectors]) -> None:
        self._take = take
        self._taken: tuple[float, Vectors] | None = None
        self._lock = Lock()

    def rows(self) -> Vectors:
        """(n, dim), n at most `SAMPLE_ROWS`."""
        before = self._taken
        if before is not None and _is_fresh(*before):
            return before[1]
        if not self._lock.acquire(blocking=before is None) and before is not None:
            return before[1]
        try:
            if self._taken is before or self._taken is None:  # else another thread did it while this one waited
                self._taken = time.monotonic(), self._take(SAMPLE_ROWS)
            return self._taken[1]
        finally:
            self._lock.release()


def _is_fresh(taken_s: float, rows: Vectors) -> bool:
    """Where there were no rows, it is asked again each time: the first ones matter most."""
    return len(rows) > 0 and time.monotonic() - taken_s <= SAMPLE_AGE_S
