"""Axes: where a value lies in the picture, and the grid, ticks and labels that say so."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tools.vision_tower.drawing.charts.pillow.sheet import Box, Sheet, printed

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Plane:
    """Maps (place along the categories in 0..1, value) to pixels. Lying: categories run down, values to the right."""

    box: Box
    low: float
    high: float
    lying: bool = False

    def at(self, along: float, value: float) -> Point:
        """The pixel of a value, at that share of the way along the axis of categories."""
        share = (value - self.low) / (self.high - self.low)
        if self.lying:
            return self.box.x0 + share * self.box.width, self.box.y0 + along * self.box.height
        return self.box.x0 + along * self.box.width, self.box.y1 - share * self.box.height

    def slab(self, along: tuple[float, float], values: tuple[float, float]) -> Box:
        """The pixels of a bar from one place to another, from one value to another."""
        (x0, y0), (x1, y1) = self.at(along[0], values[0]), self.at(along[1], values[1])
        return Box(round(min(x0, x1)), round(min(y0, y1)), round(max(x0, x1)), round(max(y0, y1)))


def scale(low: float, high: float, n_steps: int = 5) -> list[float]:
    """Round numbers from below `low` to above `high`, about `n_steps` apart."""
    span = max(high - low, 1e-6)
    rough = span / n_steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * 0.999)
    first = math.floor(low / step + 1e-6)
    last = math.ceil(high / step - 1e-6)
    return [round(place * step, 10) for place in range(first, last + 1)]


def category_plane(sheet: Sheet, labels: Sequence[str], values: tuple[float, float], *, lying: bool = False) -> Plane:
    """Axes for categories and values; the labels lie in the middle of their places. Uses up the sheet's room."""
    return _plane(sheet, labels, scale(*values, _n_steps(sheet)), lying=lying, points=False)


def course_plane(sheet: Sheet, labels: Sequence[str], values: tuple[float, float]) -> Plane:
    """Axes for points from edge to edge, as lines have them."""
    return _plane(sheet, labels, scale(*values, _n_steps(sheet)), lying=False, points=True)


def number_plane(
    sheet: Sheet, x_values: tuple[float, float], values: tuple[float, float]
) -> tuple[Plane, float, float]:
    """Axes for two numbers, and the x's at its edges."""
    ticks = scale(*x_values, _n_steps(sheet))
    labels = [printed(tick, "") for tick in ticks]
    return _plane(sheet, labels, scale(*values, _n_steps(sheet)), lying=False, points=True), ticks[0], ticks[-1]


def places(sheet: Sheet, n: int) -> tuple[list[float], float]:
    """The middles of `n` categories in 0..1, and the room of each. Reports leave gaps between groups of lying bars."""
    breaks: list[int] = []
    if sheet.look.gaps and n > 3 and ("horizontal" in sheet.chart.kind or sheet.chart.kind == "dot plot"):
        breaks = [1 + sheet.look.seed % 3, n // 2 + 1][: 1 + sheet.look.seed % 2]
    total = n + 0.7 * len(breaks)
    return [(nth + 0.5 + 0.7 * sum(nth >= at for at in breaks)) / total for nth in range(n)], 1 / total


def _n_steps(sheet: Sheet) -> int:
    return sheet.rng.choice((3, 4, 5, 5, 6, 8))


def _plane(sheet: Sheet, labels: Sequence[str], ticks: list[float], *, lying: bool, points: bool) -> Plane:
    look, em = sheet.look, sheet.look.text_px
    marks = [printed(tick, sheet.chart.unit) for tick in ticks]
    tick_room = (max(sheet.length(mark) for mark in marks) + em * 0.6) if look.ticks and not lying else em * 0.2
    if look.axis_names:
        tick_room += em * 1.4 if not lying else 0
    if lying:
        left = min(max((sheet.length(label) for label in labels), default=0) + em * 0.7, sheet.box.width * 0.42)
        bottom = (em * 1.5 if look.ticks else 0) + (em * 1.4 if look.axis_names else 0)
        box = sheet.box.inset(left, em * 0.2, em * 1.2, bottom)
        turn = 0
    else:
        turn, bottom = _label_turn(sheet, labels, sheet.box.width - tick_room)
        if look.axis_names:
            bottom += em * 1.4
        box = sheet.box.inset(tick_room, em * 0.6, em * 0.4, bottom)
    plane = Plane(box, ticks[0], ticks[-1], lying)
    _ground(sheet, plane, ticks, len(labels), points=points)
    if look.ticks:
        _mark_values(sheet, plane, ticks, marks)
    _mark_categories(sheet, plane, labels, turn, points=points)
    if look.axis_names:
        _name_axes(sheet, plane)
    if not lying and look.seed % 11 == 0:
        _limit(sheet, plane)
    return plane


def _label_turn(sheet: Sheet, labels: Sequence[str], width: float) -> tuple[int, float]:
    """By how many degrees the labels below must be turned to fit, and the room they take in pixels."""
    em = sheet.look.text_px
    widest = max((sheet.length(label) for label in labels), default=0)
    slot = width / max(len(labels), 1)
    if widest < slot * 0.95 or all(len(label) <= 4 for label in labels):
        return 0, em * 1.5
    turn = sheet.look.turn or (0 if widest < slot * 2.2 else 90 if slot < em * 1.5 else 45)
    if turn == 0:
        return 0, em * 2.8
    return turn, min(em * 0.6 + widest * math.sin(math.radians(turn)) + em * 0.5, sheet.box.height * 0.38)


def _ground(sheet: Sheet, plane: Plane, ticks: list[float], n_labels: int, *, points: bool) -> None:
    look, box, pen = sheet.look, plane.box, sheet.pen
    if look.plot_back:
        pen.rectangle(box, look.plot_back)
    if look.bands:
        shade = tuple(round(one * 0.95 + 0.05 * two) for one, two in zip(look.back, look.soft, strict=True))
        for place in range(0, n_labels, 2):
            pen.rectangle(plane.slab((place / n_labels, (place + 1) / n_labels), (plane.low, plane.high)), shade)
    if look.grid:
        for tick in ticks:
            _rule(sheet, plane.at(0, tick), plane.at(1, tick))
    if look.grid == "both" and n_labels > 1:
        n = n_labels - 1 if points else n_labels
        stride = max(1, n // 8)
        for place in range(0, n + 1, stride):
            _rule(sheet, plane.at(place / n, plane.low), plane.at(place / n, plane.high))
    _frame(sheet, plane)


def _rule(sheet: Sheet, start: Point, end: Point) -> None:
    if sheet.look.dotted:
        sheet.dash(start, end, sheet.look.line)
    else:
        sheet.pen.line((start, end), sheet.look.line)


def _frame(sheet: Sheet, plane: Plane) -> None:
    look, box, pen = sheet.look, plane.box, sheet.pen
    ink = look.ink if look.tick_px else look.soft
    if look.frame == "box":
        pen.rectangle(box, outline=ink)
    zero = min(max(0.0, plane.low), plane.high)
    if look.frame in ("base", "corner", "side"):
        pen.line((plane.at(0, zero), plane.at(1, zero)), ink)
    if look.frame == "corner":
        pen.line((box.x0, box.y0, box.x0, box.y1), ink)
        pen.line((box.x0, box.y1, box.x1, box.y1), ink)


def _mark_values(sheet: Sheet, plane: Plane, ticks: list[float], marks: list[str]) -> None:
    look, em = sheet.look, sheet.look.text_px
    widest = max(sheet.length(mark) for mark in marks) + em * 0.5
    stride = max(1, math.ceil(widest * len(marks) / plane.box.width)) if plane.lying else 1
    for nth, (tick, mark) in enumerate(zip(ticks, marks, strict=True)):
        x, y = plane.at(0, tick)
        if plane.lying:
            if nth % stride:
                continue
            sheet.write((x, plane.box.y1 + em * 0.4), mark, "ma", fill=look.soft)
            sheet.pen.line((x, plane.box.y1, x, plane.box.y1 + look.tick_px), look.ink)
        else:
            sheet.write((x - em * 0.4, y), mark, "rm", fill=look.soft)
            sheet.pen.line((x, y, x - look.tick_px, y), look.ink)


def _mark_categories(sheet: Sheet, plane: Plane, labels: Sequence[str], turn: int, *, points: bool) -> None:
    look, em, box, n = sheet.look, sheet.look.text_px, plane.box, len(labels)
    slot = (box.height if plane.lying else box.width) / max(n, 1)
    middles, _ = places(sheet, n)
    need = 6 if plane.lying else em * 1.05 if turn else max((sheet.length(label) for label in labels), default=1) * 1.15
    stride = max(1, math.ceil(need / slot)) if all(len(label) <= 5 for label in labels) or turn or plane.lying else 1
    for place in range(0, n, stride):
        along = place / max(n - 1, 1) if points else middles[place]
        x, y = plane.at(along, plane.low)
        if plane.lying:
            _stack(sheet, (box.x0 - em * 0.4, y), labels[place], box.x0 - sheet.box.x0, slot)
        elif turn:
            sheet.write_turned(
                (x, box.y1 + em * 0.4), sheet.cut(labels[place], sheet.box.height * 0.5), turn, ends=True
            )
        else:
            for row, line in enumerate(sheet.wrap(labels[place], slot)[:2]):
                sheet.write((x, box.y1 + em * (0.4 + row)), sheet.cut(line, max(slot, em * 3)), "ma")
        if look.tick_px and not plane.lying:
            sheet.pen.line((x, box.y1, x, box.y1 + look.tick_px), look.ink)


def _stack(sheet: Sheet, at: Point, label: str, room: float, slot: float) -> None:
    """A label left of a lying bar: smaller where bars are thin, in two lines where they fit."""
    em = sheet.look.text_px
    size_px = max(6, min(em, round(slot * 0.95)))
    lines = sheet.wrap(label, room - em * 0.5)[: 2 if slot > em * 2 else 1]
    for row, line in enumerate(lines):
        y = at[1] + (row - (len(lines) - 1) / 2) * em
        sheet.write((at[0], y), sheet.cut(line, room), "rm", size_px=size_px)


def _limit(sheet: Sheet, plane: Plane) -> None:
    """A target or a mean: a dashed line across, with a word."""
    value = plane.low + (plane.high - plane.low) * (0.3 + sheet.look.seed % 50 / 100)
    sheet.dash(plane.at(0, value), plane.at(1, value), sheet.look.ink, max(1, sheet.look.stroke // 2))
    x, y = plane.at(1, value)
    sheet.write((x, y - sheet.look.text_px * 0.2), sheet.rng.choice(("Target", "Mean", "Average", "Limit")), "rs")


def _name_axes(sheet: Sheet, plane: Plane) -> None:
    em, box = sheet.look.text_px, plane.box
    topic = sheet.chart.topic
    name = f"{topic[:1].upper()}{topic[1:]}" + (f" in {sheet.chart.unit}" if sheet.chart.unit else "")
    if plane.lying:
        sheet.write(((box.x0 + box.x1) / 2, sheet.box.y1), name, "ms")
        return
    sheet.write_turned((sheet.box.x0 + em * 0.5, (box.y0 + box.y1) / 2), sheet.cut(name, box.height), 90)
    if sheet.rng.random() < 0.6:
        other = sheet.rng.choice(("Year", "Time (s)", "Group", "Age", "Category", "Value", "Region", "x"))
        sheet.write(((box.x0 + box.x1) / 2, sheet.box.y1), other, "ms")
