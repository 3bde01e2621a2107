"""Bars by matplotlib: upright or lying, single, side by side, or stacked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes

from tools.vision_tower.drawing.charts.matplotlib.axes import figure_text, label_px, lying, on, upright
from tools.vision_tower.drawing.charts.matplotlib.page import GLYPH, Page
from tools.vision_tower.drawing.charts.spec import Chart

HATCHES = ("//", "..", "xx", "\\\\", "--", "oo", "++")
MOST_LABELS = 45
"""More numbers than that on one picture and they are left out."""


def bars(page: Page) -> None:
    """Upright or lying, alone, side by side or stacked, in absolute numbers or shares."""
    chart, look = page.chart, page.look
    flat, stacked = "horizontal" in chart.kind, "stacked" in chart.kind
    crowded = len(chart.categories) * len(chart.values) > MOST_LABELS
    reach = _reach(chart, stacked)
    roomy = min(row[0] for row in chart.values) > 0.15 * reach[1]
    direct = stacked and flat and look.legend == "direct" and roomy and not crowded
    inside = _names(page, direct)
    facing = stacked and flat and len(chart.values) == 2 and not look.value_axis and page.rng.random() < 0.35
    places = _places(page, len(chart.categories), flat)
    head = look.text_px * 1.5 if direct else 0.0
    page.top += head
    if facing:
        reach = (-max(chart.values[0]), max(chart.values[1]))
    axes = lying(page, *reach, chart.categories, places) if flat else upright(page, *reach, chart.categories)
    starts = [-value for value in chart.values[0]] if facing else [0.0] * len(places)
    share = look.bar_share if stacked or len(chart.values) == 1 else min(0.9, look.bar_share + 0.1)
    if flat and not look.value_axis:
        _survey_rows(page, axes, places)
    for nth, row in enumerate(chart.values):
        thick = share if stacked else share / len(chart.values)
        shift = 0.0 if stacked else (nth - (len(chart.values) - 1) / 2) * thick
        at = [place + shift for place in places]
        _row(page, axes, nth, row, at, thick * (1.0 if stacked else page.rng.choice((1.0, 0.93))), starts)
        if look.value_labels and not crowded and _legible(page, axes, thick):
            _figures(page, axes, nth, row, at, starts, stacked)
        if direct:
            _name(page, axes, nth, starts[0] + row[0] / 2, min(places) - share / 2)
        if stacked:
            starts = [start + value for start, value in zip(starts, row, strict=True)]
    if inside:
        page.inner_legend(axes, chart.names, page.tones)
    if min(map(min, chart.values)) < 0 or (flat and page.rng.random() < 0.3):
        (axes.axvline if flat else axes.axhline)(0, color=page.ink, linewidth=0.8)


def tone_of(page: Page, series: int, bar: int) -> str:
    """A series has its tone; a single series has one for all of its bars, or one each."""
    if len(page.chart.values) > 1:
        return page.tones[series % len(page.tones)]
    return page.tones[bar % len(page.tones)]


def _names(page: Page, direct: bool) -> bool:
    """Sets the legend; true if it is to be put into the axes once they are there."""
    chart = page.chart
    if len(chart.values) == 1 or direct:
        return False
    if page.look.legend == "inside" and "stacked" not in chart.kind:
        return True
    page.legend(chart.names, page.tones)
    return False


def _reach(chart: Chart, stacked: bool) -> tuple[float, float]:
    if "100%" in chart.kind:
        return 0.0, 100.0
    if stacked:
        return 0.0, max(map(sum, zip(*chart.values, strict=True)))
    return min(0.0, *map(min, chart.values)), max(0.0, *map(max, chart.values))


def _places(page: Page, n: int, flat: bool) -> list[float]:
    """0, 1, 2, ...; survey reports leave a gap between groups of rows."""
    gaps = flat and n >= 4 and not page.look.value_axis and page.rng.random() < 0.4
    places, at = [], 0.0
    for _ in range(n):
        places.append(at)
        at += 1.0 + 0.8 * (gaps and page.rng.random() < 0.4)
    return places


def _row(
    page: Page, axes: Axes, nth: int, row: Sequence[float], at: Sequence[float], thick: float, starts: Sequence[float]
) -> None:
    look = page.look
    style = {
        "color": [tone_of(page, nth, bar) for bar in range(len(row))],
        "edgecolor": look.edge,
        "linewidth": 0.6 if look.edge else 0,
        "hatch": HATCHES[nth % len(HATCHES)] if look.hatch else None,
        "zorder": 2,
    }
    if "horizontal" in page.chart.kind:
        axes.barh(at, row, thick, left=starts, **style)
    else:
        axes.bar(at, row, thick, bottom=starts, **style)


def _survey_rows(page: Page, axes: Axes, places: Sequence[float]) -> None:
    """What survey reports add: lines between the rows, a shade on every other one, or their totals in a column."""
    habit = page.rng.choice(("plain", "plain", "plain", "lines", "shades", "totals"))
    gaps = [(low + high) / 2 for low, high in pairwise(places)]
    if habit == "lines":
        for gap in gaps:
            axes.axhline(gap, color="#c8c8c8", linewidth=0.7, linestyle=page.rng.choice(("-", ":")))
    if habit == "shades":
        for place in places[::2]:
            axes.axhspan(place - 0.5, place + 0.5, color="#808080", alpha=0.12, linewidth=0)
    if habit == "totals" and len(page.chart.values) > 1:
        low, high = axes.get_xlim()
        axes.set_xlim(low, high + 0.12 * (high - low))
        for place, column in zip(places, zip(*page.chart.values, strict=True), strict=True):
            style = {"ha": "right", "va": "center", "weight": "bold", "size": page.px(0.95)}
            axes.text(high + 0.12 * (high - low), place, figure_text(sum(column)), **style)


def _legible(page: Page, axes: Axes, thick: float) -> bool:
    """Whether numbers at bars of that thickness, in units of the axes, do not touch each other."""
    box, size = axes.get_window_extent(), page.px(0.92)
    if "horizontal" in page.chart.kind:
        low, high = axes.get_ylim()
        return thick / abs(high - low) * box.height > 0.75 * size
    longest = max(len(figure_text(value)) for row in page.chart.values for value in row)
    low, high = axes.get_xlim()
    return thick / (high - low) * box.width * 1.2 > longest * GLYPH * size


def _figures(
    page: Page,
    axes: Axes,
    nth: int,
    row: Sequence[float],
    at: Sequence[float],
    starts: Sequence[float],
    stacked: bool,
) -> None:
    """The numbers: in the middle of a stacked part, else at a bar's end, inside it or outside."""
    flat = "horizontal" in page.chart.kind
    inner = stacked or (page.look.bar_share > 0.6 and page.rng.random() < 0.25)
    low, high = axes.get_xlim() if flat else axes.get_ylim()
    for bar, (value, place, start) in enumerate(zip(row, at, starts, strict=True)):
        words = figure_text(value, page.chart.unit if bar == 0 else "")
        fits = abs(value) / (high - low) > (0.09 if flat else 0.07)
        if inner and not fits:
            continue
        tip = start + value / 2 if stacked else value * 0.9 if inner else value + (high - low) * 0.012
        colour = on(tone_of(page, nth, bar)) if inner else page.ink
        x, y = (tip, place) if flat else (place, tip)
        across = "center" if stacked or not flat else "right" if inner else "left"
        upwards = "center" if stacked or flat else "top" if inner else "bottom"
        axes.text(x, y, words, color=colour, ha=across, va=upwards, size=page.px(0.92))


def _name(page: Page, axes: Axes, nth: int, x: float, y: float) -> None:
    """A series' name over the first of its lying bars."""
    room = page.right - page.left - label_px(page, page.chart.categories)
    low, high = axes.get_xlim()
    wide = page.chart.values[nth][0] / (high - low) * room
    words = page.chart.names[nth][: max(3, int(wide / page.look.text_px / 0.5))]
    axes.text(x, y, words, ha="center", va="bottom", size=page.look.text_px, weight="bold", color=page.tones[nth])
