"""Diagrams: what documents draw to explain how things follow, belong together or are built."""

from __future__ import annotations

from tools.vision_tower.drawing.diagrams import (
    blocks,
    flow,
    graphs,
    mathematics,
    sets,
    technical,
    things,
    timelines,
    trees,
)
from tools.vision_tower.drawing.drafting.kind_family import KindFamily

_FAMILY = KindFamily(
    (
        *flow.KINDS,
        *blocks.KINDS,
        *trees.KINDS,
        *graphs.KINDS,
        *timelines.KINDS,
        *sets.KINDS,
        *technical.KINDS,
        *mathematics.KINDS,
        *things.KINDS,
    )
)
KINDS, imagine, draw, describe = _FAMILY.names, _FAMILY.imagine, _FAMILY.draw, _FAMILY.describe
