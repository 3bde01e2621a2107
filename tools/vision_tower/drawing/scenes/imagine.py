"""Invents scenes: which shapes in which colours, how many, and how they stand to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeAlias

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.scenes import spec
from tools.vision_tower.drawing.scenes.spec import HELD_OUT_PAIRS, SEEN_PAIRS, Group, Pair, Pattern, Scene, Spec, Thing

MAX_COUNT = 9
ROOMY = ("circle", "square", "rectangle", "oval", "diamond", "hexagon", "pentagon", "ring", "heart")
"""Shapes in whose middle another one has room."""
BULKY = ("circle", "square", "triangle", "diamond", "star", "heart", "cross", "hexagon", "pentagon", "ring")
"""Shapes wide enough every way to overlap another one, wherever it stands."""

Pairs: TypeAlias = Sequence[Pair]


def imagine(rng: Random) -> Spec:
    """A scene or a pattern in which no held-out pair occurs."""
    if rng.random() < 0.07:
        return _pattern(rng)
    return _scene(rng, SEEN_PAIRS, _MAKERS)


def imagine_unseen(rng: Random) -> Scene:
    """A scene in which every object is of a held-out pair: one to three sorts, related or counted."""
    return _scene(rng, HELD_OUT_PAIRS, {_alone: 15, _related: 35, _counted: 30, _two_counts: 10, _assorted: 10})


def _scene(rng: Random, pool: Pairs, makers: dict[Callable[[Random, Pairs], Scene], int]) -> Scene:
    (make,) = rng.choices(list(makers), list(makers.values()))
    return make(rng, pool)


def _thing(rng: Random, pool: Pairs, fills: str = "solid") -> Thing:
    colour, shape = rng.choice(pool)
    fill = "solid" if rng.random() < 0.6 else rng.choice(fills.split())
    if (fill == "outlined" and shape == "ring") or (fill in {"striped", "dotted"} and colour == "white"):
        fill = "solid"  # an outlined ring is two circles; white stripes leave the eye to the gaps' colour
    return Thing(colour, shape, fill, direction=rng.choice(spec.DIRECTIONS) if shape == "arrow" else "")


def _things(rng: Random, pool: Pairs, n: int, fills: str = "solid") -> list[Thing]:
    """`n` things, each of another colour-shape pair."""
    chosen: dict[Pair, Thing] = {}
    while len(chosen) < n:
        thing = _thing(rng, pool, fills)
        chosen.setdefault((thing.colour, thing.shape), thing)
    return list(chosen.values())


def _background(rng: Random, things: Sequence[Thing], share: float) -> str:
    """A colour that none of the things has, in that share of the scenes."""
    if rng.random() >= share:
        return ""
    return rng.choice([name for name in colours.NAMES if all(name != thing.colour for thing in things)])


def _alone(rng: Random, pool: Pairs) -> Scene:
    thing = _thing(rng, pool, "outlined outlined striped dotted")
    size = rng.choice(("", "", "", "big", "small"))
    corner = rng.choice(spec.CORNERS) if size != "big" and rng.random() < 0.15 else ""
    if size == "small" and thing.fill in {"striped", "dotted"}:
        size = ""
    thing = Thing(thing.colour, thing.shape, thing.fill, size, thing.direction)
    return Scene("alone", (Group(thing),), _background(rng, [thing], 0.3), corner)


def _related(rng: Random, pool: Pairs) -> Scene:
    layouts = {"left of": 35, "above": 30, "inside": 15, "overlapping": 10, "bigger than": 12}
    (layout,) = rng.choices(list(layouts), list(layouts.values()))
    if layout == "inside":
        return _inside(rng, pool)
    if layout == "overlapping":
        return _overlapping(rng, pool)
    things = _things(rng, pool, 2, "outlined outlined striped dotted")
    return Scene(layout, (Group(things[0]), Group(things[1])), _background(rng, things, 0.12))


def _overlapping(rng: Random, pool: Pairs) -> Scene:
    front = _thing(rng, [pair for pair in pool if pair[1] in BULKY])
    back = _thing(rng, [pair for pair in pool if pair[1] in BULKY and pair[0] != front.colour])
    return Scene("overlapping", (Group(front), Group(back)), _background(rng, [front, back], 0.12))


def _inside(rng: Random, pool: Pairs) -> Scene:
    outer = _thing(rng, [pair for pair in pool if pair[1] in ROOMY], "outlined")
    inner = _thing(rng, [pair for pair in pool if pair[0] != outer.colour])
    return Scene("inside", (Group(inner), Group(outer)), _background(rng, [outer, inner], 0.1))


def _counted(rng: Random, pool: Pairs) -> Scene:
    thing, count = _thing(rng, pool, "outlined"), rng.randint(2, MAX_COUNT)
    layouts = ["scattered", "scattered"]
    layouts += ["row"] * 2 if count <= 6 else []
    layouts += ["column"] if count <= 5 else []
    layouts += ["grid"] * 2 if count in {4, 6, 8, 9} else []
    layouts += ["circle"] if count >= 5 else []
    return Scene(rng.choice(layouts), (Group(thing, count),), _background(rng, [thing], 0.15))


def _two_counts(rng: Random, pool: Pairs) -> Scene:
    first, second = _things(rng, pool, 2)
    groups = [Group(first, rng.randint(1, 4)), Group(second, rng.randint(2, 4))]
    layout = rng.choice(("scattered", "left of", "above"))
    return Scene(layout, _in_any_order(groups) if layout == "scattered" else tuple(groups))


def _assorted(rng: Random, pool: Pairs) -> Scene:
    """Three things (or up to five, where the pool is large): all different, or alike in colour or in shape."""
    n = rng.choice((3, 3, 3, 4, 4, 5)) if len(pool) > 50 else 3
    alike = rng.random()
    if len(pool) > 50 and alike < 0.3:
        axis, (model) = (0 if alike < 0.12 else 1), rng.choice(pool)
        pool = [pair for pair in pool if pair[axis] == model[axis]]
    things = _things(rng, pool, n, "outlined" if n == 3 else "solid")
    layout = rng.choice(("scattered", "row", "column") if n < 5 else ("scattered", "row"))
    groups = [Group(thing) for thing in things]
    background = _background(rng, things, 0.08)
    return Scene(layout, _in_any_order(groups) if layout == "scattered" else tuple(groups), background)


def _in_any_order(groups: list[Group]) -> tuple[Group, ...]:
    """Where the order cannot be seen, it is no part of the identity."""
    return tuple(sorted(groups, key=repr))


def _pattern(rng: Random) -> Pattern:
    kind = rng.choice(("checkerboard", "stripes", "stripes", "dots", "dots", "gradient", "gradient", "plain"))
    first, second = rng.sample(colours.NAMES, 2)
    if kind == "plain":
        return Pattern(kind, first)
    if kind in {"checkerboard", "stripes"}:
        first, second = sorted((first, second))
    directions = {"stripes": ("horizontal", "vertical", "diagonal"), "gradient": ("horizontal", "vertical")}
    pattern = Pattern(kind, first, second, rng.choice(directions.get(kind, ("",))))
    return _pattern(rng) if any(pair in HELD_OUT_PAIRS for pair in spec.pairs(pattern)) else pattern


_MAKERS = {_alone: 26, _related: 30, _counted: 22, _two_counts: 8, _assorted: 14}
