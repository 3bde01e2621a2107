"""Diagrams: what documents draw to explain how things follow, belong together or are built."""

from __future__ import annotations

from tools.vision_tower import (
    diagrams_blocks,
    diagrams_flow,
    diagrams_graphs,
    diagrams_mathematics,
    diagrams_sets,
    diagrams_technical,
    diagrams_things,
    diagrams_time,
    diagrams_trees,
)
from tools.vision_tower.diagrams_family import KindFamily

_FAMILY = KindFamily(
    (
        *diagrams_flow.KINDS,
        *diagrams_blocks.KINDS,
        *diagrams_trees.KINDS,
        *diagrams_graphs.KINDS,
        *diagrams_time.KINDS,
        *diagrams_sets.KINDS,
        *diagrams_technical.KINDS,
        *diagrams_mathematics.KINDS,
        *diagrams_things.KINDS,
    )
)
KINDS, imagine, draw, describe = _FAMILY.names, _FAMILY.imagine, _FAMILY.draw, _FAMILY.describe
