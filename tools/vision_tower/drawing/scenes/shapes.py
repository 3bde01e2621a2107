"""The outlines of the shapes, in many proportions."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from tools.vision_tower.drawing.scenes.spec import DIRECTIONS, Thing

Contour: TypeAlias = npt.NDArray[np.float64]
"""(n_points, 2) x and y of a closed line, y downwards."""

_STEPS = 44
"""Points on a full circle: at 100 pixels' radius the corners are 0.25 pixels off."""


def contours(thing: Thing, rng: Random, *, wobble: float = 0.0) -> list[Contour]:
    """Outer line, then holes, in proportions and a rotation by lot.

    Returns:
        Contours centred on the origin, the longer side of their bounding box from -1 to 1.
    """
    lines = _OUTLINES[thing.shape](rng)
    turn = math.radians(_turn(thing, rng))
    lines = [_rotated(line, turn) for line in lines]
    if wobble:
        lines = [_wobbled(line, wobble, rng) for line in lines]
    low, high = lines[0].min(axis=0), lines[0].max(axis=0)
    return [(line - (low + high) / 2) * (2 / float(np.max(high - low))) for line in lines]


def _turn(thing: Thing, rng: Random) -> float:
    """Degrees that do not make another shape of it: a square on its corner would be a diamond."""
    if thing.direction:
        return DIRECTIONS.index(thing.direction) * 90 + _tilt(rng, 8)
    if thing.shape in {"circle", "ring", "crescent", "semicircle", "triangle"}:
        return rng.choice((0, 0, 90, 180, 270, rng.uniform(0, 360)))
    if thing.shape in {"rectangle", "oval"}:
        return rng.choice((0, 0, 90)) + _tilt(rng, 25)
    if thing.shape in {"hexagon", "pentagon", "star"}:
        return rng.choice((0, 0, rng.uniform(0, 360)))
    return _tilt(rng, 10)


def _tilt(rng: Random, most: float) -> float:
    return rng.uniform(-most, most) if rng.random() < 0.3 else 0.0


def _rotated(line: Contour, radians: float) -> Contour:
    cos, sin = math.cos(radians), math.sin(radians)
    return line @ np.array(((cos, sin), (-sin, cos)))


def _wobbled(line: Contour, amount: float, rng: Random) -> Contour:
    """As if drawn by hand: the line, in steps, bent by a few slow waves."""
    closed = np.vstack((line, line[:1]))
    dense = np.concatenate([np.linspace(a, b, 6, endpoint=False) for a, b in pairwise(closed)])
    way = np.linspace(0, 2 * math.pi, len(dense), endpoint=False)
    bend = np.zeros_like(dense)
    for waves in (2, 3, 5, 8):
        for axis in (0, 1):
            bend[:, axis] += rng.gauss(0, amount / waves) * np.sin(waves * way + rng.uniform(0, 2 * math.pi))
    return dense + bend


def _points(*xy: tuple[float, float]) -> Contour:
    return np.array(xy, dtype=np.float64)


def _arc(start: float, end: float, radius: float = 1.0, centre_x: float = 0.0) -> Contour:
    """Angles in radians, clockwise from the right, for y points down."""
    n = max(8, round(abs(end - start) / (2 * math.pi) * _STEPS))
    angles = np.linspace(start, end, n)
    return np.stack((centre_x + radius * np.cos(angles), radius * np.sin(angles)), axis=1)


def _circle(radius: float = 1.0) -> Contour:
    return _arc(0, 2 * math.pi * (1 - 1 / _STEPS), radius)


def _regular(n: int) -> Contour:
    """The first corner at the top."""
    angles = np.arange(n) * (2 * math.pi / n) - math.pi / 2
    return np.stack((np.cos(angles), np.sin(angles)), axis=1)


def _box(aspect: float) -> Contour:
    return _points((-aspect, -1), (aspect, -1), (aspect, 1), (-aspect, 1))


def _triangle(rng: Random) -> list[Contour]:
    tip = rng.choice((0.0, 0.0, 0.0, -1.0, 1.0, rng.uniform(-0.6, 0.6)))
    return [_points((tip, -rng.uniform(0.7, 1.2)), (1, 0.8), (-1, 0.8))]


def _oval(rng: Random) -> list[Contour]:
    # A 4:3 picture squashed to a square makes a circle 1.33 times as high as wide: an oval must be longer than that.
    return [_circle() * (rng.uniform(1.75, 2.4), 1)]


def _diamond(rng: Random) -> list[Contour]:
    return [_regular(4) * (rng.choice((1.0, rng.uniform(0.6, 0.9))), 1)]


def _star(rng: Random) -> list[Contour]:
    n = rng.choice((5, 5, 5, 5, 5, 6, 8))
    line = _regular(2 * n)
    line[1::2] *= rng.uniform(0.36, 0.5) if n == 5 else rng.uniform(0.5, 0.6)
    return [line]


def _heart(rng: Random) -> list[Contour]:
    t = np.linspace(0, 2 * math.pi, _STEPS, endpoint=False)
    x = 16 * np.sin(t) ** 3 * rng.uniform(0.9, 1.1)
    y = 13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)
    return [np.stack((x, -y), axis=1)]


def _cross(rng: Random) -> list[Contour]:
    a = rng.uniform(0.2, 0.4)
    quarter = _points((-a, -1), (a, -1), (a, -a))
    return [np.concatenate([_rotated(quarter, k * math.pi / 2) for k in range(4)])]


def _arrow(rng: Random) -> list[Contour]:
    """Pointing right."""
    shaft, head, neck = rng.uniform(0.1, 0.3), rng.uniform(0.5, 0.8), rng.uniform(-0.2, 0.35)
    barb = neck - rng.choice((0.0, 0.0, 0.2))
    tip = (-1, -shaft), (neck, -shaft), (barb, -head), (1, 0), (barb, head), (neck, shaft), (-1, shaft)
    return [_points(*tip)]


def _crescent(rng: Random) -> list[Contour]:
    """The unit disc less a smaller one to its right."""
    radius, x = rng.uniform(0.75, 0.9), rng.uniform(0.42, 0.55)
    meet_x = (1 - radius**2 + x**2) / (2 * x)
    meet_y = math.sqrt(1 - meet_x**2)
    outer, inner = math.atan2(meet_y, meet_x), math.atan2(meet_y, meet_x - x)
    return [np.concatenate((_arc(outer, 2 * math.pi - outer), _arc(2 * math.pi - inner, inner, radius, x)))]


def _trapezoid(rng: Random) -> list[Contour]:
    top, height = rng.uniform(0.4, 0.62), rng.uniform(0.5, 0.75)
    if rng.random() < 0.2:
        height = -height  # standing on its short side
    return [_points((-top, -height), (top, -height), (1, height), (-1, height))]


def _parallelogram(rng: Random) -> list[Contour]:
    slant, height = rng.choice((-1, 1)) * rng.uniform(0.28, 0.45), rng.uniform(0.4, 0.6)
    return [_points((-0.8 + slant, -height), (0.8 + slant, -height), (0.8 - slant, height), (-0.8 - slant, height))]


_OUTLINES: dict[str, Callable[[Random], list[Contour]]] = {
    "circle": lambda rng: [_circle()],
    "square": lambda rng: [_box(1.0)],
    "triangle": _triangle,
    "rectangle": lambda rng: [_box(rng.uniform(1.75, 2.6))],
    "oval": _oval,
    "diamond": _diamond,
    "star": _star,
    "heart": _heart,
    "cross": _cross,
    "hexagon": lambda rng: [_regular(6)],
    "pentagon": lambda rng: [_regular(5)],
    "arrow": _arrow,
    "crescent": _crescent,
    "ring": lambda rng: [_circle(), _circle(rng.uniform(0.5, 0.7))],
    "semicircle": lambda rng: [_arc(math.pi, 2 * math.pi)],
    "trapezoid": _trapezoid,
    "parallelogram": _parallelogram,
}
