"""Both renderers draw what a chart says, in ways that differ by their lots only."""

from __future__ import annotations

from random import Random
from types import ModuleType

import pytest
from PIL import Image, ImageChops

from tools.vision_tower.drawing.charts.imagine import imagine
from tools.vision_tower.drawing.charts.matplotlib import renderer as mpl
from tools.vision_tower.drawing.charts.matplotlib.axes import round_steps
from tools.vision_tower.drawing.charts.matplotlib.round import squarify
from tools.vision_tower.drawing.charts.spec import KINDS, Chart
from tools.vision_tower.drawing.charts.vega import renderer as vega

RENDERERS = [pytest.param(mpl, id="matplotlib"), pytest.param(vega, id="vega")]
NEEDED = {"bar", "grouped bar", "stacked bar", "horizontal bar", "line", "area", "pie", "donut"}
TWELVE = {f"{kind} chart" for kind in NEEDED} | {"scatter plot", "histogram", "box plot", "heat map"}


def one_bar_chart(colour: str) -> Chart:
    return Chart("bar chart", ("A", "B"), ("",), ((2.0, 3.0),), (colour,), "Sales", "kg")


def share_of(picture: Image.Image, channel: int) -> float:
    """Of the pixels in which that channel is well above the two others."""
    bands = picture.split()
    others = [ImageChops.subtract(bands[channel], bands[other]) for other in range(3) if other != channel]
    clear = ImageChops.darker(*others).point(lambda difference: 255 * (difference > 60))
    return clear.histogram()[255] / (picture.width * picture.height)


@pytest.mark.parametrize("renderer", RENDERERS)
def test_one_seed_is_one_picture_and_another_seed_another_one(renderer: ModuleType) -> None:
    chart = imagine(Random(1), "line chart")
    first, again, other = (renderer.draw(chart, Random(seed)) for seed in (5, 5, 6))
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != other.tobytes()


@pytest.mark.parametrize("renderer", RENDERERS)
def test_every_kind_it_names_is_drawn_in_a_fair_size(renderer: ModuleType) -> None:
    assert TWELVE <= renderer.KINDS <= set(KINDS)
    for kind in sorted(renderer.KINDS):
        rng = Random(kind)
        picture = renderer.draw(imagine(rng, kind), rng)
        assert picture.mode == "RGB"
        assert min(picture.size) >= 100, (kind, picture.size)
        assert max(picture.size) <= 900, (kind, picture.size)


def test_matplotlib_draws_every_kind_there_is() -> None:
    assert set(KINDS) == mpl.KINDS


@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize(("colour", "channel"), [("red", 0), ("green", 1), ("blue", 2)])
def test_bars_have_the_colour_that_the_chart_names(renderer: ModuleType, colour: str, channel: int) -> None:
    picture = renderer.draw(one_bar_chart(colour), Random(3))
    assert share_of(picture, channel) > 0.05
    assert all(share_of(picture, other) < 0.02 for other in range(3) if other != channel)


def test_steps_of_an_axis_are_few_and_span_the_values() -> None:
    for low, high, n in ((0, 95, 5), (-3, 7, 4), (0.01, 0.37, 6), (1200, 45000, 3), (4, 4, 5)):
        steps = round_steps(low, high, n)
        assert steps[0] <= low <= high <= steps[-1]
        assert 2 <= len(steps) <= n + 3


def test_boxes_of_a_treemap_have_the_areas_of_their_numbers() -> None:
    sizes = [6.0, 6, 4, 3, 2, 2, 1]
    boxes = squarify(sizes, (0, 0, 6, 4))
    assert [width * height for _, _, width, height in boxes] == pytest.approx(sizes)
