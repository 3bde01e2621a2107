"""Maps of places: land and sea, contour lines, weather."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from PIL import Image

from tools.vision_tower.drawing.colours import mix, tone
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, bent
from tools.vision_tower.drawing.drafting.style import LINES, OWN
from tools.vision_tower.drawing.maps.land import crinkled, island, mainland
from tools.vision_tower.drawing.maps.style import Ground, clip, frame, ground, ornaments, pins, town

Heights: TypeAlias = npt.NDArray[np.float32]


def land(pen: Pen, plan: Random, colours: Ground, form: str) -> None:
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


def way(pen: Pen, plan: Random, roughness: float = 0.15) -> list[Point]:
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
    land(pen, plan, colours, spec.form)
    road = pen.style.ink if spec.colour == LINES else mix(colours.border, tone("orange", pen.rng), 0.5)
    for _ in range(plan.randint(0, 2) if spec.form == "coast" else 0):
        pen.canvas.line(way(pen, plan, 0.1), road, pen.thick + 1, joint="curve")
    for _ in range(plan.randint(2, 7)):
        town(pen, pen.at(plan.uniform(0.15, 0.75), plan.uniform(0.15, 0.85)))
    pins(pen, plan, spec.count, pen.unit * 0.08, pen.style.ink if spec.colour == LINES else tone("red", pen.rng))
    ornaments(pen)


def _heights(plan: Random, width: int, height: int) -> Heights:
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
    levelled: Heights = (land - land.min()) / (land.max() - land.min())
    return levelled


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
    land(pen, plan, colours, plan.choice(("island", "coast")))
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
        counted=("pins", "markers"),
        forms={
            "coast": ("of a coast", "with a coast line"),
            "island": ("of an island",),
            "islands": ("of islands", "with several islands"),
        },
        aspect=(0.8, 1.7),
        palettes=(OWN, OWN, OWN, LINES),
        topical=False,
    ),
    Kind(
        ("topographic map", "contour map", "map with contour lines", "elevation map", "map of heights"),
        _topographic,
        says=("contour lines around hills", "lines of equal height"),
        forms={
            "tints": ("in green, yellow and brown", "tinted by height"),
            "lines": ("with lines only", "of thin lines"),
        },
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("weather map", "weather chart", "weather forecast map", "meteorological map"),
        _weather,
        says=("the weather forecast on a map",),
        forms={
            "icons": ("with suns and clouds", "with temperatures"),
            "isobars": ("with isobars", "with high and low pressure"),
        },
        aspect=(0.8, 1.7),
        palettes=(OWN,),
        topical=False,
    ),
)
