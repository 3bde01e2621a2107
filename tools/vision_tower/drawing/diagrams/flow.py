"""Steps and what follows what: flow charts, cycles, chevrons, state machines, swimlanes."""

from __future__ import annotations

import itertools
from math import cos, hypot, pi, sin
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, bent, ring
from tools.vision_tower.drawing.drafting.style import LINES, MANY

DOWN = ("from top to bottom", "going down", "running from the top down", "top-down")
ACROSS = ("from left to right", "running left to right", "going to the right", "laid out horizontally")
_DECIDED = ("with a decision", "with a diamond", "with a yes-no decision")


def _flow_chart(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A column (or row) of boxes; a decision sends some flow aside, into a box beside it and back or away."""
    across = "across" in spec.form
    n_aside = 1 if "decision" in spec.form else 0
    n_main = spec.count - n_aside
    decision = plan.randint(1, n_main - 2) if n_aside else -1
    side, back = plan.choice((-1, 1)), plan.random() < 0.6
    length, breadth = (pen.width, pen.height) if across else (pen.height, pen.width)
    step = length / n_main
    along = step * pen.rng.uniform(0.55, 0.68)
    wide = min(breadth * pen.rng.uniform(0.3, 0.5) * (0.8 if n_aside else 1), along * (1.9 if across else 4.5))
    axis = 0.5 - side * 0.22 * n_aside
    w, h = (along, wide) if across else (wide, along)

    def spot(i: int) -> Point:
        return pen.at(axis, (i + 0.5) / n_main, across=across)

    def edge_of(i: int, end: int) -> Point:
        x, y = spot(i)
        return (x + end * w / 2, y) if across else (x, y + end * h / 2)

    for i in range(n_main - 1):
        pen.arrow([edge_of(i, 1), edge_of(i + 1, -1)])
    if n_aside:
        _aside(pen, spot(decision), spot(decision + 1), (w, h), across=across, side=side * breadth * 0.44, back=back)
    ends = pen.rng.choice(("pill", "box", "ellipse"))
    for i in range(n_main):
        shape = "diamond" if i == decision else ends if i in {0, n_main - 1} else _step_shape(plan)
        grown = 1.15 if shape == "diamond" else 1
        pen.node(*spot(i), w * grown, h * grown, 1 if shape == "diamond" else i, shape, words.label(pen.rng))


def _step_shape(plan: Random) -> str:
    return "slanted" if plan.random() < 0.12 else "box"


def _aside(pen: Pen, start: Point, after: Point, size: Point, *, across: bool, side: float, back: bool) -> None:
    (x, y), (w, h) = start, size
    there = (x, y + side) if across else (x + side, y)
    toward = 1 if side > 0 else -1
    if across:
        pen.arrow([(x, y + toward * h / 2), (x, there[1] - toward * h / 2)])
    else:
        pen.arrow([(x + toward * w / 2, y), (there[0] - toward * w / 2, y)])
    if back:
        corner = (after[0], there[1]) if across else (there[0], after[1])
        end = (after[0], after[1] + toward * h / 2) if across else (after[0] + toward * w / 2, after[1])
        pen.arrow([there, corner, end])
    pen.node(*there, w, h, 2, "box", words.label(pen.rng))
    pen.text(
        x + toward * (w * 0.56), y - pen.letter * 0.6, pen.rng.choice(("yes", "no", "Y", "N")), size=pen.letter * 0.8
    )


def _cycle(pen: Pen, spec: Diagram, plan: Random) -> None:
    x, y = pen.centre
    radius = pen.unit * pen.rng.uniform(0.34, 0.39)
    turn, gap = -pi / 2, 2 * pi / spec.count
    size = min(radius * 0.62, 2 * radius * sin(gap / 2) * 0.62)
    if spec.form == "ring":
        _ring_of_arrows(pen, spec.count, radius)
        return
    shape = {"circles": "circle", "boxes": "box"}[spec.form]
    w, h = (size, size) if shape == "circle" else (size * 1.35, size * 0.75)
    spare, thick = min(0.58 * max(w, h) / radius, 0.36 * gap), pen.thick * pen.rng.choice((1, 2))
    for i in range(spec.count):
        start, end = turn + gap * i + spare, turn + gap * (i + 1) - spare
        arc = [start + (end - start) * k / 6 for k in range(7)]
        pen.arrow([(x + radius * cos(a), y + radius * sin(a)) for a in arc], width=thick)
    for i, (px, py) in enumerate(ring(x, y, radius, radius, spec.count, turn)):
        pen.node(px, py, w, h, i, shape, words.label(pen.rng))
    if pen.rng.random() < 0.3:
        pen.text(x, y, words.label(pen.rng), size=pen.letter * 1.3, room=radius)


def _ring_of_arrows(pen: Pen, count: int, radius: float) -> None:
    """Thick bent arrows that chase each other."""
    x, y = pen.centre
    band, gap = radius * pen.rng.uniform(0.32, 0.5), 2 * pi / count
    outer, inner, tip = radius + band / 2, radius - band / 2, 0.28 * min(1.0, gap)
    for i in range(count):
        start, end = gap * i - pi / 2, gap * (i + 0.93) - pi / 2 - tip
        arc = [start + (end - start) * k / 8 for k in range(9)]
        point = (x + radius * cos(end + tip), y + radius * sin(end + tip))
        notch = (x + radius * cos(start + tip), y + radius * sin(start + tip))
        outside = [(x + outer * cos(a), y + outer * sin(a)) for a in arc]
        inside = [(x + inner * cos(a), y + inner * sin(a)) for a in reversed(arc)]
        edge = pen.style.edge(i) if pen.style.outlined else pen.style.paper
        pen.polygon([*outside, point, *inside, notch], pen.style.fill(i), edge)
        middle = (start + end) / 2
        pen.text(
            x + radius * cos(middle),
            y + radius * sin(middle),
            words.label(pen.rng),
            pen.style.ink_on(pen.style.fill(i)),
            room=band,
        )


def _chevrons(pen: Pen, spec: Diagram, plan: Random) -> None:
    step = pen.width / spec.count
    tall = min(pen.height * pen.rng.uniform(0.45, 0.8), step * pen.rng.uniform(0.6, 1.1))
    tip, gap = tall * pen.rng.uniform(0.2, 0.4), pen.rng.uniform(0.0, 0.06) * step
    y = pen.centre[1] - (tall * 0.3 if pen.height > tall * 2 else 0)
    for i in range(spec.count):
        left, right = pen.left + step * i + gap, pen.left + step * (i + 1) - tip * 0.2
        top, bottom = y - tall / 2, y + tall / 2
        notch = [(left + tip, y)] if i or pen.style.rounded else []
        body = [
            (left, top),
            (right - tip * 0.6, top),
            (right + tip * 0.4, y),
            (right - tip * 0.6, bottom),
            (left, bottom),
            *notch,
        ]
        fill = pen.style.fill(i)
        pen.polygon(body, fill, pen.style.edge(i) if pen.style.outlined else pen.style.paper)
        pen.text((left + right + tip * 0.5) / 2, y, words.label(pen.rng), pen.style.ink_on(fill), room=step * 0.62)
        if pen.height > tall * 2:
            for k in range(3):
                row = y + tall * 0.75 + k * pen.letter * 1.3
                pen.text(left, row, words.sentence(pen.rng, 2), size=pen.letter * 0.75, anchor="lm", room=step * 0.85)


def _state_machine(pen: Pen, spec: Diagram, plan: Random) -> None:
    x, y = pen.centre
    rx, ry = pen.width * 0.36, pen.height * 0.34
    spots = ring(x, y, rx, ry, spec.count, plan.uniform(0, 2 * pi))
    size = pen.unit * (0.24 if spec.count < 5 else 0.18) * pen.rng.uniform(0.85, 1.15)
    for i, start in enumerate(spots):
        others = {(i + 1) % spec.count, plan.randrange(spec.count)}
        for j in sorted(others):
            if j == i:
                _loop(pen, start, size)
            else:
                path = bent(start, spots[j], plan.uniform(0.08, 0.2))
                clear = [
                    p for p in path if min(hypot(p[0] - q[0], p[1] - q[1]) for q in (start, spots[j])) > size * 0.55
                ]
                if len(clear) > 1:
                    pen.arrow(clear)
                    pen.text(*clear[len(clear) // 2], words.short(pen.rng), size=pen.letter * 0.8)
    for i, (px, py) in enumerate(spots):
        pen.node(
            px, py, size, size, i, "circle", words.short(pen.rng) if pen.rng.random() < 0.5 else words.label(pen.rng)
        )
        if i == spec.count - 1:
            pen.ellipse(px, py, size * 0.42, size * 0.42, None, pen.style.ink)
    px, py = spots[0]
    pen.arrow([(px - size * 0.95, py), (px - size * 0.52, py)])


def _loop(pen: Pen, at: Point, size: float) -> None:
    x, y = at
    pen.arrow(
        [
            (x - size * 0.2, y - size * 0.4),
            *ring(x, y - size * 0.66, size * 0.22, size * 0.24, 7, 2.6)[1:5],
            (x + size * 0.2, y - size * 0.45),
        ]
    )


def _swimlanes(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Lanes of actors, with steps that jump between them."""
    across = spec.form == "across"
    n_steps = plan.randint(4, 7)
    lanes = [plan.randrange(spec.count) for _ in range(n_steps)]
    ink = pen.style.ink
    for i in range(spec.count):
        x0, y0 = pen.at(i / spec.count, 0, across=across)
        x1, y1 = pen.at((i + 1) / spec.count, 1, across=across)
        tint = mix(pen.style.paper, pen.style.edge(i), 0.15) if i % 2 and spec.colour != LINES else None
        pen.canvas.rectangle((x0, y0, x1, y1), tint, ink, pen.thick)
        head = pen.letter * (4 if across else 1.8)
        box = (x0, y0, x0 + head, y1) if across else (x0, y0, x1, y0 + head)
        pen.canvas.rectangle(box, pen.style.fill(i), ink, pen.thick)
        pen.text(
            (box[0] + box[2]) / 2,
            (box[1] + box[3]) / 2,
            words.role(pen.rng),
            pen.style.ink_on(pen.style.fill(i)),
            room=box[2] - box[0],
        )
    spots = [
        pen.at((lane + 0.5) / spec.count, 0.2 + 0.75 * k / (n_steps - 1), across=across) for k, lane in enumerate(lanes)
    ]
    pen.line(spots)
    w = (pen.width * 0.5 / n_steps) if across else pen.width * 0.6 / spec.count
    h = (pen.height * 0.5 / spec.count) if across else pen.height * 0.45 / n_steps
    for k, (start, end) in enumerate(itertools.pairwise(spots)):
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        pen.arrow([start, middle])
        pen.node(*start, w, h, lanes[k], "diamond" if plan.random() < 0.2 else "box", words.label(pen.rng))
    pen.node(*spots[-1], w, h, lanes[-1], "pill", words.label(pen.rng))


KINDS = (
    Kind(
        ("flow chart", "flowchart", "process flow diagram", "process flow", "workflow diagram"),
        _flow_chart,
        says=("boxes joined by arrows, step after step", "the steps of a process as boxes with arrows between them"),
        counts=(4, 9),
        counted=("steps", "shapes", "nodes"),
        forms={
            "down": DOWN,
            "across": ACROSS,
            "down, decision": (*DOWN, *_DECIDED),
            "across, decision": (*ACROSS, *_DECIDED),
        },
        aspect=(0.5, 2.2),
    ),
    Kind(
        ("cycle diagram", "circular process diagram", "cycle with arrows", "life cycle diagram", "loop diagram"),
        _cycle,
        says=("stages in a circle with arrows from each to the next", "a process that goes round and starts again"),
        counts=(3, 8),
        counted=("stages", "steps", "phases"),
        forms={
            "circles": ("of circles", "with round stages"),
            "boxes": ("of boxes in a ring",),
            "ring": ("made of thick bent arrows", "as a ring of arrows"),
        },
        aspect=(0.8, 1.5),
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("process arrows", "chevron diagram", "row of chevrons", "arrow process diagram", "chevron process"),
        _chevrons,
        says=("arrow shaped steps in a row", "phases of a project as chevrons pointing to the right"),
        counts=(3, 7),
        counted=("chevrons", "arrows", "steps", "phases"),
        aspect=(1.3, 3.0),
    ),
    Kind(
        ("state machine", "state diagram", "finite automaton", "state transition diagram", "finite state machine"),
        _state_machine,
        says=(
            "circles with curved arrows between them, one of them a final state",
            "states and the transitions between them",
        ),
        counts=(3, 7),
        counted=("states", "circles"),
        aspect=(0.9, 1.7),
        palettes=("one", LINES, LINES, MANY),
    ),
    Kind(
        ("swimlane diagram", "swim lane chart", "cross-functional flow chart", "process with swimlanes"),
        _swimlanes,
        says=("a process in lanes, one for each department", "who does which step, in lanes"),
        counts=(2, 5),
        counted=("lanes", "swimlanes"),
        forms={"across": ("with horizontal lanes",), "down": ("with vertical lanes", "with lanes as columns")},
    ),
)
