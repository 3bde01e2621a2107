"""Says less than there is to see, as people who search do; true all the same."""

from __future__ import annotations

from collections.abc import Iterator

from tools.vision_tower.drawing.english import NUMBERS
from tools.vision_tower.drawing.scenes.spec import Group, Pattern, Scene, Spec
from tools.vision_tower.drawing.scenes.words import Pick, colour, enumeration, shape, with_articles

_PATTERNS = {
    "checkerboard": ("a checkerboard", "a checkered pattern", "a chessboard pattern", "checks in two colours"),
    "stripes": ("a striped pattern", "{way} stripes", "stripes in two colours", "{a} stripes"),
    "dots": ("polka dots", "a dotted pattern", "a pattern of dots", "{a} dots"),
    "gradient": ("a colour gradient", "a smooth colour transition", "{a} fading into another colour"),
    "plain": ("a picture in one colour only", "an empty picture", "a blank {a} area", "just a colour"),
}
_RELATIONS = {
    "left of": ("two shapes side by side", "one shape to the left of another", "a shape next to another one"),
    "above": ("one shape above another", "two shapes, one below the other", "one shape at the top, another below"),
    "inside": ("one shape inside another", "a shape within a bigger shape", "two shapes, one inside the other"),
    "overlapping": ("two overlapping shapes", "one shape in front of another", "a shape partly hidden by another"),
    "bigger than": ("a big shape and a small one", "two shapes of different size", "one big and one little shape"),
}
_GROUPS = {
    "row": ("a row of shapes", "shapes in a row", "shapes side by side"),
    "column": ("a column of shapes", "shapes below each other"),
    "grid": ("a grid of equal shapes", "shapes in rows and columns"),
    "circle": ("shapes arranged in a circle", "a circle of equal shapes"),
    "scattered": ("some shapes", "several shapes", "a few shapes"),
}


def hint(spec: Spec, pick: Pick) -> str:
    """One true thing about it."""
    if isinstance(spec, Pattern):
        said = pick(_PATTERNS[spec.kind]).format(a=colour(spec.first, pick), way=spec.direction)
    else:
        said = pick([*_hints(spec, pick)])
    return with_articles(said)


def _hints(scene: Scene, pick: Pick) -> Iterator[str]:
    groups = scene.groups
    if len(groups) == 1:
        yield from _hints_of_one(groups[0], pick)
    else:
        n = sum(group.count for group in groups)
        yield f"{NUMBERS[n]} shapes"
        yield enumeration([_only_shape(group, pick) for group in groups])
        n_colours = len({group.thing.colour for group in groups})
        if n_colours == len(groups):
            yield enumeration([f"something {colour(group.thing.colour, pick)}" for group in groups])
        if n_colours == 1:
            yield f"{NUMBERS[n]} {colour(groups[0].thing.colour, pick)} shapes"
        if len({group.thing.shape for group in groups}) == 1:
            yield f"{NUMBERS[n]} {shape(groups[0].thing, pick, plural=True)} in different colours"
    if scene.layout in _RELATIONS and all(group.count == 1 for group in groups):
        yield from _RELATIONS[scene.layout]
    elif scene.layout in _GROUPS:
        yield from _GROUPS[scene.layout]
    if scene.background:
        yield f"something on a {colour(scene.background, pick)} background"


def _hints_of_one(group: Group, pick: Pick) -> Iterator[str]:
    thing, n = group.thing, group.count
    name = colour(thing.colour, pick)
    if n == 1:
        yield from (f"a {name} shape", f"something {name}", f"a {shape(thing, pick)}", "a single geometric shape")
        if thing.direction:
            yield f"{thing.direction} arrow"
    else:
        yield from (f"{NUMBERS[n]} {name} shapes", f"{NUMBERS[n]} {shape(thing, pick, plural=True)}")
        yield from (f"several {name} {shape(thing, pick, plural=True)}", "the same shape several times")


def _only_shape(group: Group, pick: Pick) -> str:
    if group.count == 1:
        return f"a {shape(group.thing, pick)}"
    return f"{NUMBERS[group.count]} {shape(group.thing, pick, plural=True)}"
