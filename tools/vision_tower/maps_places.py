"""Maps of places and ways: land and sea, streets, subways, routes, contour lines, weather."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from random import Random

import numpy as np
from PIL import Image

from tools.vision_tower import diagrams_words as words
from tools.vision_tower.colours import CHROMATIC, tone
from tools.vision_tower.diagrams_kinds import Diagram, Kind
from tools.vision_tower.diagrams_pen import Pen, Point, bent
from tools.vision_tower.diagrams_style import LINES, OWN, mix
from tools.vision_tower.maps_land import crinkled, island, mainland
from tools.vision_tower.maps_style import Ground, clip, frame, ground, ornaments, pin, town


def _land(pen: Pen, plan: Random, colours: Ground, form: str) -> None:
    """Sea with a mainland or with islands."""
    frame(pen, colours.sea)
    if form == "islands":
        spots = ((0.3, 0.35), (0.72, 0.6), (0.25, 0.8), (0.8, 0.2), (0.5, 0.1))
        outlines = [island(plan, u, v, plan.uniform(0.08, 0.28)) for u, v in spots[: plan.randint(2, 5)]]
    elif form == "island":
        outlines = [island(plan, 0.5, 0.5, plan.uniform(0.34, 0.45))]
    else:
        outlines = [mainland(plan), island(plan, plan.random(), plan.random(), 0.05)]
    coasts = [[pen.at(*p) for p in each] for each in outlines]
    clip(pen, Image.new("RGB", pen.image.size, colours.land), coasts)
    if colours.coast:
        for coast in coasts:
            inside = [(min(max(x, pen.left), pen.right), min(max(y, pen.top), pen.bottom)) for x, y in coast]
            pen.canvas.line([*inside, inside[0]], colours.coast, pen.thick)


def _way(pen: Pen, plan: Random, roughness: float = 0.15) -> list[Point]:
    """From one side of the frame to the other."""
    ends = [
        (0.0, plan.uniform(0.1, 0.9)),
        (plan.uniform(0.3, 0.7), plan.uniform(0.2, 0.8)),
        (1.0, plan.uniform(0.1, 0.9)),
    ]
    if plan.random() < 0.5:
        ends = [(v, u) for u, v in ends]
    return [
        (min(max(x, pen.left), pen.right), min(max(y, pen.top), pen.bottom))
        for x, y in (pen.at(*p) for p in crinkled(ends, plan, roughness, 3))
    ]


def _map(pen: Pen, spec: Diagram, plan: Random) -> None:
    colours = ground(pen, spec)
    _land(pen, plan, colours, spec.form)
    for _ in range(plan.randint(0, 2) if spec.form == "coast" else 0):
        pen.canvas.line(
            _way(pen, plan, 0.1), mix(colours.border, tone("orange", pen.rng), 0.5), pen.thick + 1, joint="curve"
        )
    for _ in range(plan.randint(2, 7)):
        town(pen, pen.at(plan.uniform(0.15, 0.75), plan.uniform(0.15, 0.85)))
    for _ in range(spec.count):
        pin(pen, pen.at(plan.uniform(0.15, 0.85), plan.uniform(0.25, 0.85)), pen.unit * 0.08, tone("red", pen.rng))
    ornaments(pen)


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
        pen.canvas.line(_way(pen, plan), mix(tone("blue", pen.rng), block, 0.5), round(pen.unit * 0.07), joint="curve")
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
            way = _way(pen, plan, 0.05)
            pen.canvas.line(way, mix(tone("orange", pen.rng), block, 0.2), thin * 3, joint="curve")
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
    for _ in range(spec.count):
        pin(pen, pen.at(plan.uniform(0.15, 0.85), plan.uniform(0.25, 0.85)), pen.unit * 0.09, tone("red", pen.rng))
    ornaments(pen)


def _route(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A thick way from a start to a goal, on streets or over land."""
    if spec.form == "streets":
        _streets(pen, plan, muted=True)
        step = [(0.15, 0.85), (0.15, plan.uniform(0.4, 0.6)), (plan.uniform(0.4, 0.6), 0.0), (0.85, 0.15)]
        step[2] = (step[2][0], step[1][1])
        path = [pen.at(*p) for p in (*step[:3], (step[2][0], 0.15), step[3])]
    else:
        _land(pen, plan, ground(pen, spec), "coast")
        ends = [(0.12, plan.uniform(0.2, 0.85)), (0.5, plan.uniform(0.2, 0.8)), (0.88, plan.uniform(0.2, 0.85))]
        path = [pen.at(*p) for p in crinkled(ends, plan, 0.12, 2)]
    colour = tone(spec.colour, pen.rng)
    pen.line(path, colour, max(3, pen.unit * 0.016), dashed=pen.rng.random() < 0.25)
    for at, letter in ((path[0], "A"), (path[-1], "B")):
        pin(pen, at, pen.unit * 0.09, pen.style.edge(0) if letter == "A" else tone("red", pen.rng))
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


def _heights(plan: Random, width: int, height: int) -> np.ndarray:
    """(height, width) float32 of hills and valleys, from 0 to about 1."""
    ys, xs = np.linspace(0, 1, height, dtype=np.float32), np.linspace(0, 1, width, dtype=np.float32)
    land = np.zeros((height, width), np.float32)
    for _ in range(plan.randint(4, 9)):
        u, v, size = plan.random(), plan.random(), plan.uniform(0.1, 0.35)
        land += (
            plan.uniform(0.3, 1.0)
            * np.exp(-(((ys - v) / size) ** 2))[:, None]
            * np.exp(-(((xs - u) / size) ** 2))[None, :]
        )
    ripple = (
        np.sin(xs * plan.uniform(5, 14) + plan.uniform(0, 6))[None, :]
        * np.sin(ys * plan.uniform(5, 14) + plan.uniform(0, 6))[:, None]
    )
    land += 0.06 * ripple
    return (land - land.min()) / (land.max() - land.min())


def _topographic(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Contour lines, over tints of height or over paper."""
    left, top, right, bottom = (round(side) for side in (pen.left, pen.top, pen.right, pen.bottom))
    width, height = (right - left) // 2, (bottom - top) // 2  # half size: a line of one pixel is then two wide
    n_levels = plan.randint(7, 14)
    bands = (_heights(plan, width, height) * (n_levels - 0.01)).astype(np.uint8)
    low, high, top_tint = ((mix(tone(name, pen.rng), (255, 255, 255), 0.35)) for name in ("green", "yellow", "brown"))
    plain = spec.form == "lines"
    tints = [
        pen.style.paper
        if plain
        else mix(low, high, 2 * k / n_levels)
        if 2 * k < n_levels
        else mix(high, top_tint, 2 * k / n_levels - 1)
        for k in range(n_levels)
    ]
    pixels = np.array(tints, np.uint8)[bands]
    edge = np.zeros(bands.shape, bool)
    edge[:, 1:] |= bands[:, 1:] != bands[:, :-1]
    edge[1:] |= bands[1:] != bands[:-1]
    pixels[edge] = mix(tone("brown", pen.rng), pen.style.ink, pen.rng.random()) if not plain else pen.style.ink
    pen.image.paste(
        Image.fromarray(pixels).resize((right - left, bottom - top), Image.Resampling.BILINEAR), (left, top)
    )
    for _ in range(plan.randint(0, 4)):
        x, y = pen.at(plan.uniform(0.1, 0.9), plan.uniform(0.1, 0.9))
        pen.text(x, y, str(plan.randint(2, 40) * 100), size=pen.letter * 0.8)
    ornaments(pen)


def _weather(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Land with suns, clouds and temperatures, or with isobars and fronts."""
    colours = ground(pen, spec)
    _land(pen, plan, colours, plan.choice(("island", "coast")))
    if spec.form == "isobars":
        _isobars(pen, plan)
        return
    size = pen.unit * 0.1
    for k in range(plan.randint(4, 8)):
        x, y = pen.at(
            0.15 + 0.35 * (k % 3) + plan.uniform(-0.06, 0.06), 0.2 + 0.3 * (k // 3) + plan.uniform(-0.04, 0.04)
        )
        lot = plan.randrange(3)
        if lot < 2:
            _sun(pen, x - size * 0.2, y - size * 0.2, size * 0.55)
        if lot > 0:
            _cloud(pen, x, y, size, rain=plan.random() < 0.4)
        pen.text(x + size, y + size * 0.6, f"{plan.randint(-5, 34)}°", size=pen.letter * 1.2, heading=True)


def _sun(pen: Pen, x: float, y: float, radius: float) -> None:
    for k in range(8):
        dx, dy = cos(k * pi / 4) * radius * 1.6, sin(k * pi / 4) * radius * 1.6
        pen.canvas.line((x, y, x + dx, y + dy), (250, 180, 20), max(2, round(radius * 0.2)))
    pen.canvas.ellipse((x - radius, y - radius, x + radius, y + radius), (253, 200, 40))


def _cloud(pen: Pen, x: float, y: float, size: float, *, rain: bool) -> None:
    grey = (225, 228, 235) if not rain else (150, 158, 172)
    for dx, r in ((-0.45, 0.3), (0, 0.45), (0.45, 0.32)):
        pen.canvas.ellipse((x + (dx - r) * size, y - r * size, x + (dx + r) * size, y + 0.3 * size), grey)
    for k in range(3 if rain else 0):
        pen.canvas.line(
            (x + (k - 1) * size * 0.3, y + size * 0.4, x + (k - 1.3) * size * 0.3, y + size * 0.75), (40, 100, 220), 2
        )


def _isobars(pen: Pen, plan: Random) -> None:
    """Ovals around highs and lows, a cold front with teeth."""
    for letter, colour in (("H", "red"), ("L", "blue")):
        u, v, ink = plan.uniform(0.2, 0.8), plan.uniform(0.2, 0.8), tone(colour, pen.rng)
        for k in range(1, plan.randint(3, 6)):
            oval = [
                pen.at(
                    min(1, max(0, u + 0.075 * k * cos(a / 3) * (1 + 0.1 * sin(a)))),
                    min(1, max(0, v + 0.07 * k * sin(a / 3))),
                )
                for a in range(20)
            ]
            pen.canvas.line(oval, pen.style.ink, pen.thick, joint="curve")
        pen.text(*pen.at(u, v), letter, ink, size=pen.unit * 0.11, heading=True)
    front = bent(pen.at(0.1, plan.random()), pen.at(0.9, plan.random()), plan.uniform(-0.2, 0.2), 11)
    blue, size = tone("blue", pen.rng), pen.unit * 0.03
    pen.line(front, blue, pen.thick + 1)
    for x, y in front[1:-1]:
        pen.canvas.polygon([(x - size, y), (x + size, y), (x, y + size * 1.4)], blue)


KINDS = (
    Kind(
        ("map", "geographical map", "map of a coast", "physical map", "map with land and sea"),
        _map,
        says=("land and sea", "a coast line with towns", "where places are, on a map"),
        counts=(0, 4),
        forms={"coast": ("of a coast", "with a coast line"), "island": ("of an island",), "islands": ("of islands", "with several islands")},
        aspect=(0.8, 1.7),
        palettes=(OWN, OWN, OWN, LINES),
        topical=False,
    ),
    Kind(
        ("street map", "city map", "road map", "map of streets", "town plan"),
        _street_map,
        says=("streets and blocks of a town from above", "where to find a street"),
        counts=(0, 3),
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("route map", "map with a route", "directions on a map", "travel route", "map of a journey"),
        _route,
        says=("the way from one place to another on a map", "a marked path between two pins"),
        forms={"streets": ("through streets", "in a city"), "land": ("through the country",)},
        aspect=(0.8, 1.7),
        palettes=("one",),
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
    Kind(
        ("topographic map", "contour map", "map with contour lines", "elevation map", "map of heights"),
        _topographic,
        says=("contour lines around hills", "lines of equal height"),
        forms={"tints": ("in green, yellow and brown", "tinted by height"), "lines": ("with lines only", "of thin lines")},
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("weather map", "weather chart", "weather forecast map", "meteorological map"),
        _weather,
        says=("the weather forecast on a map",),
        forms={"icons": ("with suns and clouds", "with temperatures"), "isobars": ("with isobars", "with high and low pressure")},
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
)  # fmt: skip
