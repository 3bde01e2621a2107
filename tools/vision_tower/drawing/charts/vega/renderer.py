"""Charts by Vega-Lite: a renderer with themes of its own that training never sees, for the benchmark."""

from __future__ import annotations

import io
from functools import cache
from random import Random

import vl_convert
from PIL import Image

from tools.vision_tower.drawing import fonts
from tools.vision_tower.drawing.charts.spec import Chart, palette
from tools.vision_tower.drawing.charts.vega.marks import MARKS, Json

KINDS = frozenset(MARKS)
LIGHT = (
    None,
    "excel",
    "fivethirtyeight",
    "ggplot2",
    "googlecharts",
    "latimes",
    "powerbi",
    "quartz",
    "urbaninstitute",
    "vox",
    "carbonwhite",
    "carbong10",
)
DARK = ("dark", "carbong90", "carbong100")
FONTS = ("Roboto", "Caladea", "Source Sans Pro", "Source Serif Pro", "Hanken Grotesk", "Manrope")
ROUND = ("pie chart", "donut chart")


def draw(chart: Chart, rng: Random) -> Image.Image:
    """RGB, about 200 to 700 pixels a side; tens of milliseconds. The data is inline and nothing is fetched."""
    _register_fonts()
    colours = palette(chart, rng)
    tones = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in colours]
    dark = min(map(sum, colours)) > 270 and rng.random() < 0.15
    spec: Json = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        **MARKS[chart.kind](chart, tones, rng),
        **_size(chart, rng),
        "padding": rng.randint(3, 16),
    }
    if rng.random() < 0.75:
        spec["title"] = _title(chart, rng)
    theme = rng.choice(DARK if dark else LIGHT)
    png = vl_convert.vegalite_to_png(spec, theme=theme, config=_config(dark, rng), allowed_base_urls=[])
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("RGB")


@cache
def _register_fonts() -> None:
    for folder in dict.fromkeys(str(path.parent) for path in fonts.plain_paths()):
        vl_convert.register_font_directory(folder)


def _size(chart: Chart, rng: Random) -> Json:
    """Of the plot; axes, legend and title come on top."""
    if chart.kind in ROUND:
        return {"width": 280, "height": 280}
    if "horizontal" in chart.kind or chart.kind == "dot plot":
        rows = len(chart.categories) * (len(chart.names) if "grouped" in chart.kind else 1)
        return {"width": rng.randint(180, 380), "height": min(420, max(120, rows * rng.randint(14, 34)))}
    width = rng.randint(200, 420)
    return {"width": width, "height": round(width / rng.uniform(0.9, 2.2))}


def _title(chart: Chart, rng: Random) -> Json:
    words = chart.title.split()
    half = len(words) // 2
    lines = [" ".join(words[:half]), " ".join(words[half:])] if len(chart.title) > 40 else [chart.title]
    title: Json = {"text": lines, "anchor": rng.choice(("start", "middle", "middle", "end"))}
    if rng.random() < 0.25:
        title["subtitle"] = chart.unit or chart.topic
    if rng.random() < 0.1:
        title |= {"orient": "bottom", "offset": 24}
    return title


def _config(dark: bool, rng: Random) -> Json:
    """What a theme leaves to its user: font, legend's place, grid, frame.

    The font is set wherever a theme may have one of its own: words in a font that is not there are not drawn at all.
    """
    font = rng.choice(FONTS)
    both = {"labelFont": font, "titleFont": font}
    axis: Json = {"tickCount": rng.randint(3, 8), **both}
    config: Json = {"font": font, "title": {"font": font, "subtitleFont": font}, "text": {"font": font}}
    config |= {"axisX": both, "axisY": both}
    config["legend"] = {"orient": rng.choice(("right", "right", "top", "bottom", "left")), **both}
    if rng.random() < 0.3:
        axis["grid"] = rng.random() < 0.5
    if rng.random() < 0.25:
        axis |= {"domain": False, "ticks": False}
    if rng.random() < 0.2:
        axis |= {"gridDash": [3, 3]}
    config["axis"] = axis
    if rng.random() < 0.4:
        config["view"] = {"stroke": rng.choice((None, "#888888"))}
    if not dark and rng.random() < 0.15:
        config["background"] = rng.choice(("#fffaf0", "#f0f4f8", "#f5f5f5"))
    return config
