"""Maps of ways: streets, routes and subway lines."""

from __future__ import annotations

import itertools
from random import Random

from tools.vision_tower.drawing.colours import CHROMATIC, mix, tone
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point
from tools.vision_tower.drawing.drafting.style import OWN
from tools.vision_tower.drawing.maps.land import crinkled
from tools.vision_tower.drawing.maps.places import land, way
from tools.vision_tower.drawing.maps.style import frame, ground, ornaments, pin, pins


def _streets(pen: Pen, plan: Random, *, muted: bool = False) -> None:
    """Blocks between streets, in a grid or grown; a park and a river, sometimes."""
    dark = not sum(pen.style.paper) > 380
    block = mix(pen.style.paper, (225, 220, 210) if not dark else (80, 85, 95), 0.7)
    street = (255, 255, 255) if not dark else (130, 130, 140)
    frame(pen, block)
    if plan.random() < 0.7:
        u, v = plan.uniform(0, 0.7), plan.uniform(0, 0.7)
        park = mix(tone("green", pen.rng), block, 0.5)
        pen.canvas.rectangle((*pen.at(u, v), *pen.at(u + plan.uniform(0.15, 0.3), v + plan.uniform(0.15, 0.3))), park)
    if plan.random() < 0.5:
        pen.canvas.line(way(pen, plan), mix(tone("blue", pen.rng), block, 0.5), round(pen.unit * 0.07), joint="curve")
    thin, tilt = (
        max(1, round(pen.unit * pen.rng.uniform(0.008, 0.02))),
        plan.choice((0.0, 0.0, plan.uniform(-0.35, 0.35))),
    )
    for k in range(-6, plan.randint(12, 22)):
        at, lot = k / 12 + plan.uniform(-0.02, 0.02), plan.random()
        thick = thin * (2 if lot < 0.2 else 1)
        if k % 2 or lot < 0.7:
            _street(pen, (at, 0), (at + tilt, 1), street, thick)
            _street(pen, (0, at), (1, at - tilt), street, thick)
    if not muted:
        for _ in range(plan.randint(0, 2)):
            highway = way(pen, plan, 0.05)
            pen.canvas.line(highway, mix(tone("orange", pen.rng), block, 0.2), thin * 3, joint="curve")
    for _ in range(plan.randint(2, 6)):
        pen.text(
            *pen.at(plan.uniform(0.15, 0.85), plan.uniform(0.1, 0.9)),
            f"{words.place(pen.rng)} St",
            size=pen.letter * 0.7,
        )


def _street(pen: Pen, start: Point, end: Point, colour: tuple[int, int, int], thick: int) -> None:
    """A straight street, cut off at the frame."""
    (u0, v0), (u1, v1) = start, end
    low, high = 0.0, 1.0
    for a, b in ((u0, u1), (v0, v1)):
        if a == b:
            if not 0 <= a <= 1:
                return
            continue
        first, last = sorted(((0 - a) / (b - a), (1 - a) / (b - a)))
        low, high = max(low, first), min(high, last)
    if low < high:
        ends = [pen.at(u0 + (u1 - u0) * t, v0 + (v1 - v0) * t) for t in (low, high)]
        pen.canvas.line(ends, colour, thick)


def _street_map(pen: Pen, spec: Diagram, plan: Random) -> None:
    _streets(pen, plan)
    pins(pen, plan, spec.count, pen.unit * 0.09, tone("red", pen.rng))
    ornaments(pen)


def _route(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A thick way from a start to a goal, on streets or over land."""
    if spec.form == "streets":
        _streets(pen, plan, muted=True)
        step = [(0.15, 0.85), (0.15, plan.uniform(0.4, 0.6)), (plan.uniform(0.4, 0.6), 0.0), (0.85, 0.15)]
        step[2] = (step[2][0], step[1][1])
        path = [pen.at(*p) for p in (*step[:3], (step[2][0], 0.15), step[3])]
    else:
        land(pen, plan, ground(pen, spec), "coast")
        ends = [(0.12, plan.uniform(0.2, 0.85)), (0.5, plan.uniform(0.2, 0.8)), (0.88, plan.uniform(0.2, 0.85))]
        path = [pen.at(*p) for p in crinkled(ends, plan, 0.12, 2)]
    colour = tone(pen.rng.choice(("blue", "red", "purple", "orange")), pen.rng)
    pen.line(path, colour, max(3, pen.unit * 0.016), dashed=pen.rng.random() < 0.25)
    for at, letter in ((path[0], "A"), (path[-1], "B")):
        pin(pen, at, pen.unit * 0.09, colour if letter == "A" else tone("red", pen.rng))
    for at in path[2:-2:3]:
        pen.ellipse(*at, pen.unit * 0.015, pen.unit * 0.015, (255, 255, 255), colour)


def _subway(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Coloured lines with stations, running straight or at 45 degrees."""
    thick = max(3, round(pen.unit * pen.rng.uniform(0.018, 0.032)))
    names = [tone(name, pen.rng) for name in pen.rng.sample(CHROMATIC, spec.count)]
    square = min(pen.width, pen.height) / 10
    for i, colour in enumerate(names):
        path = _tracks(pen, plan, i, square)
        pen.canvas.line(path, colour, thick, joint="curve")
        for (x0, y0), (x1, y1) in itertools.pairwise(path):
            n_stops = max(1, round(max(abs(x1 - x0), abs(y1 - y0)) / square / 1.5))
            for k in range(n_stops):
                t = (k + 0.5) / n_stops
                x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
                pen.canvas.ellipse(
                    (x - thick * 0.62, y - thick * 0.62, x + thick * 0.62, y + thick * 0.62),
                    (255, 255, 255),
                    (20, 20, 20) if plan.random() < 0.3 else colour,
                    1,
                )
                if plan.random() < 0.2:
                    pen.text(x + thick, y - thick, words.place(pen.rng), size=pen.letter * 0.75, anchor="lm")


def _tracks(pen: Pen, plan: Random, index: int, square: float) -> list[Point]:
    """Across (even lines) or down (odd ones), with diagonal shifts."""
    across = index % 2 == 0
    length = pen.width if across else pen.height
    breadth = pen.height if across else pen.width
    along, aside = 0.0, breadth * (0.2 + 0.6 * ((index // 2) * 0.37 + plan.uniform(0, 0.35)) % 0.62)
    path = [(along, aside)]
    for _ in range(plan.randint(1, 3)):
        along += length * plan.uniform(0.12, 0.25)
        path.append((along, aside))
        shift = square * plan.choice((-3, -2, -1, 1, 2, 3))
        aside = min(max(aside + shift, breadth * 0.06), breadth * 0.94)
        along += abs(aside - path[-1][1])
        path.append((along, aside))
    path.append((max(length, along), aside))
    inside = [(min(a, length), b) for a, b in path]
    return [(pen.left + a, pen.top + b) if across else (pen.left + b, pen.top + a) for a, b in inside]


KINDS = (
    Kind(
        ("street map", "city map", "road map", "map of streets", "town plan"),
        _street_map,
        says=("streets and blocks of a town from above", "where to find a street"),
        counts=(0, 4),
        counted=("pins", "red pins", "markers"),
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("route map", "map with a route", "map with directions", "travel route", "map of a journey"),
        _route,
        says=("the way from one place to another on a map", "a marked path between two pins"),
        forms={"streets": ("through streets", "in a city"), "land": ("through the country",)},
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("subway map", "metro map", "transit map", "underground map", "train network map"),
        _subway,
        says=("coloured lines with stations", "public transport lines and their stops"),
        counts=(2, 7),
        counted=("lines", "coloured lines"),
        aspect=(0.9, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
)
