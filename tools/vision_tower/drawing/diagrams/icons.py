"""A few plain icons for infographics and call-outs; the pictogram family has the real ones."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from tools.vision_tower.drawing.drafting.pen import Pen, ring

# Outlines in a square from -1 to 1, y downwards; later ones are drawn over the first, in paper and fill by turns.
_HOUSE = [
    [(-0.8, 0), (0, -0.9), (0.8, 0), (0.6, 0), (0.6, 0.8), (-0.6, 0.8), (-0.6, 0)],
    [(-0.15, 0.8), (-0.15, 0.25), (0.2, 0.25), (0.2, 0.8)],
]
_CUP = [
    [(-0.6, -0.6), (0.6, -0.6), (0.45, 0.8), (-0.45, 0.8)],
    [(-0.4, -0.4), (0.4, -0.4), (0.38, -0.2), (-0.38, -0.2)],
]
_BARS = [
    [(-0.8, 0.8), (-0.8, 0.1), (-0.4, 0.1), (-0.4, -0.3), (0.1, -0.3), (0.1, -0.8), (0.6, -0.8), (0.6, 0.8)],
    [(-0.42, 0.8), (-0.42, 0.1), (-0.34, 0.1), (-0.34, 0.8)],
]
_BOLT = [[(0.2, -0.9), (-0.6, 0.15), (-0.05, 0.15), (-0.2, 0.9), (0.6, -0.2), (0.05, -0.2)]]
_LETTER = [
    [(-0.85, -0.55), (0.85, -0.55), (0.85, 0.6), (-0.85, 0.6)],
    [(-0.85, -0.55), (0, 0.15), (0.85, -0.55), (0.85, -0.42), (0, 0.3), (-0.85, -0.42)],
]
_ARROW = [[(-0.8, -0.25), (0.1, -0.25), (0.1, -0.65), (0.85, 0), (0.1, 0.65), (0.1, 0.25), (-0.8, 0.25)]]
_FLAG = [[(-0.6, -0.85), (0.8, -0.6), (0.2, -0.3), (0.7, 0.05), (-0.45, 0.05), (-0.45, 0.9), (-0.6, 0.9)]]
_SHIELD = [
    [(0, -0.9), (0.7, -0.6), (0.65, 0.2), (0, 0.9), (-0.65, 0.2), (-0.7, -0.6)],
    [(0, -0.6), (0.4, -0.4), (0.38, 0.1), (0, 0.55)],
]
_TRUCK = [
    [(-0.9, -0.5), (0.25, -0.5), (0.25, -0.2), (0.65, -0.2), (0.9, 0.15), (0.9, 0.5), (-0.9, 0.5)],
    [(0.35, -0.08), (0.6, -0.08), (0.75, 0.15), (0.35, 0.15)],
]
_TREE = [[(0, -0.9), (0.6, 0.3), (0.12, 0.3), (0.12, 0.8), (-0.12, 0.8), (-0.12, 0.3), (-0.6, 0.3)]]
_PERSON = [[*ring(0, -0.52, 0.34, 0.34, 12)], [], [*ring(0, 0.85, 0.7, 0.9, 16, pi)[:9]]]
_PIN = [[*ring(0, -0.3, 0.55, 0.55, 14, pi - 0.5)[:11], (0, 0.9)], [*ring(0, -0.3, 0.22, 0.22, 10)]]
_DROP = [[(0, -0.9), *ring(0, 0.25, 0.55, 0.55, 12, -0.5)[:9]]]
_GEAR = [
    [(r * cos(a), r * sin(a)) for k in range(32) for r, a in [((0.85 if k % 4 < 2 else 0.62), 2 * pi * k / 32)]],
    [*ring(0, 0, 0.28, 0.28, 12)],
]
_STAR = [
    [(r * cos(a), r * sin(a)) for k in range(10) for r, a in [((0.9 if k % 2 == 0 else 0.38), pi * k / 5 - pi / 2)]]
]
_BULB = [
    [*ring(0, -0.25, 0.58, 0.6, 14, pi - 0.9)[:13], (0.22, 0.75), (-0.22, 0.75)],
    [(-0.24, 0.45), (0.24, 0.45), (0.24, 0.52), (-0.24, 0.52)],
]
_CLOCK = [
    [*ring(0, 0, 0.85, 0.85, 24)],
    [(-0.07, -0.6), (0.07, -0.6), (0.07, -0.05), (0.45, 0.3), (0.35, 0.4), (-0.07, 0.07)],
]
_HEART = [
    [(0, 0.85), (-0.85, -0.1), (-0.8, -0.55), (-0.42, -0.75), (0, -0.4), (0.42, -0.75), (0.8, -0.55), (0.85, -0.1)]
]

ICONS = (
    _HOUSE, _CUP, _BARS, _BOLT, _LETTER, _ARROW, _FLAG, _SHIELD, _TRUCK, _TREE, _PERSON, _PIN, _DROP, _GEAR, _STAR,
    _BULB, _CLOCK, _HEART,
)  # fmt: skip


def icon(pen: Pen, plan: Random, x: float, y: float, size: float, index: int) -> None:
    """One of `ICONS` by the plan's lot, `size` pixels wide, in the colour of `index`."""
    outlines = plan.choice(ICONS)
    colour = pen.style.ink if pen.style.fill(index) == pen.style.paper else pen.style.fill(index)
    for k, outline in enumerate(outlines):
        if outline:
            points = [(x + u * size / 2, y + v * size / 2) for u, v in outline]
            pen.canvas.polygon(points, pen.style.paper if k % 2 else colour)
