"""Maps: of land and sea, countries, values, streets, lines, heights and weather."""

from __future__ import annotations

from tools.vision_tower.drawing.drafting.kind_family import KindFamily
from tools.vision_tower.drawing.maps import places, regions, ways

_FAMILY = KindFamily((*places.KINDS, *regions.KINDS, *ways.KINDS))
KINDS, imagine, draw, describe = _FAMILY.names, _FAMILY.imagine, _FAMILY.draw, _FAMILY.describe
