"""Maps: of land and sea, countries, values, streets, lines, heights and weather."""

from __future__ import annotations

from random import Random

from PIL.Image import Image

from tools.vision_tower import diagrams_captions, diagrams_kinds, maps_places, maps_regions, maps_ways
from tools.vision_tower.diagrams_kinds import Diagram

_KINDS = {kind.names[0]: kind for module in (maps_places, maps_regions, maps_ways) for kind in module.KINDS}
KINDS = tuple(_KINDS)


def imagine(rng: Random) -> Diagram:
    return diagrams_kinds.imagine(tuple(_KINDS.values()), rng)


def draw(spec: Diagram, rng: Random) -> Image:
    """RGB, 200 to 640 pixels a side."""
    return diagrams_kinds.draw(_KINDS[spec.kind], spec, rng)


def describe(spec: Diagram, rng: Random) -> str:
    return diagrams_captions.describe(_KINDS[spec.kind], spec, rng)
