"""Draws charts of every kind with Pillow, in some milliseconds each."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from PIL.Image import Image

from tools.vision_tower.drawing.charts.pillow import bars, cells, lines, points
from tools.vision_tower.drawing.charts.pillow import look as looks
from tools.vision_tower.drawing.charts.pillow import round as rounds
from tools.vision_tower.drawing.charts.pillow.sheet import Sheet
from tools.vision_tower.drawing.charts.spec import Chart, palette

PLOTS: dict[str, Callable[[Sheet], None]] = {
    "bar chart": bars.single,
    "grouped bar chart": bars.grouped,
    "stacked bar chart": bars.stacked,
    "100% stacked bar chart": bars.stacked,
    "horizontal bar chart": bars.single,
    "grouped horizontal bar chart": bars.grouped,
    "stacked horizontal bar chart": bars.stacked,
    "100% stacked horizontal bar chart": bars.stacked,
    "line chart": lines.lines,
    "area chart": lines.areas,
    "stacked area chart": lines.areas,
    "pie chart": rounds.pie,
    "donut chart": rounds.pie,
    "scatter plot": points.scatter,
    "bubble chart": points.scatter,
    "histogram": bars.histogram,
    "box plot": points.boxes,
    "heat map": cells.heat_map,
    "radar chart": lines.radar,
    "dot plot": bars.dots,
    "lollipop chart": bars.single,
    "funnel chart": cells.funnel,
    "gauge": rounds.gauge,
    "waterfall chart": bars.waterfall,
    "combo chart": bars.combo,
    "population pyramid": bars.pyramid,
    "treemap": cells.treemap,
    "candlestick chart": points.candles,
}


def draw(chart: Chart, rng: Random) -> Image:
    """RGB, 190 to 640 pixels a side, in a house style by lot."""
    sheet = Sheet(chart, looks.pick(chart, rng), palette(chart, rng), rng)
    sheet.furnish()
    PLOTS[chart.kind](sheet)
    return sheet.image
