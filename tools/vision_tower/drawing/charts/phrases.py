"""Phrases that follow "with": how many bars, which way the line goes, what stands out."""

from __future__ import annotations

from random import Random

from tools.vision_tower.drawing.charts import facts
from tools.vision_tower.drawing.charts.spec import BARS, Chart
from tools.vision_tower.drawing.english import NUMBERS

COUNTED = 7
"""More than so many are many."""
COURSES = {
    "rising": ("a rising trend", "a line going up", "values that grow over time", "an upward trend", "a rising {part}"),
    "falling": (
        "a falling trend",
        "a line going down",
        "values that shrink over time",
        "a downward trend",
        "a decline",
    ),
    "peak": ("a peak in the middle", "a rise and then a fall", "a hump in the middle", "a spike", "one peak"),
    "dip": ("a dip in the middle", "a fall and then a recovery", "a valley in the middle", "a drop in the middle"),
    "waves": ("ups and downs", "a line going up and down", "waves", "large swings", "several peaks"),
}
HUMPS = {
    "middle": ("a peak in the middle", "a bell shape", "most values in the middle", "a single hump"),
    "left": ("a peak at the left", "most values at the low end", "a tail to the right", "a skew"),
    "right": ("a peak at the right", "most values at the high end", "a tail to the left", "a skew"),
    "two": ("two peaks", "two humps", "a bimodal shape"),
    "level": ("bars of about the same height", "a flat shape", "a uniform spread"),
}
RELATIONS = {
    "positive": (
        "a positive correlation",
        "points that rise to the right",
        "an upward trend",
        "a positive relationship",
    ),
    "negative": (
        "a negative correlation",
        "points that fall to the right",
        "a downward trend",
        "an inverse relationship",
    ),
    "none": ("no correlation", "points scattered at random", "no clear pattern", "no relationship between the two"),
}


def count(n: int, one: str, many: str, rng: Random) -> str:
    """ "a single line", "three lines", "many lines"."""
    if n == 1:
        return rng.choice((f"one {one}", f"a single {one}", f"only one {one}"))
    if n > COUNTED:
        return rng.choice((f"many {many}", f"a lot of {many}", f"more than seven {many}", f"lots of {many}"))
    return f"{rng.choice((NUMBERS[n], NUMBERS[n], str(n)))} {many}"


def about(chart: Chart, rng: Random) -> list[str]:
    """All that holds of this chart, each in one wording by lot."""
    return [phrase for phrase in (_counted(chart, rng), *_shaped(chart, rng)) if phrase]


def _counted(chart: Chart, rng: Random) -> str:
    n, n_series = len(chart.categories), len(chart.names)
    if chart.kind in ("bar chart", "horizontal bar chart", "lollipop chart"):
        word = ("bar", "bars") if chart.kind != "lollipop chart" else ("stem", "stems")
        column = chart.kind == "bar chart" and rng.random() < 0.2
        return count(n, *(("column", "columns") if column else word), rng)
    if chart.kind in BARS:
        bars = (
            count(n, "bar", "bars", rng)
            if "stacked" in chart.kind
            else count(n, "group of bars", "groups of bars", rng)
        )
        parts = count(n_series, "part", rng.choice(("parts", "segments", "colours")), rng)
        each = f"{bars} of {parts}" if "stacked" in chart.kind else f"{bars}, {NUMBERS[n_series]} bars each"
        return rng.choice((bars, each, count(n_series, "series", rng.choice(("series", "colours")), rng)))
    words = {
        "line chart": (n_series, "line", rng.choice(("lines", "lines", "curves"))),
        "stacked area chart": (n_series, "area", rng.choice(("areas", "layers", "bands"))),
        "pie chart": (n, "slice", rng.choice(("slices", "slices", "parts", "sectors", "segments"))),
        "donut chart": (n, "part", rng.choice(("parts", "segments", "slices", "sections"))),
        "box plot": (n, "box", rng.choice(("boxes", "boxes and whiskers"))),
        "radar chart": (n, "axis", rng.choice(("axes", "spokes", "corners"))),
        "funnel chart": (n, "stage", rng.choice(("stages", "steps", "levels"))),
        "treemap": (n, "tile", rng.choice(("tiles", "rectangles", "boxes"))),
        "dot plot": (n, "row", rng.choice(("rows", "rows of dots", "lines of dots"))),
        "candlestick chart": (n, "candle", "candles"),
    }
    if chart.kind in ("scatter plot", "bubble chart") and n_series > 1:
        return count(
            n_series, "group", rng.choice(("groups", "clusters", "colours of points", "groups of points")), rng
        )
    if chart.kind == "heat map" and max(n, n_series) <= 7:
        return f"{NUMBERS[n]} rows and {NUMBERS[n_series]} columns"
    return count(*words[chart.kind], rng) if chart.kind in words else ""


def _shaped(chart: Chart, rng: Random) -> list[str]:
    row = chart.values[0]
    if chart.kind in ("bar chart", "horizontal bar chart", "lollipop chart"):
        return _bars(chart, rng)
    if chart.kind in ("pie chart", "donut chart", "treemap"):
        return _slices(chart, rng)
    if chart.kind in ("line chart", "area chart"):
        return _lines(chart, rng)
    if chart.kind == "histogram":
        return [rng.choice(HUMPS[shape])] if (shape := facts.hump(row)) else []
    if chart.kind in ("scatter plot", "bubble chart") and len(chart.names) == 1:
        return _relation(chart, rng)
    if chart.kind == "gauge":
        return [_filled(row[0], rng)]
    if chart.kind == "candlestick chart":
        way = facts.trend([day[3] for day in chart.values])
        return (
            [
                rng.choice(
                    ("rising prices", "an upward trend") if way == "rising" else ("falling prices", "a downward trend")
                )
            ]
            if way in ("rising", "falling")
            else []
        )
    return []


def _bars(chart: Chart, rng: Random) -> list[str]:
    row, lying = chart.values[0], chart.kind == "horizontal bar chart"
    if chart.kind == "lollipop chart":
        return []
    tall, low = ("longest", "shortest") if lying else ("tallest", "shortest")
    first, last = (
        ("at the top", "at the bottom")
        if lying
        else (rng.choice(("at the left", "first")), rng.choice(("at the right", "last")))
    )
    if min(row) < 0:
        return [
            rng.choice(
                (
                    "negative values",
                    "bars below zero" if not lying else "bars to both sides",
                    "positive and negative values",
                )
            )
        ]
    found = []
    if facts.stands_out(row):
        found.append(f"one bar much {'longer' if lying else 'taller'} than the others")
    if (leader := facts.leads(row)) in (0, len(row) - 1):
        found.append(f"the {tall} bar {first if leader == 0 else last}")
    if way := facts.order(row):
        down = (f"bars sorted from {tall} to {low}", "bars in descending order", "bars that get smaller", "sorted bars")
        up = (f"bars sorted from {low} to {tall}", "bars in ascending order", "bars that get larger", "sorted bars")
        found.append(rng.choice(down if way == "down" else up))
    elif not lying and (course := facts.trend(row)) in ("rising", "falling", "peak", "dip"):
        found.append(rng.choice([words for words in COURSES[course] if "line" not in words and "{" not in words]))
    if facts.alike(row):
        found.append(f"bars of about the same {'length' if lying else 'height'}")
    return found


def _slices(chart: Chart, rng: Random) -> list[str]:
    row, part = chart.values[0], "tile" if chart.kind == "treemap" else rng.choice(("slice", "part", "segment"))
    found = []
    if facts.stands_out(row):
        found.append(
            rng.choice((f"one {part} much larger than the others", f"one very large {part}", f"one dominant {part}"))
        )
    if chart.kind != "treemap" and max(row) >= 54:
        found.append(
            rng.choice((f"one {part} over half", "more than half in one colour", f"a {part} larger than half"))
        )
    if facts.alike(row):
        found.append(f"{part}s of about equal size")
    return found


def _lines(chart: Chart, rng: Random) -> list[str]:
    part = "line" if chart.kind == "line chart" else "area"
    courses = {facts.trend(row) for row in chart.values}
    if len(chart.values) == 1:
        words = [word.format(part=part) for course in courses if course for word in COURSES[course]]
        words = [word for word in words if part == "line" or "line" not in word.split()]
        return [rng.choice(words)] if words else []
    found = []
    if courses == {"rising"}:
        found.append(rng.choice(("all lines rising", "lines that all go up", "an upward trend")))
    if courses == {"falling"}:
        found.append(rng.choice(("all lines falling", "lines that all go down", "a downward trend")))
    if len(chart.values) == 2 and facts.crossing(chart.values[0], chart.values[1]):
        found.append(rng.choice(("two lines that cross", "lines crossing each other", "crossing lines")))
    return found


def _relation(chart: Chart, rng: Random) -> list[str]:
    value = facts.correlation(chart.values[0], chart.values[1])
    if value > 0.7:
        return [rng.choice(RELATIONS["positive"])]
    if value < -0.7:
        return [rng.choice(RELATIONS["negative"])]
    return [rng.choice(RELATIONS["none"])] if abs(value) < 0.25 and len(chart.values[0]) >= 15 else []


def _filled(value: float, rng: Random) -> str:
    if value >= 85:
        return rng.choice(("a needle or bar near the maximum", "a value close to full", "a high reading"))
    if value <= 15:
        return rng.choice(("a value near zero", "a low reading", "hardly anything filled"))
    return "more than half filled" if value > 55 else "less than half filled" if value < 45 else "about half filled"
