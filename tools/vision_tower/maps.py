"""Maps: of land and sea, countries, values, streets, lines, heights and weather."""

from __future__ import annotations

from tools.vision_tower import maps_places, maps_regions, maps_ways
from tools.vision_tower.diagrams_family import KindFamily

_FAMILY = KindFamily((*maps_places.KINDS, *maps_regions.KINDS, *maps_ways.KINDS))
KINDS, imagine, draw, describe = _FAMILY.names, _FAMILY.imagine, _FAMILY.draw, _FAMILY.describe
