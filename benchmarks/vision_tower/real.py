"""Real charts, labelled by eye: 195 of the 200 of a folder of OpenCQA's development set.

Those left out show two kinds, or none clearly; `real_charts.json` says why.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.vision_tower.drawer import decoded
from benchmarks.vision_tower.figures import Figure, share
from benchmarks.vision_tower.kinds import ALSO_TRUE, classify, shape
from rag.ports import ImageTextEmbedder

LABELS = Path(__file__).with_name("real_charts.json")
MOST_OF_A_SHAPE = 20


@dataclass(frozen=True, slots=True)
class RealChart:
    """`kinds` are all the right names, the best first."""

    name: str
    kinds: tuple[str, ...]

    @property
    def shape(self) -> str:
        return shape(self.kinds[0])

    def is_kind(self, guess: str) -> bool:
        """Shares that sum to 100 or nearly so are not told apart from others."""
        return guess in self.kinds or ALSO_TRUE.get(guess) in self.kinds


def labelled() -> list[RealChart]:
    told = json.loads(LABELS.read_text(encoding="utf-8"))["kinds"]
    return [RealChart(name, tuple(kinds)) for name, kinds in told.items()]


def balanced(charts: Sequence[RealChart], most: int = MOST_OF_A_SHAPE) -> list[RealChart]:
    """At most that many of each shape, chosen by the digests of their names, so that no hand had a part in it."""
    taken: Counter[str] = Counter()
    chosen = []
    for chart in sorted(charts, key=lambda chart: hashlib.sha256(chart.name.encode()).digest()):
        taken[chart.shape] += 1
        if taken[chart.shape] <= most:
            chosen.append(chart)
    return chosen


def real_charts(model: ImageTextEmbedder, folder: Path) -> list[Figure]:
    """Zero-shot among all candidates, absent kinds and pages included.

    More than half of the charts have horizontal bars; so the first figure, which has the bar, is over a balanced part.

    Raises:
        FileNotFoundError: the folder lacks one of the labelled pictures.
    """
    charts = labelled()
    images = [decoded(folder / chart.name) for chart in charts]
    guesses = dict(zip(charts, classify(model, images), strict=True))
    return judged(guesses)


def judged(guesses: Mapping[RealChart, str]) -> list[Figure]:
    """Figures of guessed kinds. A shape is coarse (upright or lying bars, line, pie, points), a kind is not."""
    right = {chart: shape(guess) == chart.shape for chart, guess in guesses.items()}
    shapes = dict.fromkeys(chart.shape for chart in guesses)
    exact = {chart: chart.is_kind(guess) for chart, guess in guesses.items()}
    part = balanced(list(guesses))
    return [
        share(f"real charts, {len(shapes)} coarse shapes, at most {MOST_OF_A_SHAPE} of each", _of(right, part), 0.80),
        share("real charts, exact kind, the same charts", _of(exact, part)),
        share("  coarse shape, all that are labelled", list(right.values())),
        share("  exact kind, all that are labelled", list(exact.values())),
        *(share(f"  coarse shape, {name}", _of(right, [c for c in right if c.shape == name])) for name in shapes),
    ]


def _of(hits: Mapping[RealChart, bool], charts: Sequence[RealChart]) -> list[bool]:
    return [hits[chart] for chart in charts]
