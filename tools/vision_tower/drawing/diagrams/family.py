"""Diagrams: what documents draw to explain how things follow, belong together or are built."""

from __future__ import annotations

from tools.vision_tower.drawing.diagrams import blocks
from tools.vision_tower.drawing.diagrams import flow
from tools.vision_tower.drawing.diagrams import graphs
from tools.vision_tower.drawing.diagrams import mathematics
from tools.vision_tower.drawing.diagrams import sets
from tools.vision_tower.drawing.diagrams import technical
from tools.vision_tower.drawing.diagrams import things
from tools.vision_tower.drawing.diagrams import timelines
from tools.vision_tower.drawing.diagrams import trees
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
