"""Says in words what is in a scene: many ways, all true."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations
from typing import TypeAlias

from tools.vision_tower.drawing.english import NUMBERS
from tools.vision_tower.drawing.scenes.spec import Group, Pattern, Scene, Spec, Thing

Pick: TypeAlias = Callable[[Sequence[str]], str]
"""Chooses one of several wordings; taking the first of each gives the canonical caption."""

_ARTICLE = re.compile(r"\ba(?= [aeiou])")

_COLOURS = {"grey": ("grey", "gray"), "purple": ("purple", "purple", "violet"), "teal": ("teal", "teal", "blue-green")}
_SHAPES = {
    "circle": ("circle", "circle", "circle", "disc", "round shape"),
    "oval": ("oval", "oval", "ellipse"),
    "rectangle": ("rectangle", "rectangle", "rectangular shape"),
    "diamond": ("diamond", "diamond", "rhombus"),
    "star": ("star", "star", "star shape"),
    "heart": ("heart", "heart", "heart shape"),
    "cross": ("cross", "cross", "plus sign", "plus"),
    "hexagon": ("hexagon", "hexagon", "six-sided shape"),
    "pentagon": ("pentagon", "pentagon", "five-sided shape"),
    "crescent": ("crescent", "crescent moon", "crescent", "moon"),
    "ring": ("ring", "ring", "hoop"),
    "semicircle": ("semicircle", "semicircle", "half circle", "half-disc"),
    "trapezoid": ("trapezoid", "trapezoid", "trapezium"),
    "triangle": ("triangle", "triangle", "triangular shape"),
}
_FILLS = {
    "solid": ("{}", "{}", "{}", "{}", "{}", "solid {}", "filled {}"),
    "outlined": ("outlined {}", "hollow {}", "unfilled {}"),
    "striped": ("striped {}", "striped {}", "stripy {}"),
    "dotted": ("dotted {}", "spotted {}", "polka-dot {}"),
}
_SIZES = {"big": ("big", "large", "huge"), "small": ("small", "little", "tiny")}
_POINTING = {
    "left": ("pointing left", "pointing to the left"),
    "right": ("pointing right", "pointing to the right"),
    "up": ("pointing up", "pointing upwards"),
    "down": ("pointing down", "pointing downwards"),
}
_BACKGROUNDS = (
    "{} on a {c} background",
    "{} on {c}",
    "{} against a {c} background",
    "{} on a {c} ground",
    "{} in front of a {c} background",
)
_RELATIONS = {
    "left of": (
        "{a} to the left of {b}",
        "{a} left of {b}",
        "{b} to the right of {a}",
        "{b} right of {a}",
        "{a} on the left and {b} on the right",
        "on the right {b}, on the left {a}",
        "{a} and, to the right, {b}",
    ),
    "above": (
        "{a} above {b}",
        "{b} below {a}",
        "{a} over {b}",
        "{b} under {a}",
        "{b} beneath {a}",
        "{a} at the top and {b} at the bottom",
        "at the bottom {b}, at the top {a}",
    ),
    "inside": (
        "{a} inside {b}",
        "{b} with {a} inside",
        "{a} within {b}",
        "{b} around {a}",
        "{b} containing {a}",
        "{a} in the middle of {b}",
    ),
    "overlapping": (
        "{a} overlapping {b}",
        "{a} partly covering {b}",
        "{a} in front of {b}",
        "{b} behind {a}",
        "{b} partly hidden by {a}",
    ),
    "bigger than": (
        "{a} bigger than {b}",
        "{a} larger than {b}",
        "{b} smaller than {a}",
        "{big} and {small}",
        "{small} next to {big}",
        "{big} beside {small}",
    ),
}
_ARRANGEMENTS = {
    "row": ("{} in a row", "a row of {}", "{} side by side", "{} in a line"),
    "column": ("{} in a column", "a column of {}", "{} one above the other", "{} stacked vertically"),
    "grid": ("{} in a grid", "a grid of {}", "{} arranged in rows and columns", "{} in rows"),
    "circle": ("{} arranged in a circle", "a circle of {}", "{} placed in a ring", "{} round a centre"),
    "scattered": ("{}", "{} scattered about", "{}", "a group of {}"),
}
_ORDERS = {
    "row": ("from left to right {}", "{} in a row", "a row with {}", "{} next to each other, in this order"),
    "column": ("from top to bottom {}", "{} below each other", "a column with {}", "{} stacked vertically"),
}
_PATTERNS = {
    "checkerboard": (
        "a {a} and {b} checkerboard",
        "a checkered pattern in {b} and {a}",
        "{a} and {b} checks",
        "a chessboard pattern of {a} and {b} squares",
    ),
    "stripes": (
        "{way} {a} and {b} stripes",
        "{way} stripes in {b} and {a}",
        "a pattern of {way} {a} and {b} stripes",
        "a surface striped in {a} and {b}",
    ),
    "dots": (
        "{a} polka dots on a {b} background",
        "a {b} background with {a} dots",
        "a {b} surface full of {a} dots",
        "polka dots, {a} on {b}",
    ),
    "plain": ("a plain {a} picture", "nothing but {a}", "a solid {a} area", "an empty {a} picture", "all {a}"),
}
_GRADIENTS = {
    "horizontal": (
        "a gradient from {a} on the left to {b} on the right",
        "{a} fading into {b} from left to right",
        "a colour gradient, {a} to {b}",
        "a smooth transition from {a} to {b}",
    ),
    "vertical": (
        "a gradient from {a} at the top to {b} at the bottom",
        "{a} fading into {b} from top to bottom",
        "a colour gradient, {a} to {b}",
        "{b} at the bottom blending into {a} at the top",
    ),
}


def tell(spec: Spec, pick: Pick) -> str:
    """All of it: each object with colour and shape, how many, where."""
    if isinstance(spec, Pattern):
        return _tell_pattern(spec, pick)
    said = _tell_groups(spec, pick)
    if spec.background:
        said = pick(_BACKGROUNDS).format(said, c=colour(spec.background, pick))
    return with_articles(said)


def _tell_groups(scene: Scene, pick: Pick) -> str:
    first, *others = scene.groups
    if scene.layout == "alone":
        where = f" in the {scene.corner}" + pick((" corner", "")) if scene.corner else ""
        return amount(first, pick) + where
    if scene.layout in _RELATIONS:
        (second,) = others
        return pick(_RELATIONS[scene.layout]).format(
            a=amount(first, pick),
            b=amount(second, pick),
            big=amount(_sized(first, "big"), pick),
            small=amount(_sized(second, "small"), pick),
        )
    if not others:
        return pick(_ARRANGEMENTS[scene.layout]).format(amount(first, pick))
    if scene.layout == "scattered":
        return pick([enumeration(order) for order in permutations([amount(group, pick) for group in scene.groups])])
    said = [amount(group, pick) for group in scene.groups]
    if len(said) == 3 and scene.layout == "row":
        orders = (*_ORDERS["row"], f"{said[1]} between {said[0]} on the left and {said[2]} on the right")
        return pick([order.format(enumeration(said)) for order in orders])
    return pick(_ORDERS[scene.layout]).format(enumeration(said))


def _tell_pattern(pattern: Pattern, pick: Pick) -> str:
    wordings = _GRADIENTS[pattern.direction] if pattern.kind == "gradient" else _PATTERNS[pattern.kind]
    a, b = colour(pattern.first, pick), colour(pattern.second, pick)
    return with_articles(pick(wordings).format(a=a, b=b, way=pattern.direction))


def _sized(group: Group, size: str) -> Group:
    return replace(group, thing=replace(group.thing, size=size))


def amount(group: Group, pick: Pick) -> str:
    """'a red circle', 'three small blue arrows pointing left'."""
    if group.count == 1:
        return f"a {noun_phrase(group.thing, pick)}"
    number = NUMBERS[group.count]
    return f"{pick((number, number, number, str(group.count)))} {noun_phrase(group.thing, pick, plural=True)}"


def noun_phrase(thing: Thing, pick: Pick, *, plural: bool = False) -> str:
    """Size, fill, colour, shape, direction: 'small striped red arrow pointing left'."""
    noun = shape(thing, pick, plural=plural)
    said = pick(_FILLS[thing.fill]).format(f"{colour(thing.colour, pick)} {noun}")
    if thing.size:
        said = f"{pick(_SIZES[thing.size])} {said}"
    if thing.direction:
        said = f"{said} {pick(_POINTING[thing.direction])}"
    return said


def shape(thing: Thing, pick: Pick, *, plural: bool = False) -> str:
    """By one of its names."""
    names = _SHAPES.get(thing.shape, (thing.shape,))
    noun = names[0] if thing.fill == "outlined" else pick(names)  # a disc has no outline only
    if not plural:
        return noun
    return noun + ("es" if noun.endswith("s") else "s")


def colour(name: str, pick: Pick) -> str:
    """By one of its names."""
    return pick(_COLOURS.get(name, (name,)))


def enumeration(parts: Sequence[str]) -> str:
    """'a, b and c'."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def with_articles(said: str) -> str:
    """'a orange circle' becomes 'an orange circle'."""
    return _ARTICLE.sub("an", said)
