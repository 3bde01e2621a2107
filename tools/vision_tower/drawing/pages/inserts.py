"""What stands on pages besides text: pictures that pass for photographs from afar, small charts, small tables."""

from __future__ import annotations

import math

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.pages.canvas import Box, Canvas, readable_on
from tools.vision_tower.drawing.pages.spec import Lots


def insert(canvas: Canvas, kind: str, box: Box) -> None:
    """A "picture", "chart" or "table" within a box."""
    if kind == "picture":
        picture(canvas, box)
    elif kind == "chart":
        chart(canvas, box)
    else:
        small_table(canvas, box)


def picture(canvas: Canvas, box: Box, *, grey: bool = False) -> None:
    """A stand-in for a photograph: a landscape, a portrait, or a blur of colours with some shapes."""
    x0, y0, x1, y1 = (round(edge) for edge in box)
    if x1 - x0 < 3 or y1 - y0 < 3:
        return
    rng = canvas.rng
    image = _blur((x1 - x0, y1 - y0), rng)
    rng.choice((_landscape, _portrait, _still_life))(image, rng)
    if grey or rng.random() < 0.15:
        image = image.convert("L").convert("RGB")
    canvas.image.paste(image, (x0, y0))
    if rng.random() < 0.3:
        canvas.rect((x0, y0, x1 - 1, y1 - 1), outline=canvas.soft)


def _blur(size: tuple[int, int], rng: Lots) -> Image.Image:
    n_across, n_down = rng.randint(2, 6), rng.randint(2, 6)
    cells = Image.frombytes("RGB", (n_across, n_down), rng.randbytes(3 * n_across * n_down))
    tint = Image.new("RGB", cells.size, tuple(rng.randrange(40, 230) for _ in range(3)))
    return Image.blend(cells, tint, rng.uniform(0.3, 0.8)).resize(size, Image.Resampling.BICUBIC)


def _any_tone(rng: Lots) -> RGB:
    return colours.tone(rng.choice(colours.NAMES), rng)


def _landscape(image: Image.Image, rng: Lots) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, width, height), mix((120, 170, 230), (250, 200, 150), rng.random()))
    radius = height * rng.uniform(0.05, 0.12)
    x, y = width * rng.random(), height * rng.uniform(0.1, 0.4)
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), (255, 245, 200))
    for horizon in (0.5, 0.7):
        base, phase = horizon * height, rng.uniform(0, 6)
        swing, waves = height * rng.uniform(0.05, 0.2), rng.uniform(2, 8)
        ridge = [(width * i / 12, base + swing * math.sin(phase + waves * i / 12)) for i in range(13)]
        pen.polygon([(0, height), *ridge, (width, height)], mix((40, 90, 50), (90, 80, 120), rng.random()))


def _portrait(image: Image.Image, rng: Lots) -> None:
    width, height = image.size
    pen, radius = ImageDraw.Draw(image), min(image.size) * rng.uniform(0.16, 0.24)
    x, y = width * rng.uniform(0.35, 0.65), height * rng.uniform(0.34, 0.42)
    pen.ellipse((x - 2 * radius, y + radius, x + 2 * radius, y + 6 * radius), _any_tone(rng))
    pen.ellipse(
        (x - radius, y - 1.3 * radius, x + radius, y + 0.9 * radius), mix((60, 40, 30), (20, 20, 20), rng.random())
    )
    face = mix((245, 210, 180), (110, 70, 45), rng.random())
    pen.ellipse((x - 0.85 * radius, y - radius, x + 0.85 * radius, y + 1.2 * radius), face)


def _still_life(image: Image.Image, rng: Lots) -> None:
    width, height = image.size
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randint(0, 6)):
        x, y = width * rng.uniform(-0.1, 0.9), height * rng.uniform(0, 0.9)
        box = (x, y, x + width * rng.uniform(0.1, 0.4), y + height * rng.uniform(0.1, 0.5))
        rng.choice((pen.ellipse, pen.rectangle))(box, _any_tone(rng))


def chart(canvas: Canvas, box: Box, kind: str | None = None) -> None:
    """A small chart: "bars", "line", "area" or "pie"."""
    kind = kind or canvas.rng.choice(("bars", "bars", "line", "area", "pie"))
    if kind == "pie":
        _pie(canvas, box)
    else:
        _plot(canvas, box, kind)


def _pie(canvas: Canvas, box: Box) -> None:
    rng = canvas.rng
    x, y, radius = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2, min(box[2] - box[0], box[3] - box[1]) / 2
    ring, start = (x - radius, y - radius, x + radius, y + radius), rng.uniform(0, 360)
    shares = [rng.uniform(0.5, 2) for _ in range(rng.randint(2, 5))]
    for i, share in enumerate(shares):
        end = start + 360 * share / sum(shares)
        fill = canvas.accent if i == 0 else mix(_any_tone(rng), canvas.accent, rng.uniform(0, 0.7))
        canvas.pen.pieslice(ring, start, end, fill, canvas.paper)
        start = end
    if rng.random() < 0.4:
        canvas.dot(x, y, radius * 0.55, canvas.paper)


def _plot(canvas: Canvas, box: Box, kind: str) -> None:
    rng, (x0, y0, x1, y1) = canvas.rng, box
    if rng.random() < 0.5:
        for i in range(1, 4):
            canvas.rule(x0, y0 + (y1 - y0) * i / 4, x1, y0 + (y1 - y0) * i / 4, canvas.pale)
    n = rng.randint(4, 10)
    tops = [y1 - (y1 - y0) * rng.uniform(0.15, 1) for _ in range(n)]
    step = (x1 - x0) / n
    points = [(x0 + step * (i + 0.5), top) for i, top in enumerate(tops)]
    if kind == "bars":
        for x, top in points:
            canvas.rect((x - step * 0.33, top, x + step * 0.33, y1), canvas.accent)
    elif kind == "area":
        canvas.pen.polygon([(points[0][0], y1), *points, (points[-1][0], y1)], canvas.accent)
    else:
        canvas.pen.line(points, canvas.accent, 2)
    canvas.rule(x0, y1, x1, y1, canvas.ink)
    if rng.random() < 0.7:
        canvas.rule(x0, y0, x0, y1, canvas.ink)


def small_table(canvas: Canvas, box: Box) -> None:
    """Ruled, with a head row, filling the box."""
    x0, y0, x1, y1 = box
    n_columns = canvas.rng.randint(3, 5)
    row_px = canvas.leading_px + 3
    n_rows = max(int((y1 - y0) / row_px), 2)
    canvas.rect((x0, y0, x1, y0 + row_px), mix(canvas.accent, canvas.paper, 0.3))
    for row in range(n_rows):
        y = y0 + row * row_px
        for column in range(n_columns):
            x = x0 + (x1 - x0) * column / n_columns + 4
            script = "label" if row == 0 or column == 0 else "number"
            fill = readable_on(mix(canvas.accent, canvas.paper, 0.3)) if row == 0 else canvas.ink
            canvas.item(x, y + 2, script, max_px=(x1 - x0) / n_columns - 6, fill=fill)
        canvas.rule(x0, y, x1, y)
    bottom = y0 + n_rows * row_px
    canvas.rule(x0, bottom, x1, bottom)
    if canvas.rng.random() < 0.6:
        for column in range(n_columns + 1):
            x = x0 + (x1 - x0) * column / n_columns
            canvas.rule(x, y0, x, bottom)
