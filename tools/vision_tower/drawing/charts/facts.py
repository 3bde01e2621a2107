"""What can be seen in a chart's numbers at a glance; nothing here is told unless it is plain to see."""

from __future__ import annotations

import itertools
from collections.abc import Sequence


def trend(row: Sequence[float]) -> str:
    """ "rising", "falling", "peak", "dip", "waves", or "" for none of them."""
    n, reach = len(row), max(row) - min(row)
    if n < 4 or reach < 0.3 * max(abs(value) for value in row):
        return ""
    third = max(1, n // 3)
    early, late = sum(row[:third]) / third, sum(row[-third:]) / third
    slope = correlation(range(n), row)
    if slope > 0.8 and late - early > 0.4 * reach:
        return "rising"
    if slope < -0.8 and early - late > 0.4 * reach:
        return "falling"
    if turns(row) >= 3:
        return "waves"
    low, high = min(row) + 0.35 * reach, max(row) - 0.35 * reach
    top, bottom = row.index(max(row)) / (n - 1), row.index(min(row)) / (n - 1)
    if turns(row) == 1 and 0.2 < top < 0.8 and max(row[0], row[-1]) < low:
        return "peak"
    if turns(row) == 1 and 0.2 < bottom < 0.8 and min(row[0], row[-1]) > high:
        return "dip"
    return ""


def turns(row: Sequence[float]) -> int:
    """How often it turns round by at least a third of its whole reach."""
    threshold = (max(row) - min(row)) / 3
    count, way, extreme = 0, 0, row[0]
    for value in row[1:]:
        if (way >= 0 and value > extreme) or (way <= 0 and value < extreme):
            extreme, way = (value, way) if way else (extreme, way)
        if way == 0 and abs(value - extreme) >= threshold:
            way, extreme = (1 if value > extreme else -1), value
        elif way and abs(value - extreme) >= threshold:
            count, way, extreme = count + 1, -way, value
    return count


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Pearson's, in [-1, 1]."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    both = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    spread = sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys)
    return both / spread**0.5 if spread else 0.0


def stands_out(row: Sequence[float]) -> bool:
    """One is nearly twice as large as the next."""
    ordered = sorted(row)
    return len(row) > 2 and ordered[-1] >= 1.8 * ordered[-2] > 0


def leads(row: Sequence[float]) -> int | None:
    """The place of the largest, if it is clearly the largest."""
    ordered = sorted(row)
    return row.index(ordered[-1]) if len(row) > 2 and ordered[-1] >= 1.12 * ordered[-2] > 0 else None


def order(row: Sequence[float]) -> str:
    """ "down" or "up" for three or more that are sorted and not all alike."""
    if len(row) < 3 or min(row) > 0.8 * max(row):
        return ""
    if all(one >= two for one, two in itertools.pairwise(row)):
        return "down"
    return "up" if all(one <= two for one, two in itertools.pairwise(row)) else ""


def alike(row: Sequence[float]) -> bool:
    """All of a row within 15 % of the largest, as nobody would tell them apart."""
    return len(row) > 2 and min(row) >= 0.85 * max(row)


def crossing(one: Sequence[float], two: Sequence[float]) -> bool:
    """Each lies clearly above the other somewhere."""
    reach = max(*one, *two) - min(*one, *two)
    gaps = [(first - second) / (reach or 1) for first, second in zip(one, two, strict=True)]
    return max(gaps) > 0.15 and min(gaps) < -0.15


def hump(row: Sequence[float]) -> str:
    """Of a histogram: "middle", "left", "right", "two" or "level"; "" where it is none of these, or hard to say."""
    n = len(row)
    smooth = [sum(row[max(0, at - 1) : at + 2]) / len(row[max(0, at - 1) : at + 2]) for at in range(n)]
    if min(smooth) > 0.75 * max(smooth):
        return "level"
    if turns(smooth) >= 3 or (turns(smooth) == 2 and smooth[0] > smooth[n // 2] < smooth[-1]):
        return "two"
    if turns(smooth) > 1:
        return ""
    top = smooth.index(max(smooth)) / (n - 1)
    return "left" if top < 0.33 else "right" if top > 0.67 else "middle" if 0.4 <= top <= 0.6 else ""
