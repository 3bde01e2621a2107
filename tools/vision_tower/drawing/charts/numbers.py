"""Numbers as charts hold them: trends, seasons, shares of a whole, skewed sizes, correlated clouds."""

from __future__ import annotations

import math
from random import Random

Row = tuple[float, ...]
COURSES = ("rising", "rising", "falling", "falling", "peak", "dip", "seasonal", "wandering", "flat", "step")


def course(n: int, shape: str, rng: Random) -> Row:
    """`n` numbers over time, roughly in 0..1, of one of `COURSES`."""
    noise = rng.choice((0.0, 0.02, 0.05, 0.1)) * (0.4 if shape == "flat" else 1)
    bend = math.exp(rng.uniform(-0.9, 0.9))
    middle, width = rng.uniform(0.3, 0.7), rng.uniform(0.15, 0.3)
    low, high = rng.uniform(0.05, 0.35), rng.uniform(0.75, 1.0)
    waves, phase = rng.uniform(1.5, 4), rng.uniform(0, 6.28)
    walk = 0.5
    row = []
    for place in range(n):
        at = place / max(1, n - 1)
        walk = min(1.0, max(0.0, walk + rng.gauss(0, 0.13)))
        level = {
            "rising": at**bend,
            "falling": 1 - at**bend,
            "peak": math.exp(-(((at - middle) / width) ** 2)),
            "dip": 1 - math.exp(-(((at - middle) / width) ** 2)),
            "seasonal": 0.5 + 0.5 * math.sin(phase + at * waves * 6.28),
            "wandering": walk,
            "flat": 0.5,
            "step": float(at > middle),
        }[shape]
        row.append(max(0.01, low + (high - low) * level + rng.gauss(0, noise)))
    return tuple(row)


def sizes(n: int, rng: Random) -> Row:
    """`n` sizes in 0..1: alike, spread evenly, or a few large ones among many small ones."""
    spread = rng.choice((0.15, 0.35, 0.6, 1.0))
    row = [math.exp(rng.gauss(0, spread)) for _ in range(n)]
    return tuple(value / max(row) for value in row)


def shares(n: int, rng: Random) -> Row:
    """`n` whole numbers that sum to 100, none below 2."""
    spread = rng.choice((0.2, 0.5, 0.8, 1.2))
    raw = [math.exp(rng.gauss(0, spread)) for _ in range(n)]
    row = [2 + math.floor((100 - 2 * n) * value / sum(raw)) for value in raw]
    row[row.index(max(row))] += 100 - sum(row)
    return tuple(float(value) for value in row)


def bell(n: int, rng: Random) -> Row:
    """Counts of `n` bins: a hump in the middle or at a side, two humps, a decay, or level."""
    shape = rng.choice(("middle", "middle", "left", "right", "two", "decay", "level"))
    centre = {"left": 0.25, "right": 0.75}.get(shape, rng.uniform(0.45, 0.55))
    row = []
    for place in range(n):
        at = place / max(1, n - 1)
        if shape == "two":
            level = _hump(at, 0.25, 0.1) + rng.uniform(0.6, 0.9) * _hump(at, 0.72, 0.12)
        elif shape == "decay":
            level = math.exp(-3.5 * at)
        elif shape == "level":
            level = 0.8
        else:
            skew = 1.8 if (at > centre) == (shape == "left") and shape != "middle" else 1.0
            level = _hump(at, centre, 0.16 * skew)
        row.append(float(round(max(0.0, level + rng.gauss(0, 0.04)) * 100)))
    return tuple(row)


def _hump(at: float, centre: float, width: float) -> float:
    return math.exp(-(((at - centre) / width) ** 2) / 2)


def cloud(n: int, relation: str, rng: Random) -> tuple[Row, Row]:
    """`n` points in 0..1 by 0..1 with a positive, a negative or no relation."""
    tightness = rng.uniform(0.03, 0.13)
    slope = {"positive": 0.7, "negative": -0.7, "none": 0.0}[relation]
    spread = 0.22 if relation == "none" else tightness
    x_row = [min(1.0, max(0.0, rng.gauss(0.5, 0.22))) for _ in range(n)]
    y_row = [min(1.0, max(0.0, 0.5 + slope * (x - 0.5) + rng.gauss(0, spread))) for x in x_row]
    return tuple(x_row), tuple(y_row)


def cluster(n: int, centre: tuple[float, float], rng: Random) -> tuple[Row, Row]:
    """`n` points about a centre."""
    width = rng.uniform(0.04, 0.09)
    return tuple(rng.gauss(centre[0], width) for _ in range(n)), tuple(rng.gauss(centre[1], width) for _ in range(n))


def five(rng: Random) -> Row:
    """Minimum, quartiles and maximum of something in 0..1."""
    middle, reach = rng.uniform(0.3, 0.7), rng.uniform(0.5, 1.0)
    quarter = [reach * rng.uniform(0.03, 0.14) for _ in range(2)]
    tail = [reach * rng.uniform(0.06, 0.22) for _ in range(2)]
    low, high = middle - quarter[0], middle + quarter[1]
    return max(0.01, low - tail[0]), low, middle, high, high + tail[1]


def days(n: int, rng: Random) -> tuple[Row, ...]:
    """(open, high, low, close) of `n` days of trade in 0..1."""
    price, drift, rows = rng.uniform(0.35, 0.65), rng.gauss(0, 0.012), []
    for _ in range(n):
        close = min(0.95, max(0.1, price + rng.gauss(drift, 0.05)))
        high, low = (abs(rng.gauss(0, 0.03)) for _ in range(2))
        rows.append((price, max(price, close) + high, max(0.02, min(price, close) - low), close))
        price = close
    return tuple(rows)


def scaled(row: Row, top: float) -> Row:
    """Multiplied, and rounded to what a chart would print."""
    digits = 0 if top >= 40 else 1 if top >= 4 else 3
    return tuple(round(value * top, digits) for value in row)


def top(unit: str, rng: Random) -> float:
    """A plausible largest value in that unit."""
    if unit == "%":
        return rng.choice((12.0, 35.0, 60.0, 80.0, 95.0))
    return rng.choice((1.0, 5.0, 9.0, 24.0, 60.0, 150.0, 480.0, 950.0, 2600.0, 8000.0, 45000.0))
