"""Coasts, borders and continents: the outlines that maps are made of, in unit or geographic coordinates."""

from __future__ import annotations

import itertools
from math import cos, pi, sin
from random import Random

from tools.vision_tower.drawing.drafting.pen import Point

# Longitude and latitude in degrees, coarse on purpose: a redrawn coast is bent by chance anyway.
CONTINENTS: tuple[tuple[Point, ...], ...] = (
    (
        (-168, 66), (-156, 71), (-128, 70), (-110, 68), (-95, 72), (-82, 68), (-94, 60), (-92, 57), (-82, 55),
        (-79, 52), (-78, 62), (-65, 58), (-56, 52), (-66, 45), (-70, 42), (-76, 35), (-81, 30), (-80, 25),
        (-84, 30), (-97, 28), (-97, 20), (-90, 21), (-88, 16), (-83, 10), (-78, 9), (-85, 11), (-95, 16),
        (-105, 20), (-112, 26), (-124, 40), (-124, 48), (-135, 58), (-150, 60), (-160, 55), (-165, 60),
    ),
    ((-55, 60), (-45, 60), (-22, 70), (-20, 80), (-40, 83), (-60, 80), (-70, 77), (-55, 70)),
    (
        (-78, 9), (-72, 12), (-60, 9), (-50, 0), (-35, -6), (-39, -15), (-48, -27), (-58, -35), (-65, -42),
        (-69, -54), (-74, -50), (-72, -35), (-70, -18), (-80, -5), (-77, 2),
    ),
    (
        (-6, 36), (10, 37), (12, 33), (25, 32), (33, 31), (38, 20), (43, 12), (51, 12), (42, 0), (40, -12),
        (35, -20), (32, -28), (26, -34), (19, -34), (12, -18), (9, 0), (8, 5), (-8, 5), (-16, 13), (-16, 22),
        (-9, 31),
    ),
    (
        (-9, 37), (-9, 43), (-1, 44), (-4, 48), (5, 52), (9, 57), (5, 59), (6, 63), (15, 68), (26, 71),
        (40, 67), (55, 68), (70, 73), (100, 77), (115, 74), (140, 72), (170, 70), (180, 66), (163, 60),
        (158, 53), (155, 59), (140, 54), (130, 43), (127, 35), (121, 38), (121, 30), (110, 20), (107, 11),
        (102, 13), (104, 2), (99, 8), (98, 16), (90, 22), (80, 14), (77, 8), (73, 19), (67, 25), (57, 26),
        (50, 30), (56, 25), (59, 22), (52, 16), (44, 13), (35, 28), (36, 36), (27, 37), (23, 37), (19, 42),
        (13, 45), (18, 40), (15, 38), (9, 44), (3, 43), (0, 39), (-5, 36),
    ),
    ((-5, 50), (1, 51), (0, 54), (-3, 58), (-6, 57), (-3, 54)),
    ((130, 32), (140, 35), (143, 43), (140, 42), (136, 36)),
    (
        (114, -22), (122, -18), (130, -12), (137, -12), (136, -16), (141, -17), (143, -11), (146, -19),
        (153, -26), (150, -37), (140, -38), (131, -32), (116, -35),
    ),
    ((109, 2), (117, 7), (118, 1), (115, -4), (110, -2)),
    ((95, 5), (104, -2), (106, -6), (101, -2)),
    ((131, -1), (141, -3), (150, -10), (138, -8)),
    ((44, -16), (50, -15), (47, -25), (44, -22)),
    ((173, -35), (178, -38), (168, -46), (172, -41)),
    ((-24, 64), (-14, 65), (-18, 66)),
)  # fmt: skip

UNITED_STATES: tuple[Point, ...] = (
    (-124.7, 48.4), (-123, 49), (-95, 49), (-89, 48), (-84.5, 46), (-87, 43), (-85, 42), (-82.5, 43),
    (-79, 43), (-75, 45), (-71, 45), (-69, 47.4), (-67, 45), (-70, 43.5), (-70, 41.7), (-74, 40.5),
    (-75.5, 37.5), (-76, 35), (-81, 31.5), (-80, 26), (-81.5, 25.5), (-82.8, 28.5), (-84.5, 30), (-89, 30),
    (-90, 29), (-94, 29.5), (-97.3, 27.5), (-97.3, 26), (-99.5, 27.5), (-101.5, 29.8), (-103, 29), (-105, 31),
    (-111, 31.3), (-114.8, 32.5), (-117.1, 32.5), (-120.5, 34.5), (-122.5, 37.5), (-124.3, 40.3), (-124, 46),
)  # fmt: skip


def crinkled(points: list[Point], plan: Random, roughness: float, levels: int) -> list[Point]:
    """An open line with its midpoints moved aside, `levels` times over; each level doubles the points.

    Args:
        roughness: how far a midpoint strays, as a share of its edge's length.
    """
    gauss = plan.gauss
    for _ in range(levels):
        finer = [points[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            aside = gauss(0, roughness)
            finer += [((x0 + x1) / 2 - (y1 - y0) * aside, (y0 + y1) / 2 + (x1 - x0) * aside), (x1, y1)]
        points = finer
    return points


def island(plan: Random, u: float, v: float, size: float) -> list[Point]:
    """A closed coast around (u, v) in the unit square."""
    n_corners = plan.randint(6, 10)
    turn = plan.uniform(0, 6)
    corners = []
    for i in range(n_corners):
        away, angle = size * plan.uniform(0.6, 1.1), turn + 2 * pi * i / n_corners
        corners.append((u + away * cos(angle), v + away * sin(angle)))
    return crinkled([*corners, corners[0]], plan, 0.16, 3)[:-1]


def mainland(plan: Random) -> list[Point]:
    """Land that fills one side of the unit square and goes on beyond it."""
    share = plan.uniform(0.35, 0.7)
    coast = crinkled(
        [(-0.05, share + plan.uniform(-0.2, 0.2)), (0.5, share), (1.05, share + plan.uniform(-0.2, 0.2))], plan, 0.2, 5
    )
    land = [(-0.05, -0.05), *coast, (1.05, -0.05)]
    turn = plan.randrange(4)
    if turn % 2:
        land = [(v, u) for u, v in land]
    return [(1 - u, 1 - v) for u, v in land] if turn > 1 else land


def cells(plan: Random, n_columns: int, n_rows: int, jitter: float, *, square: float = 0.0) -> list[list[Point]]:
    """Regions that cover the unit square without gaps, like bricks pushed about; neighbours share crinkled borders.

    Args:
        jitter: how far corners stray, as a share of a brick.
        square: share of the width, from the left, where borders are ruled as in the American west.
    """
    corners: dict[tuple[int, int], Point] = {}
    for row in range(n_rows + 1):
        for half in range(-1, 2 * n_columns + 2):
            u = half / 2 / n_columns
            loose = jitter * (0.25 if u < square else 1)
            corners[half, row] = (u + plan.gauss(0, loose) / n_columns / 2, (row + plan.gauss(0, loose)) / n_rows)
    borders: dict[tuple[tuple[int, int], tuple[int, int]], list[Point]] = {}

    def border(start: tuple[int, int], end: tuple[int, int]) -> list[Point]:
        if (end, start) in borders:
            return borders[end, start][::-1]
        ruled = corners[start][0] < square
        borders[start, end] = crinkled([corners[start], corners[end]], plan, 0.0 if ruled else 0.13, 0 if ruled else 2)
        return borders[start, end]

    regions = []
    for row in range(n_rows):
        for first in range(-(row % 2), 2 * n_columns, 2):
            loop = [(first + k, row) for k in range(3)] + [(first + k, row + 1) for k in (2, 1, 0)]
            edges = (border(a, b) for a, b in zip(loop, loop[1:] + loop[:1], strict=True))
            regions.append([point for edge in edges for point in edge[:-1]])
    return regions
