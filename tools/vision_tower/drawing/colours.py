"""Colours by their names; each is drawn in many tones and none of them is close to another name's."""

from __future__ import annotations

import colorsys
from random import Random
from typing import TypeAlias

RGB: TypeAlias = tuple[int, int, int]

# name: ((hue from, to) in degrees, (saturation from, to), (value from, to))
_TONES: dict[str, tuple[tuple[float, float], tuple[float, float], tuple[float, float]]] = {
    "red": ((-8, 6), (0.75, 1.0), (0.7, 1.0)),
    "orange": ((20, 34), (0.8, 1.0), (0.9, 1.0)),
    "yellow": ((48, 58), (0.75, 1.0), (0.9, 1.0)),
    "green": ((95, 145), (0.55, 1.0), (0.45, 0.85)),
    "teal": ((170, 184), (0.6, 1.0), (0.45, 0.75)),
    "blue": ((208, 234), (0.65, 1.0), (0.6, 1.0)),
    "purple": ((268, 288), (0.5, 0.9), (0.5, 0.85)),
    "pink": ((322, 342), (0.3, 0.6), (0.92, 1.0)),
    "brown": ((18, 32), (0.6, 0.85), (0.35, 0.55)),
    "black": ((0, 360), (0.0, 0.1), (0.0, 0.14)),
    "white": ((0, 360), (0.0, 0.02), (0.97, 1.0)),
    "grey": ((0, 360), (0.0, 0.06), (0.4, 0.65)),
}
NAMES = tuple(_TONES)
CHROMATIC = tuple(name for name in NAMES if name not in {"black", "white", "grey"})


def mix(colour: RGB, other: RGB, share: float) -> RGB:
    """`share` of `other` in `colour`, in [0, 1]."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(colour, other, strict=True))
    return red, green, blue


def tone(name: str, rng: Random) -> RGB:
    """One of the tones that people call by that name."""
    hue, saturation, value = (rng.uniform(*span) for span in _TONES[name])
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, saturation, value)
    return round(red * 255), round(green * 255), round(blue * 255)
