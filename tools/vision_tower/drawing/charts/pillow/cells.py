"""Heat maps, treemaps and funnels."""

from __future__ import annotations

from tools.vision_tower.drawing.charts.pillow.sheet import Box, Sheet, contrast, printed
from tools.vision_tower.drawing.charts.spec import lighter
from tools.vision_tower.drawing.colours import RGB, mix


def heat_map(sheet: Sheet) -> None:
    """A cell for each row and column, the deeper the higher its value."""
    chart, look, em = sheet.chart, sheet.look, sheet.look.text_px
    left = min(max(map(sheet.length, chart.categories)) + em * 0.6, sheet.box.width * 0.3)
    on_top, bar = look.seed % 3 == 0, look.seed % 5 < 3
    box = sheet.box.inset(left, em * 1.5 if on_top else 0, em * 4.5 if bar else 0, 0 if on_top else em * 1.5)
    width, height = box.width / len(chart.names), box.height / len(chart.categories)
    low, high = min(map(min, chart.values)), max(map(max, chart.values))
    edge = look.back if look.seed % 2 else None
    for column, (name, values) in enumerate(zip(chart.names, chart.values, strict=True)):
        x = box.x0 + column * width
        for row, value in enumerate(values):
            y = box.y0 + row * height
            tone = _heat(sheet, (value - low) / (high - low or 1))
            sheet.pen.rectangle((round(x), round(y), round(x + width), round(y + height)), tone, edge)
            words = f"{value:g}"
            if look.values and sheet.length(words) < width and height > em:
                sheet.write((x + width / 2, y + height / 2), words, "mm", fill=contrast(tone))
        if width > em * 2.2 or column % 3 == 0:
            y = box.y0 - em * 0.3 if on_top else box.y1 + em * 0.3
            sheet.write((x + width / 2, y), sheet.cut(name, max(width, em * 2)), "ms" if on_top else "ma")
    for row, label in enumerate(chart.categories):
        sheet.write((box.x0 - em * 0.3, box.y0 + (row + 0.5) * height), sheet.cut(label, left), "rm")
    if bar:
        _scale_bar(sheet, box.inset(left=box.width + em), (low, high))


def _heat(sheet: Sheet, share: float) -> RGB:
    """From pale or the second colour, over something light, to the first."""
    if len(sheet.tones) == 1:
        return mix(lighter(sheet.tones[0], 0.92), sheet.tones[0], share)
    if sheet.look.seed % 4 == 0:
        return mix(sheet.tones[1], sheet.tones[0], share)
    pale = (247, 247, 247)
    return mix(sheet.tones[1], pale, share * 2) if share < 0.5 else mix(pale, sheet.tones[0], share * 2 - 1)


def _scale_bar(sheet: Sheet, room: Box, span: tuple[float, float]) -> None:
    em = sheet.look.text_px
    bar = Box(room.x0, room.y0, room.x0 + em, room.y1)
    n = 24
    for place in range(n):
        y = bar.y1 - (place + 1) * bar.height / n
        sheet.pen.rectangle((bar.x0, round(y), bar.x1, round(y + bar.height / n)), _heat(sheet, place / (n - 1)))
    for share in (0.0, 0.5, 1.0):
        value = span[0] + share * (span[1] - span[0])
        sheet.write((bar.x1 + em * 0.3, bar.y1 - share * bar.height), f"{value:.3g}", "lm", fill=sheet.look.soft)


def treemap(sheet: Sheet) -> None:
    """Tiles that fill a box; the larger the value, the larger the tile."""
    chart, em = sheet.chart, sheet.look.text_px
    order = sorted(range(len(chart.categories)), key=lambda place: -chart.values[0][place])
    edge = sheet.look.outline or sheet.look.back
    for place, tile in zip(order, _tiles(sheet.box, [chart.values[0][nth] for nth in order]), strict=True):
        tone = sheet.tone(place)
        sheet.pen.rectangle(tuple(map(round, tile)), tone, edge, max(1, sheet.look.stroke // 2))
        if tile.width > em * 3 and tile.height > em * 1.5:
            words = sheet.cut(chart.categories[place], tile.width - em * 0.8)
            sheet.write((tile.x0 + em * 0.5, tile.y0 + em * 0.4), words, fill=contrast(tone))
            if tile.height > em * 3:
                number = printed(chart.values[0][place], chart.unit)
                sheet.write((tile.x0 + em * 0.5, tile.y0 + em * 1.6), number, fill=contrast(tone))


def _tiles(box: Box, sizes: list[float]) -> list[Box]:
    """Halves the longer side so that both parts weigh about the same, and so on."""
    if len(sizes) == 1:
        return [box]
    half, cut, total = 0.0, 0, sum(sizes)
    while cut < len(sizes) - 1 and (cut == 0 or half + sizes[cut] / 2 < total / 2):
        half += sizes[cut]
        cut += 1
    share = half / total
    if box.width > box.height:
        middle = box.x0 + share * box.width
        one, two = box._replace(x1=middle), box._replace(x0=middle)
    else:
        middle = box.y0 + share * box.height
        one, two = box._replace(y1=middle), box._replace(y0=middle)
    return _tiles(one, sizes[:cut]) + _tiles(two, sizes[cut:])


def funnel(sheet: Sheet) -> None:
    """Bands that narrow downwards."""
    chart, look, row = sheet.chart, sheet.look, sheet.chart.values[0]
    em, box = look.text_px, sheet.box
    labels = sheet.rng.random() < 0.5
    room = box.inset(left=min(max(map(sheet.length, chart.categories)) + em, box.width * 0.35)) if labels else box
    middle, step = (room.x0 + room.x1) / 2, room.height / len(row)
    gap, straight = sheet.rng.choice((0.0, 0.06, 0.15)), sheet.rng.random() < 0.3
    for place, value in enumerate(row):
        wide = room.width / 2 * value / row[0]
        below = row[place + 1] if place + 1 < len(row) else value * 0.7
        narrow = wide if straight else room.width / 2 * below / row[0]
        top, bottom = room.y0 + place * step, room.y0 + (place + 1 - gap) * step
        corners = [(middle - wide, top), (middle + wide, top), (middle + narrow, bottom), (middle - narrow, bottom)]
        sheet.pen.polygon(corners, sheet.tone(place), look.outline or look.back)
        words = printed(value, chart.unit) if labels else f"{chart.categories[place]} {printed(value, chart.unit)}"
        sheet.write((middle, (top + bottom) / 2), words, "mm", fill=contrast(sheet.tone(place)))
        if labels:
            sheet.write((box.x0, (top + bottom) / 2), sheet.cut(chart.categories[place], room.x0 - box.x0), "lm")
