"""Charts of many kinds: bars, lines, pies, and whatever else fills reports."""

from __future__ import annotations

from tools.vision_tower.charts_imagine import imagine
from tools.vision_tower.charts_spec import GENERAL, KINDS, Chart, palette

__all__ = ["GENERAL", "KINDS", "Chart", "imagine", "palette"]
