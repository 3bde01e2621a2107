"""A measured figure with its interval and its bar, and what is counted as a hit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.types import Vectors


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table.

    Attributes:
        measure: what it is a figure of.
        value: a share in [0, 1], or in `unit`.
        wanted: the bar; None for a figure that is only told.
        n: cases it was measured on.
        interval: 95 %, of the value.
        fewer_is_better: the value is to stay at or below the bar.
    """

    measure: str
    value: float
    wanted: float | None
    n: int
    interval: tuple[float, float] | None = None
    unit: str = ""
    fewer_is_better: bool = False

    @property
    def is_met(self) -> bool | None:
        if self.wanted is None:
            return None
        return self.value <= self.wanted if self.fewer_is_better else self.value >= self.wanted

    def row(self) -> str:
        """As in the table: measure, value, interval, cases, wanted, verdict."""
        digits = 1 if self.unit else 3
        value = f"{self.value:.{digits}f} {self.unit}".strip()
        interval = "{:.{d}f} to {:.{d}f}".format(*self.interval, d=digits) if self.interval else ""
        wanted = "" if self.wanted is None else f"{'<=' if self.fewer_is_better else '>='} {self.wanted:g}"
        verdict = {True: "met", False: "MISSED", None: ""}[self.is_met]
        return f"{self.measure:72} {value:14} {interval:15} n={self.n:<5} {wanted:7} {verdict}".rstrip()


def share(measure: str, hits: Sequence[bool], wanted: float | None = None) -> Figure:
    return Figure(measure, sum(hits) / len(hits), wanted, len(hits), wilson(sum(hits), len(hits)))


def wilson(hits: int, n: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share. Source: Wilson, Probable inference (1927)."""
    middle = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def found(scores: Vectors, right: NDArray[np.bool_], k: int) -> list[bool]:
    """Whether one of the right candidates is among the best `k` of each query. A tie counts as lost.

    Args:
        scores: (n_queries, n_candidates), higher is better.
        right: of that shape, at least one in a row.
        k: from 1.
    """
    best = np.where(right, scores, -np.inf).max(axis=1, keepdims=True)
    n_ahead = (~right & (scores >= best)).sum(axis=1)
    return [bool(n < k) for n in n_ahead]
