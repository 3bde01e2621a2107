"""Pies, donuts, gauges, radars and treemaps by matplotlib, on bare axes of equal scales."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Polygon, Rectangle, Wedge

from tools.vision_tower.drawing.charts.matplotlib.axes import figure_text, on
from tools.vision_tower.drawing.charts.matplotlib.page import Page

Box = tuple[float, float, float, float]
"""x, y, width, height."""


def slices(page: Page) -> None:
    """A pie, or a donut with a hole of 40 to 72 percent of its radius."""
    chart, look, rng = page.chart, page.look, page.rng
    row = chart.values[0]
    named = rng.random() < 0.55
    if not named:
        page.legend(chart.categories, page.tones)
    hole = rng.uniform(0.4, 0.72) if chart.kind == "donut chart" else 0.0
    margin = 1.45 if named else 1.08
    axes = _bare(page, (-margin, margin), (-1.25, 1.25) if named else (-1.08, 1.08))
    apart = rng.randrange(len(row)) if rng.random() < 0.2 else -1
    all_apart = rng.uniform(0.02, 0.07) if rng.random() < 0.06 else 0.0
    edge = rng.choice((page.paper, page.paper, "white", look.edge, "black"))
    angle, turn = rng.choice((90.0, 90.0, 0.0, rng.uniform(0, 360))), rng.choice((-1, -1, 1))
    thick = rng.uniform(0.4, 3)
    for nth, share in enumerate(row):
        tone = page.tones[nth % len(page.tones)]
        until = angle + turn * 3.6 * share
        middle = math.radians((angle + until) / 2)
        off = rng.uniform(0.06, 0.16) if nth == apart else all_apart
        centre = off * math.cos(middle), off * math.sin(middle)
        ends = sorted((angle, until))
        axes.add_patch(Wedge(centre, 1, *ends, width=1 - hole, facecolor=tone, edgecolor=edge, linewidth=thick))
        _slice_words(page, axes, nth, middle, (1 + hole) / 2 if hole else 0.66, named)
        angle = until
    if hole and rng.random() < 0.3:
        axes.text(0, 0, figure_text(max(row), "%"), ha="center", va="center", size=page.px(1.8), weight="bold")


def gauge(page: Page) -> None:
    """A half ring, filled from the left up to the value, or a needle that points at it."""
    value, look, rng = page.chart.values[0][0], page.look, page.rng
    axes = _bare(page, (-1.15, 1.15), (-0.35, 1.1))
    wide = rng.uniform(0.15, 0.45)
    stop = 180 - 1.8 * value
    rest = rng.choice(("#dddddd", "#e9ecef", "#c8ccd0"))
    axes.add_patch(Wedge((0, 0), 1, 0, stop, width=wide, facecolor=rest, edgecolor=look.edge, linewidth=0.7))
    axes.add_patch(Wedge((0, 0), 1, stop, 180, width=wide, facecolor=page.tones[0], edgecolor=look.edge, linewidth=0.7))
    needle = rng.random() < 0.5
    if needle:
        tip, side = math.radians(stop), math.radians(stop + 90)
        foot = [(0.05 * sign * math.cos(side), 0.05 * sign * math.sin(side)) for sign in (1, -1)]
        axes.add_patch(Polygon([*foot, (0.85 * math.cos(tip), 0.85 * math.sin(tip))], facecolor=page.ink))
        axes.add_patch(Wedge((0, 0), 0.08, 0, 360, facecolor=page.ink))
    height = -0.15 if needle else 0.05
    axes.text(0, height, figure_text(value, "%"), ha="center", va="top" if needle else "bottom", size=page.px(2.2))
    if rng.random() < 0.5:
        for x, words in ((-1, "0"), (1, "100")):
            axes.text(x * (1 - wide / 2), -0.04, words, ha="center", va="top", size=look.text_px)


def radar(page: Page) -> None:
    """A web of rings and spokes, a spoke a category, a closed line a series."""
    chart, look, rng = page.chart, page.look, page.rng
    if len(chart.values) > 1:
        page.legend(chart.names, page.tones, "line")
    axes = _bare(page, (-1.5, 1.5), (-1.2, 1.2))
    n, top = len(chart.categories), max(map(max, chart.values)) * rng.uniform(1.0, 1.15)
    spokes = [math.pi / 2 - 2 * math.pi * nth / n for nth in range(n)]
    rings = rng.randint(3, 5)
    web = [_closed(spokes, [(ring + 1) / rings] * n) for ring in range(rings)]
    if rng.random() < 0.4:
        fine = [2 * math.pi * nth / 60 for nth in range(60)]
        web = [_closed(fine, [(ring + 1) / rings] * 60) for ring in range(rings)]
    web += [[(0, 0), (math.cos(spoke), math.sin(spoke))] for spoke in spokes]
    axes.add_collection(LineCollection(web, colors="#a8a8a8", linewidths=0.7))
    opacity = rng.choice((0.0, 0.15, 0.25, 0.45))
    for row, tone in zip(chart.values, page.tones, strict=False):
        corners = _closed(spokes, [value / top for value in row])
        axes.add_patch(Polygon(corners, facecolor=tone, alpha=opacity, linewidth=0))
        x, y = zip(*corners, strict=True)
        axes.plot(x, y, color=tone, linewidth=look.line_px, marker=look.marker or None, markersize=look.line_px + 2)
    for spoke, name in zip(spokes, chart.categories, strict=True):
        side = "center" if abs(math.cos(spoke)) < 0.2 else "left" if math.cos(spoke) > 0 else "right"
        axes.text(1.1 * math.cos(spoke), 1.1 * math.sin(spoke), name, ha=side, va="center", size=look.text_px)


def treemap(page: Page) -> None:
    """Boxes whose areas are the numbers."""
    chart, look, rng = page.chart, page.look, page.rng
    axes = page.axes()
    axes.axis("off")
    wide, tall = page.right - page.left, page.bottom - page.top
    axes.set_xlim(0, wide)
    axes.set_ylim(tall, 0)
    order = sorted(range(len(chart.categories)), key=lambda nth: -chart.values[0][nth])
    gap = rng.choice((page.paper, "white", "black"))
    thick = rng.uniform(0.6, 3)
    for nth, box in zip(order, squarify([chart.values[0][nth] for nth in order], (0, 0, wide, tall)), strict=True):
        tone = page.tones[nth % len(page.tones)]
        axes.add_patch(Rectangle(box[:2], *box[2:], facecolor=tone, edgecolor=gap, linewidth=thick))
        name = chart.categories[nth]
        if len(name) * 0.55 * look.text_px < box[2] and box[3] > look.text_px * 1.5:
            axes.text(box[0] + look.text_px * 0.3, box[1] + look.text_px * 0.3, name, va="top", color=on(tone))


def squarify(sizes: Sequence[float], room: Box) -> list[Box]:
    """Boxes that fill the room, of areas as the sizes, as square as rows along the shorter side allow.

    Args:
        sizes: positive, from large to small.
        room: where they go.

    Source: Bruls, Huizing and van Wijk, Squarified Treemaps (2000).
    """
    if not sizes:
        return []
    x, y, width, height = room
    scale = width * height / sum(sizes)
    short = min(width, height)
    n = 1
    while n < len(sizes) and _worst(sizes[: n + 1], short, scale) <= _worst(sizes[:n], short, scale):
        n += 1
    deep = sum(sizes[:n]) * scale / short
    boxes, at = [], 0.0
    for size in sizes[:n]:
        long = size * scale / deep
        boxes.append((x, y + at, deep, long) if width >= height else (x + at, y, long, deep))
        at += long
    rest = (x + deep, y, width - deep, height) if width >= height else (x, y + deep, width, height - deep)
    return boxes + squarify(sizes[n:], rest)


def _worst(sizes: Sequence[float], short: float, scale: float) -> float:
    """The largest ratio of sides in a row along the short side."""
    deep = sum(sizes) * scale / short
    return max(max(deep / (size * scale / deep), (size * scale / deep) / deep) for size in sizes)


def _bare(page: Page, x_span: tuple[float, float], y_span: tuple[float, float]) -> Axes:
    axes = page.axes()
    axes.axis("off")
    axes.set_xlim(x_span)
    axes.set_ylim(y_span)
    axes.set_aspect("equal")
    return axes


def _slice_words(page: Page, axes: Axes, nth: int, middle: float, radius: float, named: bool) -> None:
    share = page.chart.values[0][nth]
    x, y = math.cos(middle), math.sin(middle)
    size = page.look.text_px
    if share >= 6 and (page.look.value_labels or page.look.bar_share > 0.6):
        ink = on(page.tones[nth % len(page.tones)])
        words = figure_text(share, "%")
        axes.text(radius * x, radius * y, words, ha="center", va="center", color=ink, size=size)
    if named:
        side = "left" if x > 0 else "right"
        axes.text(1.1 * x, 1.1 * y, page.chart.categories[nth], ha=side, va="center", size=size)


def _closed(angles: Sequence[float], radii: Sequence[float]) -> list[tuple[float, float]]:
    """Corners of a closed line around (0, 0)."""
    corners = [
        (radius * math.cos(angle), radius * math.sin(angle)) for angle, radius in zip(angles, radii, strict=True)
    ]
    return [*corners, corners[0]]
