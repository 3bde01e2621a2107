"""Drawn charts: every kind, the same pixels by seed, captions that hold."""

from __future__ import annotations

from random import Random

import pytest

from tools.vision_tower.drawing.charts import facts, phrases
from tools.vision_tower.drawing.charts import family as charts
from tools.vision_tower.drawing.charts.captions import NAMES, hues
from tools.vision_tower.drawing.charts.imagine import imagine
from tools.vision_tower.drawing.charts.pillow import renderer as pillow
from tools.vision_tower.drawing.charts.spec import KINDS, Chart


def simple(kind: str, *values: tuple[float, ...], colours: tuple[str, ...] = ("blue",)) -> Chart:
    n = len(values[0])
    names = tuple(f"s{place}" for place in range(len(values)))
    return Chart(kind, tuple(f"c{place}" for place in range(n)), names, values, colours, "Title", "")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_the_same_by_the_same_seed_and_otherwise_by_another(kind: str) -> None:
    chart = imagine(Random(5), kind)
    first, again, other = (pillow.draw(chart, Random(seed)) for seed in (1, 1, 2))
    assert first.mode == "RGB"
    assert all(160 <= side <= 900 for side in first.size)
    assert first.tobytes() == again.tobytes() != other.tobytes()


def test_every_kind_is_imagined_and_has_its_plotter_and_its_names() -> None:
    assert {imagine(Random(seed)).kind for seed in range(1500)} == set(KINDS) == set(pillow.PLOTS) == set(NAMES)


@pytest.mark.parametrize("seed", range(40))
def test_numbers_are_in_the_shape_that_the_kind_asks_for(seed: int) -> None:
    chart = imagine(Random(seed))
    if chart.kind in ("scatter plot", "bubble chart"):
        assert len(chart.values) == len(chart.names) * (3 if chart.kind == "bubble chart" else 2)
    elif chart.kind in ("box plot", "candlestick chart"):
        assert {len(row) for row in chart.values} == {5 if chart.kind == "box plot" else 4}
        assert len(chart.values) == len(chart.categories)
    else:
        assert [len(row) for row in chart.values] == [len(chart.categories)] * len(chart.names)


@pytest.mark.parametrize("kind", ["pie chart", "donut chart", "100% stacked bar chart"])
def test_shares_sum_to_a_hundred(kind: str) -> None:
    chart = imagine(Random(3), kind)
    columns = chart.values if kind in ("pie chart", "donut chart") else zip(*chart.values, strict=True)
    assert all(sum(column) == 100 for column in columns)


def test_a_chart_beside_another_is_drawn_and_told_as_two() -> None:
    chart = next(chart for seed in range(500) if (chart := imagine(Random(seed))).beside)
    alone = pillow.draw(chart, Random(1))
    both = charts.draw(chart, Random(1))
    assert both.width / both.height > alone.width / alone.height
    assert all("two" in (told := charts.describe(chart, Random(seed))) or "pair" in told for seed in range(20))


def test_one_chart_is_told_in_many_wordings() -> None:
    chart = simple("bar chart", (9.0, 5.0, 4.0, 2.0))
    assert len({charts.describe(chart, Random(seed)) for seed in range(400)}) > 100


@pytest.mark.parametrize(
    ("row", "trend"),
    [
        ((1, 2, 3, 4, 5, 6), "rising"),
        ((9, 7, 6, 4, 3, 1), "falling"),
        ((1, 3, 8, 9, 4, 1), "peak"),
        ((9, 6, 1, 2, 7, 9), "dip"),
        ((1, 9, 1, 9, 1, 9, 1), "waves"),
        ((50, 51, 50, 52, 51, 53), ""),
    ],
)
def test_trends_are_told_only_where_they_are_plain(row: tuple[float, ...], trend: str) -> None:
    assert facts.trend(row) == trend


def test_counts_past_seven_are_many() -> None:
    assert phrases.count(8, "bar", "bars", Random(1)).endswith("bars")
    assert not any(digit in phrases.count(8, "bar", "bars", Random(1)) for digit in "0123456789")
    assert {phrases.count(3, "bar", "bars", Random(seed)) for seed in range(20)} == {"three bars", "3 bars"}


def phrases_for(chart: Chart) -> set[str]:
    return {phrase for seed in range(60) for phrase in phrases.about(chart, Random(seed))}


def test_the_longest_bar_is_told_where_it_stands() -> None:
    told = phrases_for(simple("horizontal bar chart", (2.0, 5.0, 3.0, 9.0)))
    assert "the longest bar at the bottom" in told
    assert "one bar much longer than the others" in told
    assert not any("at the top" in phrase or "sorted" in phrase for phrase in told)


def test_a_positive_correlation_is_not_told_of_a_falling_cloud() -> None:
    xs = tuple(float(x) for x in range(20))
    told = phrases_for(Chart("scatter plot", (), ("",), (xs, tuple(40 - x for x in xs)), ("blue",), "Title", ""))
    assert "a negative correlation" in told
    assert "a positive correlation" not in told


def test_a_highlighted_bar_is_told_in_its_own_colour() -> None:
    chart = simple("bar chart", (1.0, 2.0, 3.0), colours=("grey", "red", "grey"))
    assert all("red" in hues(chart, Random(seed)) for seed in range(20))
