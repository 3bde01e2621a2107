"""Ruled lines of a PDF page, and the grids that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from ingest.parse.pdf.geometry import Box

_THIN_PT = 3.0
_MIN_LENGTH_PT = 8.0
_SNAP_PT = 2.0
_TOUCH_PT = 3.5
_OPEN_SIDE_PT = 12.0
_MAX_RULES = 400
"""A page with more of them is a drawing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across or down: `at` is its y or x, it reaches from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Lines across and down, those that continue each other joined."""

    across: list[Rule]
    down: list[Rule]


@dataclass(frozen=True, slots=True)
class Grid:
    """Borders of rows from top to bottom and of columns from left to right, and the lines that draw them."""

    ys: list[float]
    xs: list[float]
    rules: Rules
    are_columns_drawn: bool = True

    @property
    def box(self) -> Box:
        return Box(self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])

    def is_open_below(self, row: int, column: int) -> bool:
        """No line parts a cell from the one below it: the two are one."""
        return not _is_drawn(self.rules.across, self.ys[row + 1], self.xs[column], self.xs[column + 1])

    def is_open_right(self, row: int, column: int) -> bool:
        return not _is_drawn(self.rules.down, self.xs[column + 1], self.ys[row + 1], self.ys[row])


def rules(boxes: Iterable[Box]) -> Rules:
    """Those of boxes that are thin enough; none where there are too many."""
    across, down = [], []
    for box in boxes:
        if box.height <= _THIN_PT and box.width >= _MIN_LENGTH_PT:
            across.append(Rule(box.middle_y, box.left, box.right))
        elif box.width <= _THIN_PT and box.height >= _MIN_LENGTH_PT:
            down.append(Rule(box.middle_x, box.bottom, box.top))
    across, down = _joined(across), _joined(down)
    return Rules(across, down) if max(len(across), len(down)) <= _MAX_RULES else Rules([], [])


def edges(box: Box) -> list[Box]:
    """The four sides of a rectangle, as boxes without thickness."""
    left, bottom, right, top = box
    return [
        Box(left, top, right, top),
        Box(left, bottom, right, bottom),
        Box(left, bottom, left, top),
        Box(right, bottom, right, top),
    ]


def grids(found: Rules) -> list[Grid]:
    """Lines that meet, as grids of at least two cells, from top to bottom."""
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for line in found.across:
        columns = [rule for rule in found.down if _meet(line, rule)]
        touched = [group for group in groups if any(rule in group[1] for rule in columns)]
        merged = ([line], list(columns))
        for group in touched:
            groups.remove(group)
            merged[0].extend(group[0])
            merged[1].extend(rule for rule in group[1] if rule not in merged[1])
        groups.append(merged)
    made = []
    for across, down in groups:
        ys = sorted(_distinct(rule.at for rule in across), reverse=True)
        xs = _with_open_sides(_distinct(rule.at for rule in down), across)
        if len(xs) >= 2 and len(ys) >= 2 and len(xs) + len(ys) > 4:
            made.append(Grid(ys, xs, Rules(across, down)))
    return sorted(made, key=lambda grid: -grid.ys[0])


def _with_open_sides(xs: list[float], across: Sequence[Rule]) -> list[float]:
    """Tables are often drawn without lines at their sides: those across say how far they reach."""
    left, right = median(rule.start for rule in across), median(rule.end for rule in across)
    before = [left] if xs and left < xs[0] - _OPEN_SIDE_PT else []
    after = [right] if xs and right > xs[-1] + _OPEN_SIDE_PT else []
    return [*before, *xs, *after]


def _meet(across: Rule, down: Rule) -> bool:
    return (
        across.start - _TOUCH_PT <= down.at <= across.end + _TOUCH_PT
        and down.start - _TOUCH_PT <= across.at <= down.end + _TOUCH_PT
    )


def _joined(found: Sequence[Rule]) -> list[Rule]:
    """Rules at about the same place as one, and those end to end as one."""
    lanes: list[list[Rule]] = []
    for rule in sorted(found, key=lambda rule: rule.at):
        if lanes and rule.at - lanes[-1][0].at <= _SNAP_PT:
            lanes[-1].append(rule)
        else:
            lanes.append([rule])
    joined: list[Rule] = []
    for lane in lanes:
        at = lane[0].at
        start = end = float("nan")
        for rule in sorted(lane, key=lambda rule: rule.start):
            if rule.start <= end + _TOUCH_PT:
                end = max(end, rule.end)
                continue
            if end == end:  # not the first
                joined.append(Rule(at, start, end))
            start, end = rule.start, rule.end
        joined.append(Rule(at, start, end))
    return joined


def _distinct(positions: Iterable[float]) -> list[float]:
    kept: list[float] = []
    for position in sorted(positions):
        if not kept or position - kept[-1] > _TOUCH_PT:
            kept.append(position)
    return kept


def _is_drawn(found: Sequence[Rule], at: float, start: float, end: float) -> bool:
    """Half of the way or more is drawn."""
    near = (rule for rule in found if abs(rule.at - at) <= _TOUCH_PT)
    drawn = sum(max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in near)
    return drawn * 2 >= end - start
