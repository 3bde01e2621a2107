"""Vectors of texts, kept: the questions of a conversation meet the same passages again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

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
        self._make, self._max_bytes = make, max_bytes
        self._kept: OrderedDict[str, Array] = OrderedDict()
        self._n_bytes = 0
        self._lock = threading.Lock()

    def __call__(self, texts: Sequence[str]) -> list[Array]:
        """One array a text."""
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            # Copies, where they are parts of one large array: keeping one row would keep all of it.
            found |= {t: a if a.base is None else a.copy() for t, a in zip(missing, self._make(missing), strict=True)}
        self._remember(found)
        return [found[text] for text in texts]

    def _remember(self, arrays: dict[str, Array]) -> None:
        with self._lock:
            for text, array in arrays.items():
                if text not in self._kept:
                    self._n_bytes += array.nbytes
                self._kept[text] = array
                self._kept.move_to_end(text)
            while self._n_bytes > self._max_bytes:
                self._n_bytes -= self._kept.popitem(last=False)[1].nbytes
