"""Dots, lollipops, funnels, waterfalls and pyramids by matplotlib: the cousins of the bar chart."""

from __future__ import annotations

from itertools import pairwise

from matplotlib.patches import Polygon

from tools.vision_tower.drawing.charts.matplotlib.axes import figure_text, label_px, lying, on, upright
from tools.vision_tower.drawing.charts.matplotlib.page import Page


def dots(page: Page) -> None:
    """A dot a value on each category's line; a bar joins two of them."""
    chart, look, rng = page.chart, page.look, page.rng
    pair = len(chart.values) == 2
    if pair:
        page.legend(chart.names, page.tones, "dot")
    low, high = min(map(min, chart.values)), max(map(max, chart.values))
    places = list(range(len(chart.categories)))
    axes = lying(page, 0.0 if rng.random() < 0.5 else low, high, chart.categories, places)
    if pair:
        axes.hlines(places, *chart.values, color="#b4b4b4", linewidth=rng.uniform(1, 4), zorder=2)
    elif rng.random() < 0.7:
        style = rng.choice((":", "-", "--"))
        axes.hlines(places, axes.get_xlim()[0], axes.get_xlim()[1], color="#c4c4c4", linewidth=0.7, linestyle=style)
    size = look.text_px * rng.uniform(0.6, 1.1)
    for row, tone in zip(chart.values, page.tones, strict=False):
        axes.plot(row, places, "o", color=tone, markersize=size, markeredgecolor=look.edge or tone, clip_on=False)


def lollipops(page: Page) -> None:
    """A stem with a dot at its end for each category."""
    chart, look, rng = page.chart, page.look, page.rng
    row, n = chart.values[0], len(chart.categories)
    tints = [page.tones[nth % len(page.tones)] for nth in range(n)]
    flat = rng.random() < 0.4
    low, high = min(0.0, *row), max(row)
    places = list(range(n))
    axes = lying(page, low, high, chart.categories, places) if flat else upright(page, low, high, chart.categories)
    (axes.hlines if flat else axes.vlines)(places, 0, row, colors=tints, linewidth=look.line_px, zorder=2)
    size = look.text_px * rng.uniform(0.6, 1.2)
    for place, value, tint in zip(places, row, tints, strict=True):
        x, y = (value, place) if flat else (place, value)
        axes.plot(x, y, "o", color=tint, markersize=size, markeredgecolor=look.edge or tint, clip_on=False)


def funnel(page: Page) -> None:
    """Centred bars, or slabs that lead from each width to the next."""
    chart, look, rng = page.chart, page.look, page.rng
    row = chart.values[0]
    aside = rng.random() < 0.5
    left = label_px(page, chart.categories) if aside else 0
    axes = page.axes(left=left)
    axes.axis("off")
    axes.set_xlim(-0.55 * row[0], 0.55 * row[0])
    axes.set_ylim(len(row), 0)
    slanted, gap = rng.random() < 0.5, rng.choice((0.0, 0.04, 0.1, 0.2))
    for nth, value in enumerate(row):
        tone = page.tones[nth % len(page.tones)]
        below = (row[nth + 1] if nth + 1 < len(row) else value * 0.7) if slanted else value
        bottom = nth + 1 - gap
        corners = [(-value / 2, nth), (value / 2, nth), (below / 2, bottom), (-below / 2, bottom)]
        axes.add_patch(Polygon(corners, facecolor=tone, edgecolor=look.edge or page.paper, linewidth=0.8))
        words = figure_text(value) if aside else chart.categories[nth]
        wide = value / (1.1 * row[0]) * (page.right - page.left - left)
        fits = len(words) * 0.55 * look.text_px < wide
        if fits or not aside:
            ink = on(tone) if fits else page.ink
            axes.text(0, nth + 0.5, words, ha="center", va="center", color=ink, size=look.text_px)
        if aside:
            axes.text(-0.57 * row[0], nth + 0.5, chart.categories[nth], ha="right", va="center", size=look.text_px)


def waterfall(page: Page) -> None:
    """Start and total stand on the ground; each change floats from where the one before ended."""
    chart, look, rng = page.chart, page.look, page.rng
    row = chart.values[0]
    levels = [row[0]]
    for change in row[1:-1]:
        levels.append(levels[-1] + change)
    axes = upright(page, min(0.0, *levels), max(levels), chart.categories)
    whole = rng.choice(("#7f7f7f", "#444444", "#a0a8b0", "#5a6b7b"))
    ends = [(0.0, row[0]), *pairwise(levels), (0.0, levels[-1])]
    tints = [page.tones[0] if change >= 0 else page.tones[1] for change in row[1:-1]]
    wide = max(0.5, look.bar_share)
    axes.bar(
        range(len(ends)),
        [abs(high - low) for low, high in ends],
        wide,
        [min(pair) for pair in ends],
        color=[whole, *tints, whole],
        edgecolor=look.edge,
        linewidth=0.6 if look.edge else 0,
        zorder=2,
    )
    if rng.random() < 0.7:
        places = range(len(levels))
        axes.hlines(levels, places, [place + 1 for place in places], color=page.ink, linewidth=0.7, linestyle="--")
    if look.value_labels:
        for place, (value, pair) in enumerate(zip(row, ends, strict=True)):
            words = figure_text(value)
            axes.text(place, max(pair), words, ha="center", va="bottom", size=page.px(0.9))


def pyramid(page: Page) -> None:
    """The first row to the left and the second to the right of a common line, the youngest at the bottom."""
    chart, look, rng = page.chart, page.look, page.rng
    named = look.legend != "direct"
    if named:
        page.legend(chart.names, page.tones)
    else:
        page.top += look.text_px * 1.5
    reach = max(map(max, chart.values))
    places = list(range(len(chart.categories)))
    axes = lying(page, -reach, reach, chart.categories, places)
    axes.set_ylim(-0.6, len(places) - 0.4)
    if look.value_axis:
        ticks = [tick for tick in axes.get_xticks() if abs(tick) <= reach * 1.1]
        axes.set_xticks(ticks, [figure_text(abs(tick), chart.unit) for tick in ticks])
    wide = rng.choice((0.75, 0.9, 1.0))
    edge = look.edge or page.paper
    for row, tone, side in zip(chart.values, page.tones, (-1, 1), strict=False):
        axes.barh(places, [side * value for value in row], wide, color=tone, edgecolor=edge, linewidth=0.6, zorder=2)
        if not named:
            name = chart.names[0 if side < 0 else 1]
            axes.text(side * reach / 2, len(places) - 0.3, name, ha="center", weight="bold", color=tone)
