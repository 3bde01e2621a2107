"""How a matplotlib chart looks: all that its spec leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from matplotlib import font_manager

from tools.vision_tower.drawing import fonts

SANS = ("Hanken Grotesk", "Manrope", "Roboto", "Source Sans Pro", "DejaVu Sans")
SERIF = ("Caladea", "Source Serif Pro", "DejaVu Serif")


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in pixels of the finished picture (figures are made at 72 dpi, where a point is a pixel)."""

    size: tuple[int, int]
    text_px: int
    sheet: str = "default"
    rc: Mapping[str, object] = field(default_factory=dict)
    title_font: str = "DejaVu Sans"
    title: str = "centre"
    """left, centre, below or none"""
    title_bold: bool = False
    title_scale: float = 1.25
    subtitle: bool = False
    notes: int = 0
    logo: bool = False
    rules: str = "none"
    """Lines around the page: none, top, both, frame, border, tab or band."""
    legend: str = "top"
    """top, bottom, right, inside, or direct: names at the marks, where the kind of chart allows it"""
    grid: str = "none"
    """none, value or both"""
    value_axis: bool = True
    value_labels: bool = False
    bar_share: float = 0.7
    edge: str | None = None
    hatch: bool = False
    line_px: float = 2.0
    marker: str = ""


@cache
def register_fonts() -> None:
    """Once a process: matplotlib finds a font by its family's name only when it was told of it."""
    for path in fonts.plain_paths():
        font_manager.fontManager.addfont(path)


def luminance(tone: str) -> float:
    """0 (black) to 1 (white) of a '#rrggbb'."""
    red, green, blue = (int(tone[at : at + 2], 16) for at in (1, 3, 5))
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255
