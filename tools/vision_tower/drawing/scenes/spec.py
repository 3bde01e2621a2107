"""What a scene of coloured shapes consists of, and which colour-shape pairs no training picture may contain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tools.vision_tower.drawing import colours

SHAPES = (
    "circle square triangle rectangle oval diamond star heart cross hexagon pentagon arrow crescent ring semicircle"
    " trapezoid parallelogram"
).split()
DIRECTIONS = ("right", "down", "left", "up")
"""Of arrows, in quarter turns clockwise."""
CORNERS = ("top left", "top right", "bottom left", "bottom right")

Pair: TypeAlias = tuple[str, str]

# None of these is an emoji or a usual sign (red triangle, black heart, orange circle are), because the pictograms of
# another family would give them away.
_HELD_OUT_SHAPES = {
    "red": ("hexagon", "semicircle"),
    "orange": ("oval", "cross"),
    "yellow": ("pentagon", "arrow"),
    "green": ("star", "ring"),
    "teal": ("square", "heart"),
    "blue": ("triangle", "crescent"),
    "purple": ("rectangle", "arrow"),
    "pink": ("circle", "star"),
    "brown": ("diamond", "cross"),
    "black": ("parallelogram", "trapezoid"),
    "white": ("pentagon", "oval"),
    "grey": ("square", "triangle"),
}
HELD_OUT_PAIRS: tuple[Pair, ...] = tuple((colour, shape) for colour, two in _HELD_OUT_SHAPES.items() for shape in two)
SEEN_PAIRS: tuple[Pair, ...] = tuple(
    (colour, shape) for colour in colours.NAMES for shape in SHAPES if (colour, shape) not in HELD_OUT_PAIRS
)


@dataclass(frozen=True)
class Thing:
    """One sort of object, such as a big striped red circle."""

    colour: str
    shape: str
    fill: str = "solid"
    """solid, outlined, striped or dotted; the last three in the thing's own colour."""
    size: str = ""
    """big, small, or not worth telling."""
    direction: str = ""
    """Where an arrow points; empty for all else."""


@dataclass(frozen=True)
class Group:
    """That many equal things."""

    thing: Thing
    count: int = 1


@dataclass(frozen=True)
class Scene:
    """Groups in a layout.

    The layout is `alone` (one thing), a relation of the first of two groups to the second (`left of`, `above`,
    `inside`, `overlapping`, `bigger than`), or an arrangement of all (`row` and `column`: in the order of the groups;
    `grid`, `circle`, `scattered`).
    """

    layout: str
    groups: tuple[Group, ...]
    background: str = ""
    """A colour's name; empty leaves it to the style."""
    corner: str = ""
    """Where a thing alone is; empty: somewhere about the middle."""


@dataclass(frozen=True)
class Pattern:
    """Two colours all over the picture: checkerboard, stripes, dots, gradient; or only one: plain."""

    kind: str
    first: str
    """Of the dots; of a gradient's left or upper end."""
    second: str = ""
    """Of the ground between the dots; of a gradient's right or lower end."""
    direction: str = ""
    """Of stripes: horizontal, vertical, diagonal. Of gradients: horizontal, vertical."""


Spec: TypeAlias = Scene | Pattern


def pairs(spec: Spec) -> Iterator[Pair]:
    """Every colour-shape pair that can be seen; polka dots are circles, a checkerboard is made of squares."""
    if isinstance(spec, Scene):
        yield from ((group.thing.colour, group.thing.shape) for group in spec.groups)
    elif spec.kind == "dots":
        yield spec.first, "circle"
    elif spec.kind == "checkerboard":
        yield from ((spec.first, "square"), (spec.second, "square"))


def contents(scene: Scene) -> tuple[tuple[str, str, int], ...]:
    """How many of which colour and shape, in alphabetical order: scenes that differ in this differ in their captions,
    while 'a red circle' is also true of a big red circle on yellow."""
    return tuple(sorted((group.thing.colour, group.thing.shape, group.count) for group in scene.groups))
