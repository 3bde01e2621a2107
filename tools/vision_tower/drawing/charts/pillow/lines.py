"""Lines, areas, and the lines of a radar chart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from PIL import Image, ImageDraw

from tools.vision_tower.drawing.charts.pillow.axes import Plane, Point, course_plane
from tools.vision_tower.drawing.charts.pillow.bars import discs
from tools.vision_tower.drawing.charts.pillow.sheet import Sheet, printed
from tools.vision_tower.drawing.charts.spec import lighter
from tools.vision_tower.drawing.colours import RGB


def lines(sheet: Sheet) -> None:
    """One to six lines over time."""
    chart, look = sheet.chart, sheet.look
    at_ends = look.legend == "ends" or (len(chart.names) == 1 and look.seed % 4 == 0)
    if len(chart.names) > 1 and not at_ends:
        sheet.legend(chart.names, sheet.tones, mark=sheet.rng.choice(("line", "line", "square", "circle")))
    whole = sheet.box
    if at_ends:
        sheet.box = whole.inset(right=min(whole.width * 0.25, max(map(sheet.length, chart.names)) + look.text_px * 0.4))
    plane = course_plane(sheet, chart.categories, _span(sheet))
    for nth, row in enumerate(chart.values):
        points = [plane.at(place / (len(row) - 1), value) for place, value in enumerate(row)]
        _line(sheet, points, sheet.tone(nth), dashed=look.dashes and nth % 2 == 1)
        if look.markers and len(points) <= 20:
            discs(sheet, points, sheet.tone(nth))
        if look.values:
            _numbers(sheet, points, row)
        if at_ends:
            words = sheet.cut(chart.names[nth], whole.x1 - points[-1][0])
            sheet.write((points[-1][0] + look.text_px * 0.4, points[-1][1]), words, "lm", fill=sheet.tone(nth))
    sheet.finish(plane.box)


def _span(sheet: Sheet) -> tuple[float, float]:
    """From zero, or from a little below the lowest."""
    low, high = min(map(min, sheet.chart.values)), max(map(max, sheet.chart.values))
    head = (high - low) * 0.05 or abs(high) * 0.5 or 1.0
    return (min(0.0, low) if sheet.rng.random() < 0.6 else low - head), high + head


def _line(sheet: Sheet, points: Sequence[Point], tone: RGB, *, dashed: bool) -> None:
    if dashed:
        for start, end in itertools.pairwise(points):
            sheet.dash(start, end, tone, sheet.look.stroke)
    elif sheet.look.gaps and sheet.look.seed % 3 == 0:
        steps = [corner for (x0, y0), (x1, _) in itertools.pairwise(points) for corner in ((x0, y0), (x1, y0))]
        sheet.pen.line([*steps, points[-1]], tone, sheet.look.stroke)
    else:
        sheet.pen.line(list(points), tone, sheet.look.stroke, "curve")


def _numbers(sheet: Sheet, points: Sequence[Point], row: Sequence[float]) -> None:
    """At each point where there is room, else at the ends."""
    em = sheet.look.text_px
    shown = range(len(row)) if len(row) <= 10 and len(sheet.chart.values) < 4 else (0, len(row) - 1)
    for place in shown:
        x, y = points[place]
        sheet.write((x, y - em * 0.5), printed(row[place], sheet.chart.unit), "ms")


def areas(sheet: Sheet) -> None:
    """The room under a line; or bands, one on the other."""
    chart, look = sheet.chart, sheet.look
    if len(chart.names) > 1:
        sheet.legend(chart.names, sheet.tones)
    totals = [sum(column) for column in zip(*chart.values, strict=True)]
    low = 0.0 if len(chart.names) > 1 or sheet.rng.random() < 0.9 else min(totals) * 0.7
    plane = course_plane(sheet, chart.categories, (low, max(totals) * 1.02))
    base = [plane.low] * len(totals)
    for nth, row in enumerate(chart.values):
        top = [start + value for start, value in zip(base, row, strict=True)] if nth else list(row)
        _band(sheet, plane, base, top, sheet.tone(nth))
        base = top
    if look.grid and sheet.rng.random() < 0.3:
        _grid_over(sheet, plane)
    sheet.finish(plane.box)


def _band(sheet: Sheet, plane: Plane, base: Sequence[float], top: Sequence[float], tone: RGB) -> None:
    n = len(top) - 1
    upper = [plane.at(place / n, value) for place, value in enumerate(top)]
    lower = [plane.at(place / n, value) for place, value in enumerate(base)]
    alone = len(sheet.chart.values) == 1
    pale = alone and sheet.look.seed % 3 == 0 and sheet.look.back[0] > 200
    sheet.pen.polygon([*upper, *reversed(lower)], lighter(tone, 0.45) if pale else tone)
    if alone and (pale or sheet.look.seed % 3 == 1):
        sheet.pen.line(upper, tone, sheet.look.stroke, "curve")
    elif sheet.look.outline:
        sheet.pen.line(upper, sheet.look.outline, max(1, sheet.look.stroke // 2))


def _grid_over(sheet: Sheet, plane: Plane) -> None:
    for share in (0.25, 0.5, 0.75):
        value = plane.low + share * (plane.high - plane.low)
        sheet.pen.line((plane.at(0, value), plane.at(1, value)), lighter(sheet.look.line, 0.3))


def radar(sheet: Sheet) -> None:
    """Values along spokes, joined round the middle."""
    chart, look, pen = sheet.chart, sheet.look, sheet.pen
    if len(chart.names) > 1:
        sheet.legend(chart.names, sheet.tones, place="right" if look.legend in ("ends", "inside") else look.legend)
    box, em = sheet.box, look.text_px
    radius = min(box.width / 2 - em * 3, box.height / 2 - em * 1.5)
    middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    n, high = len(chart.categories), max(map(max, chart.values)) * 1.05
    n_rings, circles = sheet.rng.choice((3, 4, 5)), sheet.rng.random() < 0.25
    for ring in range(1, n_rings + 1):
        reach = radius * ring / n_rings
        if circles:
            x, y = middle
            pen.ellipse((x - reach, y - reach, x + reach, y + reach), outline=look.line)
        else:
            pen.polygon([_spoke(middle, reach, place / n) for place in range(n)], outline=look.line)
    for place, label in enumerate(chart.categories):
        pen.line((middle, _spoke(middle, radius, place / n)), look.line)
        sheet.write(_spoke(middle, radius + em * 1.1, place / n), sheet.cut(label, em * 6), "mm", fill=look.soft)
    filled = sheet.rng.random() < 0.55
    for nth, row in enumerate(chart.values):
        points = [_spoke(middle, radius * value / high, place / n) for place, value in enumerate(row)]
        if filled:
            _wash(sheet, points, sheet.tone(nth))
        pen.line([*points, points[0]], sheet.tone(nth), look.stroke + 1)
        if look.markers:
            discs(sheet, points, sheet.tone(nth))


def _spoke(middle: Point, reach: float, turn: float) -> Point:
    """Clockwise from the top; a turn of 1 is once round."""
    angle = turn * 2 * math.pi
    return middle[0] + reach * math.sin(angle), middle[1] - reach * math.cos(angle)


def _wash(sheet: Sheet, points: Sequence[Point], tone: RGB) -> None:
    """Filled so that what lies under it shows."""
    mask = Image.new("L", sheet.image.size)
    ImageDraw.Draw(mask).polygon(list(points), 100)
    sheet.image.paste(tone, (0, 0), mask)
