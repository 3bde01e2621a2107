"""Bars, upright and lying: alone, side by side, stacked; lollipops, dots, histograms, waterfalls, pyramids, combos."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image, ImageDraw

from tools.vision_tower.drawing.charts.pillow.axes import Plane, category_plane, places
from tools.vision_tower.drawing.charts.pillow.sheet import Box, Sheet, contrast, printed
from tools.vision_tower.drawing.charts.spec import lighter
from tools.vision_tower.drawing.colours import RGB


def slots(sheet: Sheet, n: int) -> list[tuple[float, float]]:
    """The places of `n` bars along the axis, from and to in 0..1."""
    middles, room = places(sheet, n)
    half = sheet.look.bar_share * room / 2
    return [(middle - half, middle + half) for middle in middles]


def paint(sheet: Sheet, box: Box, tone: RGB, nth: int = 0) -> None:
    """One bar, in the manner of the look."""
    look, pen = sheet.look, sheet.pen
    if box.width < 1 or box.height < 1:
        pen.line(box, tone)
        return
    if look.shadow and box.height > 3:
        pen.rectangle((box.x0 + 3, box.y0 + 3, box.x1 + 3, box.y1), look.line)
    if look.solid:
        _solid(sheet, box, tone)
    if look.rounded and min(box.width, box.height) > 6:
        pen.rounded_rectangle(box, min(box.width, box.height) * 0.3, tone)
    else:
        pen.rectangle(box, tone, look.outline)
    if look.hatched and min(box.width, box.height) > 5:
        _hatch(sheet, box, nth)


def _solid(sheet: Sheet, box: Box, tone: RGB) -> None:
    """A top and a side, as early office programs drew them."""
    deep = min(box.width, box.height) * 0.25
    dark = tuple(round(part * 0.65) for part in tone)
    top = [(box.x0, box.y0), (box.x0 + deep, box.y0 - deep), (box.x1 + deep, box.y0 - deep), (box.x1, box.y0)]
    side = [(box.x1, box.y0), (box.x1 + deep, box.y0 - deep), (box.x1 + deep, box.y1 - deep), (box.x1, box.y1)]
    sheet.pen.polygon(top, lighter(tone, 0.25))
    sheet.pen.polygon(side, dark)


def _hatch(sheet: Sheet, box: Box, nth: int) -> None:
    """Oblique lines, another way for each series; every fourth has none."""
    if nth % 4 == 3:
        return
    size = int(box.width) - 1, int(box.height) - 1
    mask = Image.new("1", (max(size[0], 1), max(size[1], 1)))
    pen, step = ImageDraw.Draw(mask), max(4, sheet.look.text_px // 2)
    for start in range(-size[1], size[0] + size[1], step):
        if nth % 4 in (0, 2):
            pen.line((start, size[1], start + size[1], 0), 1)
        if nth % 4 in (1, 2):
            pen.line((start, 0, start + size[1], size[1]), 1)
    sheet.image.paste((30, 30, 30), (int(box.x0) + 1, int(box.y0) + 1), mask)


def say(
    sheet: Sheet, plane: Plane, span: tuple[float, float], value: float, words: str, *, strong: bool = False
) -> None:
    """A number past the end of a bar; no larger than the bar, along the axis `span`, allows."""
    em = sheet.look.text_px
    size_px = min(em, round((span[1] - span[0]) * (plane.box.height * 1.2 if plane.lying else plane.box.width * 0.7)))
    if size_px < 5:
        return
    x, y = plane.at(sum(span) / 2, value)
    below = value < 0
    if plane.lying:
        at, anchor = (x + (-0.3 if below else 0.3) * em, y), "rm" if below else "lm"
    else:
        at, anchor = (x, y + (0.2 if below else -0.2) * em), "mt" if below else "ms"
    sheet.write(at, words, anchor, strong=strong, size_px=size_px)


def single(sheet: Sheet) -> None:
    """A bar a category; the lollipop chart has a line and a disc for each."""
    chart, look, row = sheet.chart, sheet.look, sheet.chart.values[0]
    lying = "horizontal" in chart.kind or (chart.kind == "lollipop chart" and look.seed % 2 == 0)
    head = 1.12 if look.values else 1.0
    plane = category_plane(sheet, chart.categories, (min(0.0, *row) * head, max(0.0, *row) * head), lying=lying)
    strong = sheet.rng.random() < 0.3
    for place, (value, along) in enumerate(zip(row, slots(sheet, len(row)), strict=True)):
        if chart.kind == "lollipop chart":
            _lollipop(sheet, plane, sum(along) / 2, value, sheet.tone(place))
        else:
            paint(sheet, plane.slab(along, (0, value)), sheet.tone(place))
        if look.values:
            say(sheet, plane, along, value, printed(value, chart.unit), strong=strong)
        elif look.errors:
            _error(sheet, plane, sum(along) / 2, value)


def _error(sheet: Sheet, plane: Plane, along: float, value: float) -> None:
    """Whiskers at the end of a bar."""
    reach = (plane.high - plane.low) * sheet.rng.uniform(0.02, 0.06)
    low, high = plane.at(along, value - reach), plane.at(along, min(plane.high, value + reach))
    sheet.pen.line((low, high), sheet.look.ink)
    cap = sheet.look.text_px * 0.3
    for x, y in (low, high):
        sheet.pen.line((x, y - cap, x, y + cap) if plane.lying else (x - cap, y, x + cap, y), sheet.look.ink)


def _lollipop(sheet: Sheet, plane: Plane, along: float, value: float, tone: RGB) -> None:
    (x, y), look = plane.at(along, value), sheet.look
    slot = (plane.box.height if plane.lying else plane.box.width) / len(sheet.chart.categories)
    radius = max(3.0, min(slot * 0.3, look.text_px * 0.8))
    sheet.pen.line((plane.at(along, 0), (x, y)), tone, max(1, look.stroke // 2 + 1))
    sheet.pen.ellipse((x - radius, y - radius, x + radius, y + radius), tone, look.outline)


def grouped(sheet: Sheet) -> None:
    """Bars of a category side by side."""
    chart, n_series = sheet.chart, len(sheet.chart.names)
    lying = "horizontal" in chart.kind
    sheet.legend(chart.names, sheet.tones, place=_edge_legend(sheet))
    highest = max(map(max, chart.values)) * (1.12 if sheet.look.values else 1.0)
    plane = category_plane(sheet, chart.categories, (0.0, highest), lying=lying)
    gap = sheet.rng.choice((0.0, 0.0, 0.1))
    for place, (start, end) in enumerate(slots(sheet, len(chart.categories))):
        step = (end - start) / n_series
        for nth, row in enumerate(chart.values):
            along = start + nth * step, start + (nth + 1 - gap) * step
            paint(sheet, plane.slab(along, (0, row[place])), sheet.tone(nth), nth)
            if sheet.look.errors:
                _error(sheet, plane, sum(along) / 2, row[place])
            elif sheet.look.values and len(chart.categories) * n_series < 16:
                say(sheet, plane, along, row[place], printed(row[place], chart.unit))


def _edge_legend(sheet: Sheet) -> str:
    place = sheet.look.legend
    return "top" if place in ("ends", "inside") else place


def stacked(sheet: Sheet) -> None:
    """Bars of a category one on the other, or one after the other."""
    chart = sheet.chart
    lying = "horizontal" in chart.kind
    headed = lying and sheet.look.legend in ("ends", "top")
    if headed:
        sheet.box = sheet.box.inset(top=sheet.look.text_px * 1.3)
    else:
        sheet.legend(chart.names, sheet.tones, place=_edge_legend(sheet))
    totals = [sum(column) for column in zip(*chart.values, strict=True)]
    summed = lying and sheet.look.values and sheet.look.seed % 3 == 0
    whole = sheet.box
    if summed:
        sheet.box = whole.inset(right=sheet.look.text_px * 2.5)
    plane = category_plane(sheet, chart.categories, (0.0, max(totals)), lying=lying)
    for place, along in enumerate(slots(sheet, len(chart.categories))):
        base = 0.0
        for nth, row in enumerate(chart.values):
            box = plane.slab(along, (base, base + row[place]))
            paint(sheet, box, sheet.tone(nth), nth)
            words = f"{row[place]:g}"
            if sheet.look.values and box.width > sheet.length(words) and box.height > sheet.look.text_px:
                middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
                sheet.write(middle, words, "mm", fill=contrast(sheet.tone(nth)))
            if headed and place == 0:
                _head(sheet, box, nth, plane.box.y0)
            base += row[place]
        if summed:
            x, y = whole.x1, plane.at(sum(along) / 2, 0)[1]
            sheet.write((x, y), f"{totals[place]:g}", "rm", strong=True)


def _head(sheet: Sheet, box: Box, nth: int, y: float) -> None:
    """The name of a series in its colour, over its part of the first bar."""
    name, tone = sheet.chart.names[nth], sheet.tone(nth)
    ink = tone if sum(tone) < 480 or sheet.look.back[0] < 100 else sheet.look.ink
    sheet.write((box.x0, y - sheet.look.text_px * 0.2), sheet.cut(name, max(box.width, 4)), "ls", fill=ink, strong=True)


def histogram(sheet: Sheet) -> None:
    """Bars that touch, over bins of numbers."""
    chart, row = sheet.chart, sheet.chart.values[0]
    n, gap = len(row), sheet.rng.choice((0.0, 0.0, 0.04))
    plane = category_plane(sheet, chart.categories, (0.0, max(row)))
    edge = sheet.rng.choice((sheet.look.back, sheet.look.back, (40, 40, 40), None))
    for place, value in enumerate(row):
        box = plane.slab(((place + gap) / n, (place + 1 - gap) / n), (0, value))
        sheet.pen.rectangle(box, sheet.tone(0), edge or sheet.tone(0))
    if sheet.rng.random() < 0.2:
        points = [plane.at((place + 0.5) / n, value) for place, value in enumerate(row)]
        sheet.pen.line(points, sheet.look.ink, max(1, sheet.look.stroke // 2), "curve")


def waterfall(sheet: Sheet) -> None:
    """A start, steps up and down, and their sum."""
    chart, row = sheet.chart, sheet.chart.values[0]
    levels = [0.0]
    for value in row[:-1]:
        levels.append(levels[-1] + value)
    plane = category_plane(sheet, chart.categories, (min(0.0, *levels), max(levels) * 1.08))
    total = sheet.look.soft
    for place, along in enumerate(slots(sheet, len(row))):
        ends = 0 < place < len(row) - 1
        start, end = (levels[place], levels[place] + row[place]) if ends else (0.0, row[place])
        paint(sheet, plane.slab(along, (start, end)), sheet.tone(0 if row[place] >= 0 else 1) if ends else total)
        if place < len(row) - 1:
            sheet.pen.line((plane.at(along[1], end), plane.at(along[1] + 0.5 / len(row), end)), sheet.look.soft)
        if sheet.look.values:
            say(sheet, plane, along, max(start, end), printed(round(row[place], 2), chart.unit))


def combo(sheet: Sheet) -> None:
    """Columns, and a line over them."""
    chart, look = sheet.chart, sheet.look
    sheet.legend(chart.names, sheet.tones, place=_edge_legend(sheet))
    plane = category_plane(sheet, chart.categories, (0.0, max(map(max, chart.values))))
    places = slots(sheet, len(chart.categories))
    for value, along in zip(chart.values[0], places, strict=True):
        paint(sheet, plane.slab(along, (0, value)), sheet.tone(0))
    points = [plane.at(sum(along) / 2, value) for value, along in zip(chart.values[1], places, strict=True)]
    sheet.pen.line(points, sheet.tone(1), look.stroke + 1, "curve")
    if look.markers:
        discs(sheet, points, sheet.tone(1))


def discs(sheet: Sheet, points: Sequence[tuple[float, float]], tone: RGB) -> None:
    """Markers on a line: discs, squares, diamonds or rings."""
    look, pen = sheet.look, sheet.pen
    radius = look.stroke * 1.2 + 1.5
    for x, y in points:
        if look.markers == "square":
            pen.rectangle((x - radius, y - radius, x + radius, y + radius), tone)
        elif look.markers == "diamond":
            far = radius * 1.4
            pen.polygon([(x - far, y), (x, y - far), (x + far, y), (x, y + far)], tone)
        else:
            fill = look.back if look.markers == "hollow" else tone
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill, tone, max(1, look.stroke // 2))


def dots(sheet: Sheet) -> None:
    """A dot or two a category, each category on a line of its own."""
    chart, look = sheet.chart, sheet.look
    if len(chart.names) > 1:
        sheet.legend(chart.names, sheet.tones, place=_edge_legend(sheet), mark="circle")
    plane = category_plane(sheet, chart.categories, (0.0, max(map(max, chart.values))), lying=True)
    n = len(chart.categories)
    middles, _ = places(sheet, n)
    radius = max(2.5, min(plane.box.height / n * 0.3, look.text_px * 0.6))
    for place, column in enumerate(zip(*chart.values, strict=True)):
        along = middles[place]
        start = min(column) if len(column) > 1 else plane.low
        sheet.pen.line((plane.at(along, start), plane.at(along, max(column))), look.line, max(1, look.stroke))
        if len(column) == 1 or look.dotted:
            sheet.dash(plane.at(along, plane.low), plane.at(along, plane.high), look.line)
        for nth, value in enumerate(column):
            x, y = plane.at(along, value)
            sheet.pen.ellipse((x - radius, y - radius, x + radius, y + radius), sheet.tone(nth), look.outline)
            if look.values:
                sheet.write((x, y - radius), printed(value, chart.unit), "ms")


def pyramid(sheet: Sheet) -> None:
    """Two rows of bars, back to back."""
    chart, look = sheet.chart, sheet.look
    sheet.legend(chart.names, sheet.tones, place=_edge_legend(sheet))
    far = max(map(max, chart.values))
    plane = category_plane(sheet, tuple(reversed(chart.categories)), (-far, far), lying=True)
    gap = look.bar_share if look.gaps else 0.95
    n = len(chart.categories)
    for side, row in ((-1, chart.values[0]), (1, chart.values[1])):
        for place, value in enumerate(reversed(row)):
            along = (place + 0.5 - gap / 2) / n, (place + 0.5 + gap / 2) / n
            sheet.pen.rectangle(plane.slab(along, (0, side * value)), sheet.tone(side > 0), look.outline)
