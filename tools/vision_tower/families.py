"""Which things are drawn, and how often."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tools.vision_tower.drawing import Family


@cache
def open_families(downloads: Path) -> dict[str, tuple[Family[Any], float]]:
    """Name to (family, share of all drawings).

    Args:
        downloads: folder for the icon sets that pictograms are made of; fetched if they are not there.
    """
    from tools.vision_tower import charts, diagrams, maps, pages, scenes
    from tools.vision_tower.pictograms import Pictograms

    shares: dict[str, tuple[object, float]] = {
        "scenes": (scenes, 0.30),
        "charts": (charts, 0.25),
        "pictograms": (Pictograms(downloads), 0.27),
        "pages": (pages, 0.10),
        "diagrams": (diagrams, 0.06),
        "maps": (maps, 0.02),
    }
    return {name: (cast("Family[Any]", family), share) for name, (family, share) in shares.items()}
