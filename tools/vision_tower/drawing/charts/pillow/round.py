"""Pies, donuts and gauges."""

from __future__ import annotations

import math

from tools.vision_tower.drawing.charts.pillow.sheet import Box, Sheet, contrast, printed
from tools.vision_tower.drawing.charts.spec import lighter
from tools.vision_tower.drawing.colours import RGB


def pie(sheet: Sheet) -> None:
    """Slices of a disc or of a ring, named in a legend or beside it."""
    chart, look, row = sheet.chart, sheet.look, sheet.chart.values[0]
    tones = [sheet.tone(place) for place in range(len(row))]
    named = look.legend in ("ends", "inside") or sheet.rng.random() < 0.2
    if not named:
        sheet.legend(chart.categories, tones, mark=sheet.rng.choice(("square", "circle")))
    disc = _disc(sheet, named=named)
    start = sheet.rng.choice((-90.0, -90.0, -90.0, 0.0, sheet.rng.uniform(0, 360)))
    back = sheet.rng.random() < 0.15
    hole = sheet.rng.uniform(0.42, 0.78) if chart.kind == "donut chart" else 0.0
    apart = hole == 0 and sheet.rng.random() < 0.12
    tilt = hole == 0 and look.solid and not apart
    if tilt:
        disc = _thick(sheet, disc, tones, row, start)
    elif look.shadow:
        sheet.pen.ellipse((disc.x0 + 4, disc.y0 + 4, disc.x1 + 4, disc.y1 + 4), look.line)
    edge = look.outline or (look.back if look.seed % 2 else None)
    numbers = look.values or sheet.rng.random() < 0.3
    for place, value in enumerate(reversed(row) if back else row):
        nth = len(row) - 1 - place if back else place
        end = start + value * 3.6
        _slice(sheet, _moved(disc, start, end, 0.08) if apart and nth == 0 else disc, (start, end), tones[nth], edge)
        _speak(
            sheet,
            disc,
            (start + end) / 2,
            (chart.categories[nth] if named else "", value),
            tones[nth],
            hole,
            numbers=numbers,
        )
        start = end
    if hole:
        _hollow(sheet, disc, hole, edge)


def _disc(sheet: Sheet, *, named: bool) -> Box:
    """The largest circle in the room that is left, less what names beside it need."""
    box, em = sheet.box, sheet.look.text_px
    sides = em * 5 if named else em * 0.5
    size = max(40.0, min(box.width - 2 * sides, box.height - (em * 2.5 if named else em * 0.5)))
    size *= sheet.rng.uniform(0.8, 1)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)


def _slice(sheet: Sheet, disc: Box, span: tuple[float, float], tone: RGB, edge: RGB | None) -> None:
    sheet.pen.pieslice(disc, *span, tone, edge, max(1, sheet.look.stroke // 2 + 1))


def _moved(disc: Box, start: float, end: float, share: float) -> Box:
    """Pulled out of the disc by that share of its size."""
    angle = math.radians((start + end) / 2)
    x, y = math.cos(angle) * disc.width * share, math.sin(angle) * disc.width * share
    return Box(disc.x0 + x, disc.y0 + y, disc.x1 + x, disc.y1 + y)


def _thick(sheet: Sheet, disc: Box, tones: list[RGB], row: tuple[float, ...], start: float) -> Box:
    """Seen aslant: the darker rim first, then the disc's new box for its upper side."""
    deep = disc.height * 0.12
    flat = disc.inset(top=disc.height * 0.2, bottom=disc.height * 0.2)
    for layer in range(round(deep), 0, -2):
        angle, box = start, Box(flat.x0, flat.y0 + layer, flat.x1, flat.y1 + layer)
        for tone, value in zip(tones, row, strict=True):
            dark = tuple(round(part * 0.7) for part in tone)
            sheet.pen.pieslice(box, angle, angle + value * 3.6, dark)
            angle += value * 3.6
    return flat


def _speak(
    sheet: Sheet, disc: Box, degrees: float, words: tuple[str, float], tone: RGB, hole: float, *, numbers: bool
) -> None:
    """The share in its slice, where it is wide enough; the name beside it."""
    name, value = words
    em, angle = sheet.look.text_px, math.radians(degrees)
    middle = (disc.x0 + disc.x1) / 2, (disc.y0 + disc.y1) / 2
    if numbers and value >= 6 and hole < 0.6:
        reach = (0.5 + hole / 2 if hole else 0.65) * disc.width / 2
        at = middle[0] + reach * math.cos(angle), middle[1] + reach * math.sin(angle) * disc.height / disc.width
        sheet.write(at, printed(value, "%"), "mm", fill=contrast(tone))
    if name:
        x = middle[0] + (disc.width / 2 + em * 0.5) * math.cos(angle)
        y = middle[1] + (disc.height / 2 + em * 0.9) * math.sin(angle)
        anchor = "mm" if abs(math.cos(angle)) < 0.3 else "lm" if math.cos(angle) > 0 else "rm"
        sheet.write((x, y), sheet.cut(name, em * 8), anchor)


def _hollow(sheet: Sheet, disc: Box, hole: float, edge: RGB | None) -> None:
    inset = disc.width * (1 - hole) / 2
    inner = disc.inset(inset, inset, inset, inset)
    sheet.pen.ellipse(inner, sheet.look.back, edge)
    if sheet.rng.random() < 0.3:
        middle = (disc.x0 + disc.x1) / 2, (disc.y0 + disc.y1) / 2
        size = max(8, round(inner.width * 0.25))
        sheet.write(middle, printed(max(sheet.chart.values[0]), "%"), "mm", strong=True, size_px=size)


def gauge(sheet: Sheet) -> None:
    """Half a ring, or most of one, filled so far; with a needle or a number."""
    look, value = sheet.look, sheet.chart.values[0][0]
    reach = sheet.rng.choice((180.0, 180.0, 240.0, 270.0))
    disc = _disc(sheet, named=False)
    if reach == 180:
        size = min(sheet.box.width, sheet.box.height * 1.8) * 0.9
        x, y = (sheet.box.x0 + sheet.box.x1) / 2, (sheet.box.y0 + sheet.box.y1) / 2 + size * 0.25
        disc = Box(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
    first = 270 - reach / 2
    now = first + reach * value / 100
    rest = look.line if look.back[0] < 100 else lighter(look.line, 0.2)
    sheet.pen.pieslice(disc, first, first + reach, rest)
    sheet.pen.pieslice(disc, first, now, sheet.tone(0))
    thick = disc.width * sheet.rng.uniform(0.08, 0.2)
    sheet.pen.ellipse(disc.inset(thick, thick, thick, thick), look.back)
    middle = (disc.x0 + disc.x1) / 2, (disc.y0 + disc.y1) / 2
    if sheet.rng.random() < 0.5:
        angle = math.radians(now)
        tip = (
            middle[0] + disc.width * 0.4 * math.cos(angle),
            middle[1] + disc.width * 0.4 * math.sin(angle),
        )
        sheet.pen.line((middle, tip), look.ink, max(2, look.stroke))
        knob = disc.width * 0.04
        sheet.pen.ellipse((middle[0] - knob, middle[1] - knob, middle[0] + knob, middle[1] + knob), look.ink)
    else:
        size = max(10, round(disc.width * 0.18))
        sheet.write((middle[0], middle[1] - size * 0.2), printed(value, "%"), "mm", strong=True, size_px=size)
    for degrees, words in ((first, "0"), (first + reach, "100")):
        angle = math.radians(degrees)
        at = middle[0] + (disc.width / 2 - thick / 2) * math.cos(angle), middle[1] + disc.width / 2 * math.sin(angle)
        sheet.write((at[0], at[1] + look.text_px * 0.3), words, "ma", fill=look.soft)
