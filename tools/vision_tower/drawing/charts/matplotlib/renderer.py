"""Charts by matplotlib, in the looks of many publishers."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import matplotlib.style
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from tools.vision_tower.drawing.charts.matplotlib import houses
from tools.vision_tower.drawing.charts.matplotlib.bars import bars
from tools.vision_tower.drawing.charts.matplotlib.lines import areas, combo, lines
from tools.vision_tower.drawing.charts.matplotlib.look import register_fonts
from tools.vision_tower.drawing.charts.matplotlib.page import Page
from tools.vision_tower.drawing.charts.matplotlib.ranked import dots, funnel, lollipops, pyramid, waterfall
from tools.vision_tower.drawing.charts.matplotlib.round import gauge, radar, slices, treemap
from tools.vision_tower.drawing.charts.matplotlib.statistics import boxes, candles, heat_map, histogram, scatter
from tools.vision_tower.drawing.charts.spec import BARS, Chart, palette

PAINTERS: dict[str, Callable[[Page], None]] = {
    **dict.fromkeys(BARS, bars),
    "line chart": lines,
    "area chart": areas,
    "stacked area chart": areas,
    "pie chart": slices,
    "donut chart": slices,
    "scatter plot": scatter,
    "bubble chart": scatter,
    "histogram": histogram,
    "box plot": boxes,
    "heat map": heat_map,
    "radar chart": radar,
    "dot plot": dots,
    "lollipop chart": lollipops,
    "funnel chart": funnel,
    "gauge": gauge,
    "waterfall chart": waterfall,
    "combo chart": combo,
    "population pyramid": pyramid,
    "treemap": treemap,
    "candlestick chart": candles,
}
KINDS = frozenset(PAINTERS)


def draw(chart: Chart, rng: Random) -> Image.Image:
    """RGB, 190 to 860 pixels a side; about 30 ms.

    Matplotlib's parameters are global: not for several threads of one process. What the user configured is left
    aside, so that a seed gives the same pixels everywhere.
    """
    register_fonts()
    tones = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in palette(chart, rng)]
    look = houses.pick(chart, tones, rng)
    with matplotlib.style.context([look.sheet, dict(look.rc)], after_reset=True):
        page = Page(chart, tones, look, rng)
        PAINTERS[chart.kind](page)
        canvas = FigureCanvasAgg(page.figure)
        canvas.draw()
    size = canvas.get_width_height()
    return Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1).convert("RGB")
