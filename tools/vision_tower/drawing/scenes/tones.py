"""Picks tones and backdrops that stand out from each other."""

from __future__ import annotations

import colorsys
from random import Random

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import RGB

CLEAR = 150.0
"""Distance of two colours, as `distance` has it, from which an edge between them is plain to see."""


def tones_apart(names: list[str], rng: Random) -> dict[str, RGB]:
    """A tone for each name; some tries, and of those the one where no two come close (brown and black can)."""
    best: dict[str, RGB] = {}
    best_gap = -1.0
    for _ in range(5):
        tones = {name: colours.tone(name, rng) for name in names}
        gap = _least_distance(list(tones.values()))
        if gap > best_gap:
            best, best_gap = tones, gap
        if gap >= CLEAR:
            break
    return best


def backdrop_for(things: list[RGB], rng: Random) -> RGB:
    """Mostly white; never close to the colour of a thing."""
    best, best_gap = (255, 255, 255), -1.0
    for _ in range(30):
        ground = rng.choice(_BACKDROPS)(rng)
        gap = min(distance(ground, thing) for thing in things)
        if gap >= CLEAR:
            return ground
        if gap > best_gap:
            best, best_gap = ground, gap
    return best


def _tinted(rng: Random, saturation: tuple[float, float], value: tuple[float, float]) -> RGB:
    parts = colorsys.hsv_to_rgb(rng.random(), rng.uniform(*saturation), rng.uniform(*value))
    red, green, blue = (round(part * 255) for part in parts)
    return red, green, blue


_BACKDROPS = (
    *(lambda rng: (255, 255, 255),) * 7,
    *(lambda rng: _tinted(rng, (0.0, 0.05), (0.85, 0.99)),) * 3,
    *(lambda rng: _tinted(rng, (0.05, 0.25), (0.85, 1.0)),) * 3,
    *(lambda rng: _tinted(rng, (0.0, 0.5), (0.08, 0.3)),) * 2,
    *(lambda rng: _tinted(rng, (0.3, 0.9), (0.4, 0.9)),) * 3,
)


def lightness(colour: RGB) -> float:
    """From 0 to 255."""
    return 0.3 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def _least_distance(tones: list[RGB]) -> float:
    """Of any two; infinite for one alone."""
    gaps = [distance(a, b) for k, a in enumerate(tones) for b in tones[:k]]
    return min(gaps, default=float("inf"))


def distance(a: RGB, b: RGB) -> float:
    """As the eye sees it, roughly; 765 from black to white.

    Source: Riemersma, Colour metric ("redmean"), https://www.compuphase.com/cmetric.htm
    """
    mean_red = (a[0] + b[0]) / 2
    red, green, blue = (x - y for x, y in zip(a, b, strict=True))
    return float(((2 + mean_red / 256) * red**2 + 4 * green**2 + (2 + (255 - mean_red) / 256) * blue**2) ** 0.5)
