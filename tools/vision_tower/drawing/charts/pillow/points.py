"""Scatter plots, bubbles, boxes with whiskers, candlesticks."""

from __future__ import annotations

from tools.vision_tower.drawing.charts import words as charts_words
from tools.vision_tower.drawing.charts.pillow.axes import Plane, Point, category_plane, number_plane
from tools.vision_tower.drawing.charts.pillow.bars import slots
from tools.vision_tower.drawing.charts.pillow.sheet import Sheet
from tools.vision_tower.drawing.charts.spec import lighter
from tools.vision_tower.drawing.colours import RGB

MARKS = ("disc", "disc", "disc", "ring", "square", "cross", "plus", "triangle", "diamond")


def scatter(sheet: Sheet) -> None:
    """Points, in groups by colour; bubbles are of many sizes."""
    chart, look = sheet.chart, sheet.look
    width = 3 if chart.kind == "bubble chart" else 2
    groups = [chart.values[place : place + width] for place in range(0, len(chart.values), width)]
    if len(groups) > 1:
        sheet.legend(chart.names, sheet.tones, place="right" if look.legend == "ends" else look.legend, mark="circle")
    xs, ys = [x for group in groups for x in group[0]], [y for group in groups for y in group[1]]
    plane, first, last = number_plane(sheet, _padded(xs), _padded(ys))
    mark, other = sheet.rng.choice(MARKS), sheet.rng.random() < 0.25
    size = max(1.5, plane.box.width * sheet.rng.uniform(0.007, 0.02)) * (0.75 if len(xs) > 80 else 1)
    largest = min(plane.box.width, plane.box.height) * sheet.rng.uniform(0.08, 0.14)
    for nth, group in enumerate(groups):
        for place, (x, y) in enumerate(zip(group[0], group[1], strict=True)):
            at = plane.at((x - first) / (last - first), y)
            if width == 3:
                _bubble(sheet, at, largest * group[2][place] ** 0.5, sheet.tone(nth))
            else:
                point(sheet, at, size, sheet.tone(nth), MARKS[(nth * 3) % len(MARKS)] if other else mark)
    if len(groups) == 1 and width == 2 and sheet.rng.random() < 0.35:
        _fit(sheet, plane, groups[0][0], groups[0][1], first, last)
    if len(xs) <= 45 and sheet.look.seed % 3 == 0:
        _labels(sheet, plane, groups, (first, last))
    sheet.finish(plane.box)


def _labels(
    sheet: Sheet, plane: Plane, groups: list[tuple[tuple[float, ...], ...]], edges: tuple[float, float]
) -> None:
    """Names beside some of the points."""
    em = sheet.look.text_px
    for group in groups:
        for x, y in zip(group[0], group[1], strict=True):
            if sheet.rng.random() < 0.6:
                at = plane.at((x - edges[0]) / (edges[1] - edges[0]), y)
                words = sheet.rng.choice(charts_words.COUNTRIES)
                sheet.write((at[0] + em * 0.5, at[1] - em * 0.4), words, "lm", fill=sheet.look.soft)


def _padded(row: list[float]) -> tuple[float, float]:
    margin = (max(row) - min(row)) * 0.08 or 1.0
    low = min(row) - margin
    return (0.0 if 0 < min(row) < max(row) * 0.3 else low), max(row) + margin


def _bubble(sheet: Sheet, at: Point, radius: float, tone: RGB) -> None:
    (x, y), light = at, sheet.look.seed % 2 == 0 and sheet.look.back[0] > 200
    box = (x - radius, y - radius, x + radius, y + radius)
    sheet.pen.ellipse(box, lighter(tone, 0.35) if light else tone, tone if light else sheet.look.back)


def point(sheet: Sheet, at: Point, size: float, tone: RGB, mark: str) -> None:
    """One point; `size` is half of its width in pixels."""
    pen, (x, y) = sheet.pen, at
    box = (x - size, y - size, x + size, y + size)
    if mark == "ring":
        pen.ellipse(box, outline=tone)
    elif mark == "square":
        pen.rectangle(box, tone)
    elif mark == "cross":
        pen.line(box, tone)
        pen.line((x - size, y + size, x + size, y - size), tone)
    elif mark == "plus":
        pen.line((x - size, y, x + size, y), tone)
        pen.line((x, y - size, x, y + size), tone)
    elif mark in ("triangle", "diamond"):
        corners = [(x - size, y + size * 0.8), (x, y - size), (x + size, y + size * 0.8)]
        if mark == "diamond":
            corners = [(x - size, y), (x, y - size), (x + size, y), (x, y + size)]
        pen.polygon(corners, tone)
    else:
        pen.ellipse(box, tone, sheet.look.outline if size > 3 else None)


def _fit(sheet: Sheet, plane: Plane, xs: tuple[float, ...], ys: tuple[float, ...], first: float, last: float) -> None:
    """The line of least squares through the cloud."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((x - mean_x) ** 2 for x in xs) or 1.0
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / spread
    ends = [
        plane.at((x - first) / (last - first), min(plane.high, max(plane.low, mean_y + slope * (x - mean_x))))
        for x in (min(xs), max(xs))
    ]
    sheet.pen.line(ends, sheet.look.ink, max(1, sheet.look.stroke // 2))


def boxes(sheet: Sheet) -> None:
    """A box from quartile to quartile with a line at the median, and whiskers."""
    chart, look, pen = sheet.chart, sheet.look, sheet.pen
    lying = sheet.rng.random() < 0.2
    low, high = min(row[0] for row in chart.values), max(row[4] for row in chart.values)
    plane = category_plane(
        sheet, chart.categories, (min(low, 0.0) if sheet.rng.random() < 0.4 else low, high), lying=lying
    )
    hollow = sheet.rng.random() < 0.2
    for place, (row, along) in enumerate(zip(chart.values, slots(sheet, len(chart.values)), strict=True)):
        tone, middle, quarter = sheet.tone(place), sum(along) / 2, (along[1] - along[0]) / 4
        ink = tone if hollow else look.ink
        thick = max(1, look.stroke // 2)
        for start, end in ((row[0], row[1]), (row[3], row[4])):
            pen.line((plane.at(middle, start), plane.at(middle, end)), ink, thick)
        for end in (row[0], row[4]):
            pen.line((plane.at(middle - quarter, end), plane.at(middle + quarter, end)), ink, thick)
        pen.rectangle(plane.slab(along, (row[1], row[3])), look.back if hollow else tone, ink, thick)
        pen.line((plane.at(along[0], row[2]), plane.at(along[1], row[2])), ink, thick + 1)
        if look.seed % 3 == 0:
            for beyond in range(sheet.rng.randint(0, 3)):
                far = row[4] + (plane.high - row[4]) * (0.2 + 0.25 * beyond)
                point(sheet, plane.at(middle, far), max(1.5, thick * 1.5), ink, "ring")


def candles(sheet: Sheet) -> None:
    """A day of trade each: from open to close a body, from low to high a wick."""
    chart, pen = sheet.chart, sheet.pen
    low, high = min(row[2] for row in chart.values), max(row[1] for row in chart.values)
    plane = category_plane(sheet, chart.categories, (low, high))
    for row, along in zip(chart.values, slots(sheet, len(chart.values)), strict=True):
        tone = sheet.tone(0 if row[3] >= row[0] else 1)
        pen.line((plane.at(sum(along) / 2, row[2]), plane.at(sum(along) / 2, row[1])), tone)
        pen.rectangle(plane.slab(along, (row[0], row[3])), tone)
