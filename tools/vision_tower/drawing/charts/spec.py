"""What a chart shows: its kind, its numbers, the names of its colours. How it looks is up to a renderer."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import RGB

BARS = (
    "bar chart",
    "grouped bar chart",
    "stacked bar chart",
    "100% stacked bar chart",
    "horizontal bar chart",
    "grouped horizontal bar chart",
    "stacked horizontal bar chart",
    "100% stacked horizontal bar chart",
)
ROUND = ("pie chart", "donut chart")
KINDS = (
    *BARS,
    "line chart",
    "area chart",
    "stacked area chart",
    *ROUND,
    "scatter plot",
    "bubble chart",
    "histogram",
    "box plot",
    "heat map",
    "radar chart",
    "dot plot",
    "lollipop chart",
    "funnel chart",
    "gauge",
    "waterfall chart",
    "combo chart",
    "population pyramid",
    "treemap",
    "candlestick chart",
)
GENERAL = {
    **dict.fromkeys(BARS, "bar chart"),
    "line chart": "line chart",
    "area chart": "area chart",
    "stacked area chart": "area chart",
    "pie chart": "pie chart",
    "donut chart": "pie chart",
    "bubble chart": "scatter plot",
}
"""The broader name of a kind, where people use one."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that a caption may tell.

    `values` is [series][category], save for:
        scatter plot: rows in pairs (x's, y's), a pair a name; bubble chart: in threes (x's, y's, sizes).
        histogram: one row of counts, `categories` are the bins.
        box plot: a row a category, (min, q1, median, q3, max). Candlestick: a row a day, (open, high, low, close).
        heat map: [column][row]; `names` are the columns, `categories` the rows.
        100% stacked kinds, pie, donut: shares that sum to 100 a category, or over the slices.
        waterfall: one row: a start, changes (of either sign), and their sum in the last place.
        combo chart: the first row is drawn as columns, the second as a line.
        population pyramid: two rows, the first drawn to the left, both positive. Gauge: one number, 0 to 100.
        dot plot: one or two rows, a category a line of its own, as in a horizontal bar chart.
    """

    kind: str
    categories: tuple[str, ...]
    names: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    colours: tuple[str, ...]
    """A series; or, where there is one series only, a bar or slice; or one for everything. A name twice in it means
    lighter and darker shades. Heat map: the colour of high values, and of low ones if there are two; a candlestick's
    or a waterfall's: up, down."""
    title: str
    unit: str
    beside: Chart | None = None
    """Another chart of the same kind at its right. `charts.draw` joins the two; a renderer draws the first alone."""
    topic: str = ""
    """What the title is about, in a word or three."""

    @property
    def shades(self) -> bool:
        """Whether a colour that comes twice is a lighter shade, not the same for two bars."""
        return len(self.names) > 1 or self.kind in (*ROUND, "treemap", "funnel chart", "stacked area chart")


def palette(chart: Chart, rng: Random) -> list[RGB]:
    """A tone for each of `chart.colours`; shades of one name run from dark to light, or back, as reports print them."""
    softness = rng.choice((0.0, 0.0, 0.1, 0.2, 0.3))
    base = {name: softer(colours.tone(name, rng), softness) for name in dict.fromkeys(chart.colours)}
    if not chart.shades:
        return [base[name] for name in chart.colours]
    back = rng.random() < 0.3
    tones = []
    for place, name in enumerate(chart.colours):
        nth, of = chart.colours[:place].count(name), chart.colours.count(name)
        tones.append(lighter(base[name], 0.8 * (of - 1 - nth if back else nth) / of))
    return tones


def lighter(colour: RGB, share: float) -> RGB:
    """Mixed with white; a share of 1 is white."""
    return colours.mix(colour, (255, 255, 255), share)


def softer(colour: RGB, share: float) -> RGB:
    """Mixed with the grey of the same lightness and a little white: the muted inks of print."""
    grey = sum(colour) / 3
    red, green, blue = (round(part + (grey - part) * share + (255 - grey) * share / 3) for part in colour)
    return red, green, blue
