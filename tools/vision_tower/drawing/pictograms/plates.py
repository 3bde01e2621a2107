"""What is behind a pictogram: pages, buttons, road signs."""

from __future__ import annotations

from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import RGB

Box: TypeAlias = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

SIGNS = ("circle", "square", "diamond", "warning", "prohibition")
# How much of a sign's side its pictogram may take, so that it does not leave the shape.
_ROOM = {"circle": 0.64, "square": 0.78, "diamond": 0.52, "warning": 0.42, "prohibition": 0.6}


def luminance(colour: RGB) -> float:
    """In [0, 1]."""
    red, green, blue = colour
    return (0.299 * red + 0.587 * green + 0.114 * blue) / 255


def contrasting(other: RGB, rng: Random, names: tuple[str, ...] = colours.NAMES, least: float = 0.3) -> RGB:
    """A tone of one of these names that is seen on the other colour; black or white when none is found."""
    for _ in range(8):
        tone = colours.tone(rng.choice(names), rng)
        if abs(luminance(tone) - luminance(other)) >= least:
            return tone
    return colours.tone("black" if luminance(other) > 0.5 else "white", rng)


def pale(rng: Random) -> RGB:
    """Paper, or a colour that is hardly one."""
    least = rng.choice((210, 235))
    return (rng.randint(least, 255), rng.randint(least, 255), rng.randint(least, 255))


def page(size_px: tuple[int, int], colour: RGB, rng: Random) -> Image.Image:
    """Mostly flat; sometimes a gradient between two tones of the colour, or a frame."""
    sheet = Image.new("RGB", size_px, colour)
    if rng.random() < 0.15:
        change = rng.choice((-1, 1)) * rng.randint(12, 45)
        end = tuple(min(255, max(0, part + change)) for part in colour)
        mask = Image.linear_gradient("L").rotate(rng.choice((0, 90, 180, 270))).resize(size_px)
        sheet.paste(end, (0, 0, *size_px), mask)
    if rng.random() < 0.08:
        inset = rng.randint(1, 10)
        frame = (inset, inset, size_px[0] - inset, size_px[1] - inset)
        ImageDraw.Draw(sheet).rectangle(frame, outline=contrasting(colour, rng), width=rng.randint(1, 4))
    return sheet


def plate(sheet: Image.Image, box: Box, shape: str, colour: RGB, rng: Random) -> Box:
    """Paints one of SIGNS.

    Returns:
        The square inside it that a pictogram may fill.
    """
    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    pen = ImageDraw.Draw(sheet)
    middle = (left + right) // 2, (top + bottom) // 2
    if rng.random() < 0.15 and shape in {"circle", "square"}:
        drop = max(2, side // 30)
        _shape(pen, shape, _square((middle[0] + drop, middle[1] + drop), side), (150, 150, 155), rng=None)
    rim = rng.random() < (0.9 if shape in {"warning", "diamond"} else 0.25)
    outer = _square(middle, side)
    if rim:
        _shape(pen, shape, outer, contrasting(colour, rng, ("black", "white", "red"), 0.2), rng=None)
        outer = _shrunk(outer, max(2, round(side * rng.uniform(0.02, 0.07))), shape)
    _shape(pen, shape, outer, colour, rng)
    room = _square(middle, round(side * _ROOM[shape]))
    return _moved(room, side * 0.14) if shape == "warning" else room


def prohibition(sheet: Image.Image, box: Box, rng: Random) -> None:
    """The red ring and its stroke, over what is forbidden."""
    red, side = colours.tone("red", rng), box[2] - box[0]
    width = max(3, round(side * rng.uniform(0.06, 0.11)))
    pen = ImageDraw.Draw(sheet)
    pen.ellipse(box, outline=red, width=width)
    reach = round(side * 0.15)
    ends = (box[0] + reach, box[1] + reach), (box[2] - reach, box[3] - reach)
    if rng.random() < 0.3:
        ends = (box[2] - reach, box[1] + reach), (box[0] + reach, box[3] - reach)
    pen.line(ends, fill=red, width=width)


def _shape(pen: ImageDraw.ImageDraw, shape: str, box: Box, colour: RGB, rng: Random | None) -> None:
    left, top, right, bottom = box
    x, y = (left + right) // 2, (top + bottom) // 2
    if shape in {"circle", "prohibition"}:
        pen.ellipse(box, fill=colour)
    elif shape == "square":
        pen.rounded_rectangle(box, (right - left) * (rng.uniform(0, 0.3) if rng else 0.15), fill=colour)
    elif shape == "diamond":
        pen.polygon([(x, top), (right, y), (x, bottom), (left, y)], fill=colour)
    else:
        pen.polygon([(x, top), (right, bottom), (left, bottom)], fill=colour)


def _square(middle: tuple[int, int], side: int) -> Box:
    left, top = middle[0] - side // 2, middle[1] - side // 2
    return left, top, left + side, top + side


def _shrunk(box: Box, by: int, shape: str) -> Box:
    left, top, right, bottom = box
    if shape == "warning":  # the tip of a triangle is further from its edge than its sides are
        return left + 2 * by, top + 2 * by, right - 2 * by, bottom - by
    return left + by, top + by, right - by, bottom - by


def _moved(box: Box, down: float) -> Box:
    return box[0], box[1] + round(down), box[2], box[3] + round(down)
