"""What mathematics draws: graphs of functions and geometric constructions."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import atan2, cos, exp, pi, sin
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, ring
from tools.vision_tower.drawing.drafting.style import LINES

_CURVES: dict[str, Callable[[float], float]] = {
    "line": lambda t: 0.9 * t,
    "parabola": lambda t: 1.7 * t * t - 0.7,
    "wave": lambda t: 0.7 * sin(2 * pi * t * 1.25),
    "exponential": lambda t: exp(2.6 * t) / exp(2.6) * 1.7 - 0.8,
    "cubic": lambda t: 2.2 * (t**3 - 0.5 * t),
    "bell": lambda t: 1.3 * exp(-6 * t * t) - 0.45,
}


def _function(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A curve on crossed axes."""
    x, y = pen.at(plan.choice((0.5, 0.5, 0.12)), plan.choice((0.5, 0.5, 0.85)))
    if pen.rng.random() < 0.5:
        faint = mix(pen.style.paper, pen.style.ink, 0.18)
        for k in range(13):
            pen.canvas.line([pen.at(k / 12, 0), pen.at(k / 12, 1)], faint)
            pen.canvas.line([pen.at(0, k / 12), pen.at(1, k / 12)], faint)
    pen.arrow([(pen.left, y), (pen.right, y)])
    pen.arrow([(x, pen.bottom), (x, pen.top)])
    pen.text(pen.right - pen.letter, y + pen.letter, "x")
    pen.text(x + pen.letter, pen.top + pen.letter * 0.6, pen.rng.choice(("y", "f(x)")))
    sign, curve = plan.choice((1, 1, -1)), _CURVES[spec.form]
    points = []
    for k in range(61):
        t = -1 + k / 30
        value = sign * curve(t)
        if abs(value) <= 1:
            points.append(pen.at(0.5 + t * 0.48, 0.5 - value * 0.47))
    colour = pen.style.ink if spec.colour == LINES else pen.style.fill(0)
    pen.canvas.line(points, colour, max(2, round(pen.thick * pen.rng.choice((1.5, 2.5)))), joint="curve")


def _construction(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A figure with named points, angles and lengths."""
    x, y = pen.centre
    radius = pen.unit * 0.4
    if spec.form == "circle":
        corners = [
            (x + radius * cos(a), y + radius * sin(a)) for a in sorted(plan.uniform(0, 2 * pi) for _ in range(3))
        ]
        pen.ellipse(x, y, radius, radius, pen.style.fill(0), pen.style.ink)
        for corner in corners[: plan.randint(1, 3)]:
            pen.line([(x, y), corner])
        pen.ellipse(x, y, pen.thick * 1.5 + 1, pen.thick * 1.5 + 1, pen.style.ink)
        pen.text((x + corners[0][0]) / 2, (y + corners[0][1]) / 2 - pen.letter, "r")
    else:
        corners = ring(x, y, radius * 1.15, radius, {"triangle": 3, "quadrilateral": 4}[spec.form], plan.uniform(0, 6))
        corners = [(cx + plan.gauss(0, radius * 0.16), cy + plan.gauss(0, radius * 0.16)) for cx, cy in corners]
        pen.polygon(corners, pen.style.fill(0), pen.style.ink)
        _angles(pen, corners, plan)
    for (cx, cy), name in zip(corners, "ABCD", strict=False):
        pen.text(cx + (cx - x) * 0.13, cy + (cy - y) * 0.13, name, size=pen.letter * 1.2)


def _angles(pen: Pen, corners: list[Point], plan: Random) -> None:
    size = pen.unit * 0.09
    for (ax, ay), (bx, by), (cx, cy) in zip(
        corners[-1:] + corners[:-1], corners, corners[1:] + corners[:1], strict=True
    ):
        if plan.random() < 0.7:
            first, last = sorted((atan2(ay - by, ax - bx), atan2(cy - by, cx - bx)))
            if last - first > pi:
                first, last = last, first + 2 * pi
            arc = [
                (bx + size * cos(first + (last - first) * k / 8), by + size * sin(first + (last - first) * k / 8))
                for k in range(9)
            ]
            pen.line(arc)
    for (ax, ay), (bx, by) in pairwise([*corners, corners[0]]):
        if plan.random() < 0.5:
            pen.text((ax + bx) / 2 + pen.letter * 0.7, (ay + by) / 2 - pen.letter * 0.7, plan.choice("abcd"))


KINDS = (
    Kind(
        ("graph of a function", "function plot", "mathematical curve", "curve on axes", "plot of a function"),
        _function,
        says=("a curve on crossed axes", "x and y axes with a curve"),
        forms={
            "line": ("that is a straight line",),
            "parabola": ("that is a parabola", "with a parabola"),
            "wave": ("that is a sine wave", "with waves"),
            "exponential": ("that is exponential", "that gets ever steeper"),
            "cubic": ("of third degree",),
            "bell": ("with the shape of a bell", "with one hump"),
        },
        aspect=(0.9, 1.6),
        palettes=("one", "one", LINES),
        sparse=True,
        topical=False,
    ),
    Kind(
        ("geometric construction", "geometry figure", "geometry problem drawing", "geometrical drawing"),
        _construction,
        says=("a figure of geometry with named points",),
        forms={
            "triangle": ("of a triangle", "with a triangle and its angles"),
            "quadrilateral": ("of a quadrilateral", "with four corners"),
            "circle": ("of a circle with its radius", "with a circle"),
        },
        aspect=(0.9, 1.6),
        palettes=(LINES, LINES, "one"),
        topical=False,
    ),
)
