"""Diagrams: what documents draw to explain how things follow, belong together or are built."""

from __future__ import annotations

from random import Random

from PIL.Image import Image

from tools.vision_tower import (
    diagrams_blocks,
    diagrams_captions,
    diagrams_flow,
    diagrams_graphs,
    diagrams_kinds,
    diagrams_mathematics,
    diagrams_sets,
    diagrams_technical,
    diagrams_things,
    diagrams_time,
    diagrams_trees,
)
from tools.vision_tower.diagrams_kinds import Diagram

_MODULES = (
    diagrams_flow,
    diagrams_blocks,
    diagrams_trees,
    diagrams_graphs,
    diagrams_time,
    diagrams_sets,
    diagrams_technical,
    diagrams_mathematics,
    diagrams_things,
)
_KINDS = {kind.names[0]: kind for module in _MODULES for kind in module.KINDS}
KINDS = tuple(_KINDS)


def imagine(rng: Random) -> Diagram:
    return diagrams_kinds.imagine(tuple(_KINDS.values()), rng)


def draw(spec: Diagram, rng: Random) -> Image:
    """RGB, 200 to 640 pixels a side."""
    return diagrams_kinds.draw(_KINDS[spec.kind], spec, rng)


def describe(spec: Diagram, rng: Random) -> str:
    return diagrams_captions.describe(_KINDS[spec.kind], spec, rng)
