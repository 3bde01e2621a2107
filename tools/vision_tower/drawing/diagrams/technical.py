"""What engineers draw: circuits, floor plans, parts with dimensions."""

from __future__ import annotations

from math import cos, hypot, pi, sin
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, ring
from tools.vision_tower.drawing.drafting.style import LINES, MANY

_PARTS = ("resistor", "zigzag", "capacitor", "battery", "lamp", "coil", "switch", "diode")


def _circuit(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Loops of wire with parts on their sides."""
    n_columns, n_rows = plan.randint(1, 3), plan.randint(1, 2)
    parts = _PARTS if n_columns == 1 else (*_PARTS, "wire", "wire")
    for column in range(n_columns + 1):
        for row in range(n_rows + 1):
            here = pen.at(0.06 + 0.88 * column / n_columns, 0.08 + 0.84 * row / n_rows)
            for right, down in ((1, 0), (0, 1)):
                if column + right <= n_columns and row + down <= n_rows:
                    there = pen.at(0.06 + 0.88 * (column + right) / n_columns, 0.08 + 0.84 * (row + down) / n_rows)
                    _wire(pen, here, there, plan.choice(parts))
            if 0 < column < n_columns:
                pen.ellipse(*here, pen.thick * 1.5 + 1, pen.thick * 1.5 + 1, pen.style.ink)
    if plan.random() < 0.3:
        x, y = pen.at(0.06 + 0.44 / n_columns, 0.92)
        tick = pen.unit * 0.04
        for k in range(3):
            pen.line([(x - tick * (1 - k / 3), y + k * tick / 2), (x + tick * (1 - k / 3), y + k * tick / 2)])


def _wire(pen: Pen, start: Point, end: Point, part: str) -> None:
    """A wire with a part in its middle."""
    (x0, y0), (x1, y1) = start, end
    far = hypot(x1 - x0, y1 - y0)
    long = min(far * 0.45, pen.unit * 0.17)
    ux, uy = (x1 - x0) / far, (y1 - y0) / far
    mx, my = (x0 + x1) / 2, (y0 + y1) / 2

    def place(along: float, aside: float) -> Point:
        return mx + (ux * along - uy * aside) * long, my + (uy * along + ux * aside) * long

    if part == "wire":
        pen.line([start, end])
        return
    gap = {"capacitor": 0.1, "battery": 0.16}.get(part, 0.5)
    pen.line([start, place(-gap, 0)])
    pen.line([place(gap, 0), end])
    fill = pen.style.fill(0)
    if part == "resistor":
        pen.polygon([place(-0.5, -0.16), place(0.5, -0.16), place(0.5, 0.16), place(-0.5, 0.16)], fill, pen.style.ink)
    elif part == "zigzag":
        pen.line([place(-0.5 + k / 8, (0, 0.2, 0, -0.2)[k % 4]) for k in range(9)])
    elif part in {"capacitor", "battery"}:
        for side in (-1, 1) if part == "capacitor" else (-1, -0.33, 0.33, 1):
            tall = 0.35 if part == "capacitor" or side in {-1, 0.33} else 0.2
            pen.line([place(side * gap, -tall), place(side * gap, tall)], width=pen.thick * 1.5)
    elif part == "lamp":
        x, y = place(0, 0)
        pen.ellipse(x, y, long / 2, long / 2, fill, pen.style.ink)
        pen.line([place(-0.35, -0.35), place(0.35, 0.35)])
        pen.line([place(-0.35, 0.35), place(0.35, -0.35)])
    elif part == "coil":
        for k in range(4):
            bump = [place(-0.5 + k / 4 + 0.125 * (1 - cos(pi * s / 5)), 0.22 * sin(pi * s / 5)) for s in range(6)]
            pen.line(bump)
    elif part == "switch":
        pen.line([place(-0.5, 0), place(0.4, -0.35)])
    else:
        pen.polygon([place(-0.5, -0.3), place(0.4, 0), place(-0.5, 0.3)], fill, pen.style.ink)
        pen.line([place(0.4, -0.3), place(0.4, 0.3)])
        pen.line([place(0.4, 0), place(0.5, 0)])
    if pen.rng.random() < 0.6:
        pen.text(*place(0, -0.6), f"{pen.rng.choice('RCLUI')}{pen.rng.randint(1, 9)}", size=pen.letter * 0.9)


def _floor_plan(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A house cut into rooms, with doors as quarter circles and windows as thin double lines."""
    rooms = [(0.0, 0.0, 1.0, 1.0)]
    while len(rooms) < spec.count:
        rooms.sort(key=lambda r: (r[2] - r[0]) * (r[3] - r[1]))
        left, top, right, bottom = rooms.pop()
        share = plan.uniform(0.38, 0.62)
        if (right - left) * pen.width > (bottom - top) * pen.height:
            cut = left + (right - left) * share
            rooms += [(left, top, cut, bottom), (cut, top, right, bottom)]
        else:
            cut = top + (bottom - top) * share
            rooms += [(left, top, right, cut), (left, cut, right, bottom)]
    wall = max(pen.thick * 1.5, pen.unit * pen.rng.uniform(0.01, 0.022))
    furnished = pen.rng.random() < 0.6
    for i, (u0, v0, u1, v1) in enumerate(rooms):
        (x0, y0), (x1, y1) = pen.at(u0, v0), pen.at(u1, v1)
        pen.canvas.rectangle((x0, y0, x1, y1), mix(pen.style.fill(i), pen.style.paper, 0.5))
        if furnished:
            _furniture(pen, x0 + wall, y0 + wall, x1 - wall, y1 - wall, plan)
        pen.text(
            (x0 + x1) / 2,
            (y0 + y1) / 2,
            plan.choice(("Kitchen", "Bath", "Bedroom", "Living room", "Hall", "Office", "12.4 m²")),
            room=(x1 - x0) * 0.8,
        )
    for u0, v0, u1, v1 in rooms:
        (x0, y0), (x1, y1) = pen.at(u0, v0), pen.at(u1, v1)
        pen.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], width=wall)
    for u0, v0, u1, v1 in rooms:
        _door(pen, pen.at(u0, v0), pen.at(u1, v1), wall, plan, left=u0 > 0)
        if v0 == 0:
            (x0, y0), (x1, _) = pen.at(u0, v0), pen.at(u1, v1)
            pen.canvas.line(
                (x0 + (x1 - x0) * 0.3, y0, x0 + (x1 - x0) * 0.7, y0), pen.style.paper, max(1, round(wall * 0.5))
            )


def _door(pen: Pen, start: Point, end: Point, wall: float, plan: Random, *, left: bool) -> None:
    (x0, y0), (x1, y1) = start, end
    size = pen.unit * 0.09
    if left:
        y = y0 + (y1 - y0) * plan.uniform(0.3, 0.6)
        pen.canvas.line((x0, y, x0, y + size), pen.style.paper, round(wall) + 1)
        pen.canvas.line((x0, y, x0 + size, y), pen.style.ink, pen.thick)
        pen.canvas.arc((x0 - size, y - size, x0 + size, y + size), 0, 90, pen.style.ink, pen.thick)
    else:
        x = x0 + (x1 - x0) * plan.uniform(0.3, 0.6)
        pen.canvas.line((x, y1, x + size, y1), pen.style.paper, round(wall) + 1)
        pen.canvas.line((x, y1, x, y1 - size), pen.style.ink, pen.thick)
        pen.canvas.arc((x - size, y1 - size, x + size, y1 + size), 270, 360, pen.style.ink, pen.thick)


def _furniture(pen: Pen, x0: float, y0: float, x1: float, y1: float, plan: Random) -> None:
    size, ink = min(x1 - x0, y1 - y0) * 0.3, mix(pen.style.ink, pen.style.paper, 0.3)
    lot = plan.randrange(3)
    if lot == 0:  # a bed with its pillow
        pen.canvas.rectangle((x0, y0, x0 + size, y0 + size * 1.3), pen.style.paper, ink)
        pen.canvas.rectangle((x0 + size * 0.15, y0 + size * 0.1, x0 + size * 0.85, y0 + size * 0.4), None, ink)
    elif lot == 1:  # a round table
        pen.canvas.ellipse((x1 - size * 1.2, y0 + size * 0.2, x1 - size * 0.2, y0 + size * 1.2), pen.style.paper, ink)
    else:  # a counter along the wall
        pen.canvas.rectangle((x0, y1 - size * 0.5, x1, y1), pen.style.paper, ink)
        pen.canvas.line((x0 + size, y1 - size * 0.5, x0 + size, y1), ink)


def _technical_drawing(pen: Pen, spec: Diagram, plan: Random) -> None:
    """The outline of a part with holes, centre lines, dimension lines, and a title block."""
    margin = pen.unit * 0.16
    left, top, right, bottom = pen.left + margin, pen.top + margin, pen.right - margin * 0.6, pen.bottom - margin * 1.1
    w, h = right - left, bottom - top
    step, notch = w * plan.uniform(0.2, 0.45), h * plan.uniform(0.2, 0.5)
    part = [
        (left, top),
        (left + step, top),
        (left + step, top + notch),
        (right, top + notch),
        (right, bottom),
        (left, bottom),
    ]
    if plan.random() < 0.3:
        part = ring(left + w / 2, top + h / 2, min(w, h) / 2, min(w, h) / 2, plan.choice((6, 8, 32)))
        left, right, top, bottom = (f(p[k] for p in part) for k, f in ((0, min), (0, max), (1, min), (1, max)))
        w, h = right - left, bottom - top
    pen.polygon(part, pen.style.fill(0), pen.style.ink, pen.thick * 1.6)
    for _ in range(plan.randint(1, 3)):
        x, y, r = left + w * plan.uniform(0.2, 0.8), bottom - h * plan.uniform(0.18, 0.32), h * plan.uniform(0.05, 0.12)
        pen.ellipse(x, y, r, r, pen.style.paper, pen.style.ink)
        for dx, dy in ((r * 1.7, 0), (0, r * 1.7)):
            pen.line([(x - dx, y - dy), (x + dx, y + dy)], width=1, dashed=True)
    _dimension(pen, (left, bottom), (right, bottom), margin * 0.6)
    _dimension(pen, (left, bottom), (left, top), -margin * 0.6)
    if plan.random() < 0.5:
        _dimension(pen, (left, top), (left + step, top), -margin * 0.5)
    if plan.random() < 0.5:
        box = (pen.right - pen.width * 0.34, pen.bottom - pen.height * 0.13, pen.right, pen.bottom)
        pen.canvas.rectangle((pen.left, pen.top, pen.right, pen.bottom), None, pen.style.ink, pen.thick)
        pen.canvas.rectangle(box, pen.style.paper, pen.style.ink, pen.thick)
        pen.text((box[0] + box[2]) / 2, (box[1] + box[3]) / 2, words.label(pen.rng), room=box[2] - box[0])


def _dimension(pen: Pen, start: Point, end: Point, off: float) -> None:
    """A line with two heads beside what it measures, and the millimetres."""
    (x0, y0), (x1, y1) = start, end
    dx, dy = (0, off) if y0 == y1 else (off, 0)
    for x, y in (start, end):
        pen.line([(x, y), (x + dx * 1.2, y + dy * 1.2)], width=1)
    here, there = (x0 + dx, y0 + dy), (x1 + dx, y1 + dy)
    middle = ((here[0] + there[0]) / 2, (here[1] + there[1]) / 2)
    pen.arrow([middle, here], width=1)
    pen.arrow([middle, there], width=1)
    pen.canvas.rectangle(
        (middle[0] - pen.letter, middle[1] - pen.letter * 0.6, middle[0] + pen.letter, middle[1] + pen.letter * 0.6),
        pen.style.paper,
    )
    pen.text(*middle, str(pen.rng.randint(8, 400)))


KINDS = (
    Kind(
        ("circuit diagram", "electrical circuit", "electronic schematic", "wiring diagram", "circuit schematic"),
        _circuit,
        says=("electrical parts joined by wires", "an electric circuit with its parts"),
        aspect=(1.0, 1.9),
        palettes=(LINES,),
        topical=False,
    ),
    Kind(
        ("floor plan", "house plan", "apartment layout", "room layout", "building plan"),
        _floor_plan,
        says=("rooms with walls and doors seen from above", "the rooms of a flat from above"),
        counts=(3, 9),
        counted=("rooms",),
        aspect=(0.8, 1.7),
        palettes=(LINES, LINES, "one", MANY),
        topical=False,
    ),
    Kind(
        (
            "technical drawing",
            "engineering drawing",
            "mechanical drawing",
            "drawing of a part with dimensions",
            "blueprint",
        ),
        _technical_drawing,
        says=("the outline of a part with dimension lines", "a machine part and its measures"),
        aspect=(1.0, 1.8),
        palettes=(LINES, LINES, LINES, "one"),
        topical=False,
    ),
)
