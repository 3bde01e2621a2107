"""Where the things of a scene stand, and how big they are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from tools.vision_tower.drawing.scenes.spec import Group, Scene, Thing


class Spot(NamedTuple):
    """A thing's centre, and half the longer side of its bounding box; in pixels."""

    thing: Thing
    x: float
    y: float
    reach: float


class Box(NamedTuple):
    """In pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def side(self) -> float:
        return min(self.width, self.height)

    def split(self, share: float, *, across: bool) -> tuple[Box, Box]:
        """Left and right, or (not across) upper and lower part; the first has that share."""
        if across:
            cut = self.width * share
            return Box(self.x, self.y, cut, self.height), Box(self.x + cut, self.y, self.width - cut, self.height)
        cut = self.height * share
        return Box(self.x, self.y, self.width, cut), Box(self.x, self.y + cut, self.width, self.height - cut)


def spots(scene: Scene, width_px: int, height_px: int, rng: Random) -> list[Spot]:
    """In painting order: what hides something comes after it."""
    margin = rng.uniform(0.02, 0.06) * min(width_px, height_px)
    box = Box(margin, margin, width_px - 2 * margin, height_px - 2 * margin)
    match scene.layout:
        case "alone":
            return [_alone(scene, box, rng)]
        case "inside":
            return _inside(scene, box, rng)
        case "overlapping":
            return _overlapping(scene, box, rng)
        case "bigger than":
            return _bigger(scene, box, rng)
        case "left of" | "above":
            halves = box.split(rng.uniform(0.45, 0.55), across=scene.layout == "left of")
            return [spot for group, half in zip(scene.groups, halves, strict=True) for spot in _crowd(group, half, rng)]
        case _:
            return _arranged([group.thing for group in scene.groups for _ in range(group.count)], scene, box, rng)


def _within(thing: Thing, box: Box, reach: float, rng: Random) -> Spot:
    """Anywhere in the box where it is wholly inside, rather about the middle."""
    free_x, free_y = max(0.0, box.width / 2 - reach), max(0.0, box.height / 2 - reach)
    x = box.x + box.width / 2 + free_x * rng.triangular(-1, 1, 0)
    return Spot(thing, x, box.y + box.height / 2 + free_y * rng.triangular(-1, 1, 0), reach)


def _alone(scene: Scene, box: Box, rng: Random) -> Spot:
    thing = scene.groups[0].thing
    smallest, biggest = {"big": (0.39, 0.5), "small": (0.07, 0.12), "": (0.16, 0.36)}[thing.size]
    reach = box.side * rng.uniform(smallest, biggest)
    if scene.corner:
        reach = min(reach, 0.22 * box.side)
        vertical, horizontal = scene.corner.split()
        part = 2.4 * reach
        x = box.x if horizontal == "left" else box.x + box.width - part
        y = box.y if vertical == "top" else box.y + box.height - part
        box = Box(x, y, part, part)
    return _within(thing, box, reach, rng)


def _inside(scene: Scene, box: Box, rng: Random) -> list[Spot]:
    inner, outer = (group.thing for group in scene.groups)
    around = _within(outer, box, box.side * rng.uniform(0.4, 0.5), rng)
    room = {"ring": 0.4, "rectangle": 0.28, "oval": 0.3, "diamond": 0.32}.get(outer.shape, 0.45)
    return [around, Spot(inner, around.x, around.y, around.reach * room * rng.uniform(0.75, 1.0))]


def _overlapping(scene: Scene, box: Box, rng: Random) -> list[Spot]:
    """The first group's thing in front, over a fifth or so of the other."""
    front, back = (group.thing for group in scene.groups)
    reaches = [box.side * rng.uniform(0.24, 0.29) for _ in range(2)]
    angle, away = rng.uniform(0, 2 * math.pi), 0.35 * sum(reaches)
    x, y = box.x + box.width / 2, box.y + box.height / 2
    dx, dy = math.cos(angle) * away, math.sin(angle) * away
    return [Spot(back, x - dx, y - dy, reaches[1]), Spot(front, x + dx, y + dy, reaches[0])]


def _bigger(scene: Scene, box: Box, rng: Random) -> list[Spot]:
    big, small = (group.thing for group in scene.groups)
    share = rng.uniform(0.6, 0.66)
    first_is_big = rng.random() < 0.5
    one, other = box.split(share if first_is_big else 1 - share, across=rng.random() < 0.65)
    room, nook = (one, other) if first_is_big else (other, one)
    reach = room.side * rng.uniform(0.42, 0.48)
    return [_within(big, room, reach, rng), _within(small, nook, reach * rng.uniform(0.3, 0.5), rng)]


def _crowd(group: Group, box: Box, rng: Random) -> list[Spot]:
    """One thing, or some in no special order."""
    if group.count == 1:
        return [_within(group.thing, box, box.side * rng.uniform(0.3, 0.46), rng)]
    return _scattered([group.thing] * group.count, box, rng)


def _arranged(things: list[Thing], scene: Scene, box: Box, rng: Random) -> list[Spot]:
    n = len(things)
    match scene.layout:
        case "row":
            return _in_cells(things, list(_cells(box, n, 1)), rng)
        case "column":
            return _in_cells(things, list(_cells(box, 1, n)), rng)
        case "grid":
            rows = {4: 2, 6: rng.choice((2, 3)), 8: rng.choice((2, 4)), 9: 3}[n]
            return _in_cells(things, list(_cells(box, n // rows, rows)), rng)
        case "circle":
            return _round(things, box, rng)
        case _:
            return _scattered(rng.sample(things, n), box, rng)


def _cells(box: Box, columns: int, rows: int) -> Iterator[Box]:
    width, height = box.width / columns, box.height / rows
    for row in range(rows):
        for column in range(columns):
            yield Box(box.x + column * width, box.y + row * height, width, height)


def _in_cells(things: list[Thing], cells: list[Box], rng: Random) -> list[Spot]:
    """One in the middle of each cell; all of a size, or nearly."""
    reach, unlike = cells[0].side * rng.uniform(0.34, 0.46), rng.choice((0.0, 0.0, 0.15))
    return [
        Spot(thing, cell.x + cell.width / 2, cell.y + cell.height / 2, reach * (1 - rng.random() * unlike))
        for thing, cell in zip(things, cells, strict=True)
    ]


def _scattered(things: list[Thing], box: Box, rng: Random) -> list[Spot]:
    """Each anywhere in a cell of its own, some cells empty: never overlapping, without a search."""
    n = len(things)
    n_cells = n + rng.choice((0, 1, 2))
    columns = max(1, round(math.sqrt(n_cells * box.width / box.height)))
    rows = math.ceil(n_cells / columns)
    cells = rng.sample(list(_cells(box, columns, rows)), n)
    reach, unlike = cells[0].side * rng.uniform(0.3, 0.42), rng.choice((0.0, 0.15, 0.35))
    return [
        _within(thing, cell, reach * (1 - rng.random() * unlike), rng)
        for thing, cell in zip(things, cells, strict=True)
    ]


def _round(things: list[Thing], box: Box, rng: Random) -> list[Spot]:
    n = len(things)
    radius = 0.36 * box.side
    reach = min(0.13 * box.side, radius * math.sin(math.pi / n) * 0.85)
    start = rng.uniform(0, 2 * math.pi)
    angles = [start + 2 * math.pi * k / n for k in range(n)]
    x, y = box.x + box.width / 2, box.y + box.height / 2
    return [
        Spot(thing, x + radius * math.cos(angle), y + radius * math.sin(angle), reach)
        for thing, angle in zip(things, angles, strict=True)
    ]
