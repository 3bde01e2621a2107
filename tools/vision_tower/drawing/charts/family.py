"""Charts of many kinds: bars, lines, pies, and whatever else fills reports."""

from __future__ import annotations

from random import Random

from PIL import Image

from tools.vision_tower.drawing.charts.captions import describe
from tools.vision_tower.drawing.charts.imagine import imagine
from tools.vision_tower.drawing.charts.pillow import renderer as pillow
from tools.vision_tower.drawing.charts.spec import GENERAL, KINDS, Chart, palette

__all__ = ["GENERAL", "KINDS", "Chart", "describe", "draw", "imagine", "palette"]

MATPLOTLIB_SHARE = 0.15
"""Of the drawings; the rest are Pillow's, which is ten times as fast."""


def draw(spec: Chart, rng: Random) -> Image.Image:
    """RGB; the chart in a style by lot, and the one beside it, if there is one, in the same style."""
    render = pillow.draw
    if rng.random() < MATPLOTLIB_SHARE:
        from tools.vision_tower.drawing.charts.matplotlib import renderer as mpl

        render = mpl.draw
    if spec.beside is None:
        return render(spec, rng)
    seed = rng.getrandbits(32)
    pair = [render(chart, Random(seed)) for chart in (spec, spec.beside)]
    height = min(image.height for image in pair)
    pair = [image.resize((image.width * height // image.height, height)) for image in pair]
    both = Image.new("RGB", (sum(image.width for image in pair), height))
    both.paste(pair[0], (0, 0))
    both.paste(pair[1], (pair[0].width, 0))
    return both
