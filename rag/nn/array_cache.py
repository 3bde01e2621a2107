"""Arrays of texts, kept: the questions of a conversation meet the same passages again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from cachetools import LRUCache

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


class ArrayCache:
    """A function from texts to arrays that remembers what it made lately. Thread-safe.

    Args:
        make: arrays for texts, one a text; must not mind being asked for a text twice.
        max_bytes: of what is kept; the array used longest ago goes first.
    """

    def __init__(self, make: Callable[[Sequence[str]], Iterable[Any]], max_bytes: int) -> None:
        self._make = make
        self._arrays: LRUCache[str, Array] = LRUCache(max_bytes, getsizeof=lambda array: array.nbytes)
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> list[Array]:
        """One array a text."""
        with self._lock:
            arrays = {text: self._arrays[text] for text in texts if text in self._arrays}
        missing = [text for text in dict.fromkeys(texts) if text not in arrays]
        if missing:
            # Copies, where they are parts of one large array: keeping one row would keep all of it.
            fresh = {t: a if a.base is None else a.copy() for t, a in zip(missing, self._make(missing), strict=True)}
            arrays |= fresh
            with self._lock:
                for text, array in fresh.items():
                    if array.nbytes <= self._arrays.maxsize:
                        self._arrays[text] = array
        return [arrays[text] for text in texts]
