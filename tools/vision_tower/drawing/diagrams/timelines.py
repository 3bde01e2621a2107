"""Along a line: timelines, Gantt charts, number lines, roadmaps."""

from __future__ import annotations

from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.diagrams.flow import ACROSS, DOWN
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen
from tools.vision_tower.drawing.drafting.style import LINES, MANY


def _timeline(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Dots on a line with years and words, beside it or in turns."""
    across = spec.form == "across"
    thick = min(pen.thick * pen.rng.choice((1, 2, 4, 7)), pen.unit * 0.06)
    axis = pen.rng.choice((0.5, 0.5, 0.25 if not across else 0.3))
    pen.line([pen.at(axis, 0, across=across), pen.at(axis, 1, across=across)], pen.style.edge(0), thick)
    dot = max(pen.unit * pen.rng.uniform(0.025, 0.06), thick * 0.8)
    year, boxed = pen.rng.randint(1800, 2010), pen.rng.random() < 0.4
    step = (pen.width if across else pen.height) / spec.count
    for i in range(spec.count):
        side = (1 if i % 2 else -1) if axis == 0.5 else 1
        x, y = pen.at(axis, (i + 0.5) / spec.count, across=across)
        away = (pen.height if across else pen.width) * 0.25 * side
        tx, ty = (x, y + away) if across else (x + away, y)
        pen.line([(x, y), (tx, ty)])
        if boxed:
            w, h = (step * 0.8, pen.height * 0.2) if across else (pen.width * 0.36, step * 0.7)
            pen.node(tx, ty, w, h, i, "box", words.label(pen.rng))
        else:
            pen.text(tx, ty, words.sentence(pen.rng, 3), room=step * 0.95 if across else pen.width * 0.4)
        pen.node(x, y, dot * 2, dot * 2, i, "circle")
        year += pen.rng.randint(1, 20)
        off = dot * 1.2 + pen.letter
        place = (x, y - off * side) if across else (x - off * 1.6 * side, y)
        pen.text(*place, str(year), heading=True)


def _gantt(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Bars on a calendar, each starting about where the one above ends."""
    names = pen.width * pen.rng.uniform(0.16, 0.28)
    n_columns = plan.choice((4, 6, 8, 12))
    head = pen.letter * 1.6
    row, column = (pen.height - head) / spec.count, (pen.width - names) / n_columns
    left, top = pen.left + names, pen.top + head
    faint = mix(pen.style.paper, pen.style.ink, 0.2)
    for k in range(n_columns + 1):
        pen.canvas.line((left + k * column, pen.top, left + k * column, pen.bottom), faint)
        if k < n_columns:
            pen.text(
                left + (k + 0.5) * column,
                pen.top + head / 2,
                f"{'WQM'[plan.randrange(3)]}{k + 1}",
                size=pen.letter * 0.85,
            )
    start = 0.0
    for i in range(spec.count):
        y = top + row * (i + 0.5)
        pen.canvas.line((pen.left, top + row * i, pen.right, top + row * i), faint)
        length = plan.uniform(0.12, 0.38)
        a, b = left + start * column * n_columns, left + min(1.0, start + length) * column * n_columns
        tall = min(row * 0.6, pen.height * 0.14)
        pen.node((a + b) / 2, y, b - a, tall, i, "box")
        pen.text(pen.left, y, words.label(pen.rng), anchor="lm", room=names * 0.95, tall=row * 0.9)
        if plan.random() < 0.15:
            pen.node(b, y, tall, tall, i + 1, "diamond")
        start = min(0.8, start + length * plan.uniform(0.3, 1.1) * 4.0 / max(4, spec.count))


def _roadmap(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A winding road with milestones."""
    n_points = 48
    path = []
    waves = plan.choice((1.0, 1.5, 2.0))
    for k in range(n_points + 1):
        t = k / n_points
        path.append(pen.at(0.05 + 0.9 * t, 0.5 + 0.24 * _wave(t * waves)))
    wide = pen.unit * pen.rng.uniform(0.08, 0.13)
    asphalt = mix(pen.style.ink, pen.style.paper, 0.25)
    pen.canvas.line(path, asphalt, round(wide), joint="curve")
    pen.line(path, pen.style.paper, wide * 0.08, dashed=pen.rng.random() < 0.4)
    for i in range(spec.count):
        x, y = path[round((i + 0.5) / spec.count * n_points)]
        size = pen.unit * 0.11
        side = -1 if y > pen.centre[1] else 1
        pen.node(x, y - size * 0.7, size, size, i, "circle", str(i + 1))
        pen.polygon([(x - size * 0.32, y - size * 0.36), (x + size * 0.32, y - size * 0.36), (x, y)], pen.style.fill(i))
        pen.text(x, y + side * pen.height * 0.18, words.label(pen.rng), room=pen.width / spec.count)


def _wave(t: float) -> float:
    """A cheap sine: one period for t from 0 to 1, parabolas in turns."""
    half = t * 2 % 2
    return 4 * half * (1 - half) if half < 1 else -4 * (half - 1) * (2 - half)


def _number_line(pen: Pen, spec: Diagram, plan: Random) -> None:
    y, n_ticks = pen.centre[1], plan.choice((5, 9, 11, 13))
    first = plan.choice((0, -5, -4, 1, 10))
    pen.arrow([(pen.centre[0], y), (pen.right, y)])
    (pen.arrow if plan.random() < 0.6 else pen.line)([(pen.centre[0], y), (pen.left, y)])
    tick = pen.height * pen.rng.uniform(0.04, 0.1)
    places = [pen.left + pen.width * (k + 1) / (n_ticks + 1) for k in range(n_ticks)]
    for k, x in enumerate(places):
        pen.line([(x, y - tick), (x, y + tick)])
        pen.text(x, y + tick + pen.letter, str(first + k))
    dots = sorted(plan.sample(places, min(spec.count, n_ticks)))
    if len(dots) > 1 and plan.random() < 0.4:
        pen.line([(dots[0], y), (dots[-1], y)], pen.style.edge(0), pen.thick * 4)
    size = pen.unit * pen.rng.uniform(0.06, 0.1)
    for i, x in enumerate(dots):
        pen.node(x, y, size, size, i, "circle")


KINDS = (
    Kind(
        ("timeline", "time line", "timeline of events", "chronology", "history timeline"),
        _timeline,
        says=("events on a line, year after year", "milestones with their years along a line"),
        counts=(3, 8),
        counted=("events", "milestones", "dates"),
        forms={"across": (*ACROSS, "along a horizontal line"), "down": (*DOWN, "along a vertical line")},
        aspect=(0.6, 2.4),
    ),
    Kind(
        ("Gantt chart", "project schedule", "project plan with bars", "gantt diagram"),
        _gantt,
        says=("tasks as bars on a calendar", "which task of a project runs when"),
        counts=(3, 10),
        counted=("tasks", "bars"),
        aspect=(1.1, 2.2),
        palettes=("one", "one", MANY, MANY, LINES),
    ),
    Kind(
        ("roadmap", "road map with milestones", "winding road diagram", "product roadmap"),
        _roadmap,
        says=("a winding road with milestones", "milestones along a road"),
        counts=(3, 6),
        counted=("milestones", "stops"),
        aspect=(1.2, 2.0),
        palettes=("one", MANY, MANY),
    ),
    Kind(
        ("number line", "number ray", "number scale"),
        _number_line,
        says=("numbers with ticks on a straight line", "mathematics: points marked on a line of numbers"),
        counts=(1, 4),
        aspect=(1.6, 3.2),
        palettes=("one", LINES),
        sparse=True,
        topical=False,
    ),
)
