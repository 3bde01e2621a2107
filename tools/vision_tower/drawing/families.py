"""Which things are drawn, and how often."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from tools.vision_tower.drawing.family import Family

SHARES = {"pictograms": 0.48, "charts": 0.18, "scenes": 0.17, "pages": 0.08, "diagrams": 0.05, "maps": 0.04}
"""Of all things drawn."""


@cache
def open_family(name: str, downloads: Path) -> Family[Any]:
    """One of `SHARES`.

    Args:
        name: which.
        downloads: folder for the icon sets that pictograms are made of; fetched if they are not there.
    """
    if name == "pictograms":
        from tools.vision_tower.drawing.pictograms.family import Pictograms

        return Pictograms(downloads)
    return cast("Family[Any]", import_module(f"tools.vision_tower.drawing.{name}.family"))
