"""Paints patterns of two colours: checkerboards, stripes, dots, gradients."""

from __future__ import annotations

from random import Random

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from tools.vision_tower.drawing.colours import RGB
from tools.vision_tower.drawing.scenes.spec import Pattern
from tools.vision_tower.drawing.scenes.tones import tones_apart


def paint_pattern(pattern: Pattern, rng: Random) -> Image.Image:
    """All over the picture."""
    width, height = canvas_size(rng)
    tones = tones_apart([name for name in (pattern.first, pattern.second) if name], rng)
    first = tones[pattern.first]
    if pattern.kind == "plain":
        return Image.new("RGB", (width, height), first)
    second, side = tones[pattern.second], min(width, height)
    if pattern.kind == "gradient":
        return gradient(width, height, first, second, across=pattern.direction == "horizontal")
    if pattern.kind == "checkerboard":
        columns = rng.randint(3, 10)
        return checkerboard(width, height, first, second, columns, max(3, round(columns * height / width)))
    if pattern.kind == "stripes":
        degrees = {"horizontal": 0.0, "vertical": 90.0, "diagonal": rng.choice((45.0, 135.0))}[pattern.direction]
        return stripes(width, height, first, second, side / rng.uniform(2, 7), degrees, phase=rng.uniform(0, side))
    step, staggered = side / rng.uniform(3, 8), rng.random() < 0.5
    return dots(width, height, first, second, step, rng.uniform(0.2, 0.36), staggered=staggered, phase=rng.random())


def canvas_size(rng: Random) -> tuple[int, int]:
    """Width and height in pixels, between 3:4 and 4:3."""
    short, aspect = rng.randint(200, 330), rng.choice((1.0, rng.uniform(1.0, 4 / 3)))
    return (round(short * aspect), short) if rng.random() < 0.6 else (short, round(short * aspect))


def gradient(width: int, height: int, first: RGB, second: RGB, *, across: bool) -> Image.Image:
    """From left to right, or downwards."""
    grey = Image.linear_gradient("L")
    if across:
        grey = grey.transpose(Image.Transpose.ROTATE_90)
    return ImageOps.colorize(grey.resize((width, height)), first, second)


def stripes(
    width: int, height: int, one: RGB, other: RGB, period: float, degrees: float, phase: float = 0
) -> Image.Image:
    """Stripes run at that angle to the horizontal; the period, in pixels, is one stripe of each colour."""
    y, x = np.ogrid[:height, :width]
    angle = np.radians(degrees)
    return _two_coloured((x * np.sin(angle) + y * np.cos(angle) + phase) % period < period / 2, one, other)


def dots(
    width: int, height: int, dot: RGB, ground: RGB, step: float, radius: float, *, staggered: bool, phase: float = 0
) -> Image.Image:
    """Dots every `step` pixels; their radius is in steps, the phase too."""
    y, x = (axis / step + phase for axis in np.ogrid[:height, :width])
    if staggered:
        x = x + 0.5 * (np.floor(y) % 2)
    return _two_coloured((x % 1 - 0.5) ** 2 + (y % 1 - 0.5) ** 2 < radius**2, dot, ground)


def checkerboard(width: int, height: int, one: RGB, other: RGB, columns: int, rows: int) -> Image.Image:
    """So many columns and rows of cells; the first cell is of the one colour."""
    y, x = np.ogrid[:height, :width]
    return _two_coloured((x * columns // width + y * rows // height) % 2 == 0, one, other)


def _two_coloured(where: npt.NDArray[np.bool_], one: RGB, other: RGB) -> Image.Image:
    palette = np.array((other, one), dtype=np.uint8)
    return Image.fromarray(palette[where.astype(np.uint8)])
