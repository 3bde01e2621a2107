"""Pictures that teach or count: the solar system, the periodic table, infographics, call-outs, seats, words."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.diagrams.icons import icon
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, ring
from tools.vision_tower.drawing.drafting.style import LINES, MANY, OWN

_PLANETS = (
    ((150, 140, 130), 0.35), ((225, 180, 110), 0.55), ((60, 120, 215), 0.6), ((205, 85, 50), 0.45),
    ((215, 165, 120), 1.15), ((230, 205, 140), 1.0), ((150, 215, 225), 0.8), ((60, 90, 220), 0.78),
)  # fmt: skip


def _solar_system(pen: Pen, spec: Diagram, plan: Random) -> None:
    """The sun and its planets, on their orbits or in a row."""
    row = spec.form == "row"
    x, y = (pen.left, pen.centre[1]) if row else pen.centre
    sun = pen.height * 0.3 if row else pen.unit * 0.08
    faint = mix(pen.style.paper, pen.style.ink, 0.45)
    for i in range(spec.count):
        colour, size = _PLANETS[i]
        if row:
            radius = min(pen.height * 0.4, (pen.width - sun) / spec.count * 0.4 * size)
            px, py = x + sun + (pen.width - sun) * (i + 0.6) / spec.count, y
        else:
            orbit = sun + (pen.unit * 0.48 - sun) * (i + 1) / spec.count
            flat = 0.6 if pen.width > pen.height * 1.5 else 1.0
            wide = orbit * (1.5 if flat < 1 else 1.0)
            pen.ellipse(x, y, wide, orbit * (0.9 if flat < 1 else 1), None, faint)
            angle = plan.uniform(0, 2 * pi)
            px, py = x + wide * cos(angle), y + orbit * (0.9 if flat < 1 else 1) * sin(angle)
            radius = pen.unit * 0.035 * (0.5 + size / 2)
        if i == 5:
            pen.canvas.ellipse(
                (px - radius * 1.9, py - radius * 0.5, px + radius * 1.9, py + radius * 0.5),
                None,
                colour,
                max(1, round(radius * 0.2)),
            )
        pen.canvas.ellipse((px - radius, py - radius, px + radius, py + radius), colour)
    pen.canvas.ellipse((x - sun, y - sun, x + sun, y + sun), (252, 200 + plan.randint(-30, 20), 40))


def _periodic_table(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Its well-known outline: 18 groups, 7 periods, two rows below."""
    w, h = pen.width / 18, pen.height / 9.6
    lettered = w > 14
    for row in range(9):
        for column in range(18):
            if (row == 0 and 0 < column < 17) or (row in {1, 2} and 1 < column < 12) or (row > 6 and column < 3):
                continue
            x, y = pen.left + w * column, pen.top + h * (row + (0.5 if row > 6 else 0))
            group = (
                5
                if row > 6
                else 0
                if column == 0
                else 1
                if column == 1
                else 2
                if column < 12
                else 3
                if column < 17
                else 4
            )
            fill = pen.style.fill(group)
            pen.canvas.rectangle(
                (x, y, x + w - 1, y + h - 1), fill, pen.style.edge(group) if pen.style.outlined else None
            )
            if lettered and column % 2 == row % 2:
                pen.text(
                    x + w / 2,
                    y + h / 2,
                    "HeLiBeNaMgAlSiClArKrFeCuZn"[2 * (column % 12) :][:2],
                    pen.style.ink_on(fill),
                    size=w * 0.5,
                )


def _seating(pen: Pen, spec: Diagram, plan: Random) -> None:
    if spec.form == "tables":
        _tables(pen, spec, plan)
        return
    n_rows, n_seats = plan.randint(4, 8), plan.randint(7, 14)
    stage = pen.height * 0.12
    pen.node(pen.centre[0], pen.top + stage / 2, pen.width * 0.6, stage, 0, pen.rng.choice(("box", "pill")), "Stage")
    size = min(pen.width / n_seats, (pen.height - stage * 1.6) / n_rows) * 0.7
    bow = plan.choice((0.0, 0.12))
    for row in range(n_rows):
        for k in range(n_seats):
            t = (k + 0.5) / n_seats
            x = pen.left + pen.width * t
            y = (
                pen.top
                + stage * 1.6
                + (pen.height - stage * 2) * (row + 0.5) / n_rows
                - bow * pen.height * (2 * t - 1) ** 2 * 0.8
            )
            fill = mix(pen.style.paper, pen.style.ink, 0.3) if plan.random() < 0.2 else pen.style.fill(row // 2)
            pen.card(x, y, size, size, size * 0.3, fill, pen.style.edge(row // 2))


def _tables(pen: Pen, spec: Diagram, plan: Random) -> None:
    n_columns = 3
    n_rows = -(-spec.count // n_columns)
    size = min(pen.width / n_columns, pen.height / n_rows)
    for i in range(spec.count):
        x, y = pen.at((i % n_columns + 0.5) / n_columns, (i // n_columns + 0.5) / n_rows)
        for sx, sy in ring(x, y, size * 0.38, size * 0.38, 8):
            pen.ellipse(sx, sy, size * 0.07, size * 0.07, pen.style.fill(1), pen.style.ink)
        pen.node(x, y, size * 0.55, size * 0.55, 0, "circle", str(i + 1))


def _labelled(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A thing in the middle and names around it, joined to its parts by lines."""
    x, y = pen.centre
    size = pen.unit * 0.52
    icon(pen, plan, x, y, size, 0)
    for i in range(spec.count):
        side = 1 if i % 2 else -1
        row = (i // 2 + 0.7) / (-(-spec.count // 2) + 0.4)
        tx, ty = x + side * pen.width * 0.33, pen.top + pen.height * row
        inside = (x + side * size * plan.uniform(0.08, 0.3), y + (row - 0.5) * size * 0.7)
        pen.line([inside, (tx, ty)])
        pen.ellipse(*inside, pen.thick + 1, pen.thick + 1, pen.style.ink)
        pen.text(tx + side * pen.letter * 0.3, ty, words.label(pen.rng), anchor="lm" if side > 0 else "rm")


def _infographic(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Big numbers beside icons, with some words under each."""
    n_columns = 1 if pen.height > pen.width * 1.2 else 2 if spec.count < 5 else 3
    n_rows = -(-spec.count // n_columns)
    w, h = pen.width / n_columns, pen.height / n_rows
    cards = pen.rng.random() < 0.5
    for i in range(spec.count):
        x, y = pen.left + w * (i % n_columns + 0.5), pen.top + h * (i // n_columns + 0.5)
        size = min(w * 0.38, h * 0.6)
        if cards:
            pen.card(x, y, w * 0.94, h * 0.9, 6, mix(pen.style.paper, pen.style.edge(i), 0.14))
        if plan.random() < 0.25:
            _dial(pen, x - w * 0.25, y, size / 2, plan.random(), i)
        else:
            icon(pen, plan, x - w * 0.25, y, size, i)
        strong = pen.style.ink if pen.style.fill(i) == pen.style.paper or cards else pen.style.edge(i)
        pen.text(
            x - w * 0.02,
            y - h * 0.12,
            words.number(pen.rng),
            strong,
            size=min(w * 0.17, h * 0.36),
            anchor="lm",
            heading=True,
        )
        for k in range(2):
            pen.text(
                x - w * 0.02,
                y + h * (0.12 + 0.13 * k),
                words.sentence(pen.rng, 3),
                size=min(pen.letter * 0.8, h * 0.12),
                anchor="lm",
                room=w * 0.45,
                tall=h * 0.13,
            )


def _dial(pen: Pen, x: float, y: float, radius: float, share: float, index: int) -> None:
    """A ring filled for a share."""
    box, thick = (x - radius, y - radius, x + radius, y + radius), max(2, round(radius * 0.3))
    pen.canvas.arc(box, 0, 360, mix(pen.style.paper, pen.style.ink, 0.15), thick)
    pen.canvas.arc(box, -90, -90 + 360 * share, pen.style.edge(index), thick)


def _icon_grid(pen: Pen, spec: Diagram, plan: Random) -> None:
    n_columns = max(2, round((spec.count * pen.width / pen.height) ** 0.5))
    n_rows = -(-spec.count // n_columns)
    w, h = pen.width / n_columns, pen.height / n_rows
    tiles, named = pen.rng.random() < 0.4, pen.rng.random() < 0.5
    for i in range(spec.count):
        x, y = pen.at((i % n_columns + 0.5) / n_columns, (i // n_columns + (0.42 if named else 0.5)) / n_rows)
        size = min(w, h) * (0.52 if named else 0.62)
        if tiles:
            pen.card(x, y, size * 1.44, size * 1.44, size * 0.2, mix(pen.style.paper, pen.style.edge(i), 0.2))
        icon(pen, plan, x, y, size, i)
        if named:
            pen.text(x, y + size * 0.92, words.label(pen.rng), size=pen.letter * 0.8, room=w * 0.95, tall=h * 0.2)


def _word_cloud(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Words of many sizes packed in rows, the biggest near the middle."""
    x, y = pen.centre
    row_y, row = y, 0
    while abs(row_y - y) < pen.height * 0.46:
        near = 1 - abs(row_y - y) / (pen.height * 0.5)
        size = pen.height * (0.06 + 0.12 * near * plan.uniform(0.5, 1.0))
        span = pen.width * (0.25 + 0.7 * near**0.5)
        tx = x - span / 2
        while tx < x + span / 2:
            word = words.label(pen.rng).split()[-1].lower()
            letter = max(8, round(size * plan.uniform(0.45, 1.0) / 6) * 6)
            colour = pen.style.ink if pen.style.fill(0) == pen.style.paper else pen.style.fill(plan.randrange(8))
            pen.text(tx, row_y + plan.uniform(-0.1, 0.1) * size, word, colour, size=letter, anchor="lm", heading=True)
            tx += len(word) * letter * 0.55 + letter * 0.4
        row += 1
        row_y = y + (row + 1) // 2 * size * 0.95 * (1 if row % 2 else -1)


KINDS = (
    Kind(
        (
            "solar system",
            "planets of the solar system",
            "diagram of the solar system",
            "sun and planets",
            "planets orbiting the sun",
        ),
        _solar_system,
        says=("the sun with its planets", "astronomy: planets around the sun"),
        counts=(4, 8),
        counted=("planets",),
        forms={"orbits": ("with orbits", "on their orbits"), "row": ("in a row", "lined up")},
        aspect=(1.0, 1.9),
        palettes=(OWN,),
        dark=0.75,
        topical=False,
    ),
    Kind(
        ("periodic table", "periodic table of the elements", "table of chemical elements", "chart of the elements"),
        _periodic_table,
        says=("all chemical elements in their grid", "chemistry chart with a square for each element"),
        aspect=(1.4, 2.0),
        palettes=("one", MANY, MANY, MANY, LINES),
        topical=False,
    ),
    Kind(
        ("seating plan", "seating chart", "seat map", "table plan"),
        _seating,
        says=("where everybody sits",),
        counts=(4, 9),
        forms={
            "rows": ("with rows of seats", "of a theatre", "facing a stage"),
            "tables": ("with round tables", "of a banquet"),
        },
        aspect=(0.9, 1.7),
        topical=False,
    ),
    Kind(
        (
            "labelled picture",
            "labelled illustration",
            "picture with call-outs",
            "annotated diagram",
            "diagram with labelled parts",
        ),
        _labelled,
        says=("a thing with lines to the names of its parts",),
        counts=(3, 8),
        counted=("labels", "call-outs", "annotations"),
        aspect=(1.1, 1.8),
    ),
    Kind(
        ("infographic", "poster with facts and figures", "statistics infographic", "key figures with icons"),
        _infographic,
        says=("big numbers with icons and a few words", "facts in large figures with small pictures"),
        counts=(3, 6),
        counted=("figures", "numbers", "facts"),
        aspect=(0.5, 1.8),
        palettes=("one", MANY, MANY),
    ),
    Kind(
        ("icon grid", "set of icons", "icons in a grid", "collection of icons", "grid of pictograms"),
        _icon_grid,
        says=("rows of icons", "many small pictograms beside each other"),
        counts=(4, 24),
        counted=("icons", "pictograms", "symbols"),
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("word cloud", "tag cloud", "cloud of words", "wordle"),
        _word_cloud,
        says=("words in many sizes, packed together", "frequent words in larger letters"),
        aspect=(1.0, 1.9),
        palettes=("one", MANY, MANY, MANY, LINES),
    ),
)
