"""A family of drawings that is a number of kinds: diagrams are one, maps another."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from PIL.Image import Image

from tools.vision_tower.drawing.drafting import captions
from tools.vision_tower.drawing.drafting import kinds as drafting_kinds
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind


class KindFamily:
    """`drawing.Family` over some kinds, each by its first name."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds = {kind.names[0]: kind for kind in kinds}
        self.names = tuple(self._kinds)

    def imagine(self, rng: Random) -> Diagram:
        """One of the kinds, all equally likely."""
        return drafting_kinds.imagine(tuple(self._kinds.values()), rng)

    def draw(self, spec: Diagram, rng: Random) -> Image:
        """RGB, 200 to 640 pixels a side."""
        return drafting_kinds.draw(self._kinds[spec.kind], spec, rng)

    def describe(self, spec: Diagram, rng: Random) -> str:
        """A true sentence or phrase."""
        return captions.describe(self._kinds[spec.kind], spec, rng)
