"""What systems are made of: block diagrams and stacks of layers."""

from __future__ import annotations

import itertools
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen


def _blocks(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Components in rows, joined from row to row, some rows in a frame."""
    n_rows = 1 if spec.count < 3 else 2 if spec.count < 5 else 3
    per_row = [spec.count // n_rows + (i < spec.count % n_rows) for i in range(n_rows)]
    w, h = pen.width / max(per_row) * pen.rng.uniform(0.6, 0.78), pen.height / n_rows * pen.rng.uniform(0.45, 0.6)
    spots = [[pen.at((i + 0.5) / n, (row + 0.5) / n_rows) for i in range(n)] for row, n in enumerate(per_row)]
    if plan.random() < 0.4:
        y = spots[-1][0][1]
        box = (pen.left, y - h * 0.72, pen.right, y + h * 0.72)
        pen.canvas.rectangle(box, mix(pen.style.paper, pen.style.ink, 0.07), pen.style.ink, 1)
    for row in spots:
        for (x0, y0), (x1, _) in itertools.pairwise(row):
            if plan.random() < 0.55:
                pen.arrow([(x0 + w / 2, y0), (x1 - w / 2, y0)])
    for upper, lower in itertools.pairwise(spots):
        for x, y in lower:
            fx, fy = plan.choice(upper)
            bend = (y + fy) / 2
            pen.arrow([(fx, fy + h / 2), (fx, bend), (x, bend), (x, y - h / 2)])
    for i, (x, y) in enumerate(spot for row in spots for spot in row):
        if plan.random() < 0.15:
            _cylinder(pen, x, y, w * 0.7, h, i)
        else:
            pen.node(x, y, w, h, i, "box", words.label(pen.rng))


def _cylinder(pen: Pen, x: float, y: float, w: float, h: float, index: int) -> None:
    """What stands for a database."""
    fill, edge, lid = pen.style.fill(index), pen.style.edge(index), h * 0.13
    pen.ellipse(x, y + h / 2 - lid, w / 2, lid, fill, edge)
    pen.canvas.rectangle((x - w / 2, y - h / 2 + lid, x + w / 2, y + h / 2 - lid), fill)
    for side in (-w / 2, w / 2):
        pen.line([(x + side, y - h / 2 + lid), (x + side, y + h / 2 - lid)], edge)
    pen.ellipse(x, y - h / 2 + lid, w / 2, lid, mix(fill, pen.style.paper, 0.3), edge)


def _layers(pen: Pen, spec: Diagram, plan: Random) -> None:
    """A stack of wide bars, each with some parts."""
    tall = pen.height / spec.count
    for i in range(spec.count):
        y = pen.top + tall * (i + 0.5)
        pen.node(pen.centre[0], y, pen.width, tall * 0.84, i, "box")
        n_parts, w = plan.randint(1, 5), pen.width
        for k in range(n_parts):
            x = pen.left + w * (k + 0.5) / n_parts
            if n_parts > 1:
                paler = mix(pen.style.fill(i), pen.style.paper, 0.5)
                box = (x - w * 0.42 / n_parts, y - tall * 0.26, x + w * 0.42 / n_parts, y + tall * 0.26)
                pen.canvas.rectangle(box, paler, pen.style.edge(i))
                pen.text(x, y, words.label(pen.rng), pen.style.ink_on(paler), room=w * 0.8 / n_parts, tall=tall * 0.5)
            else:
                pen.text(x, y, words.label(pen.rng), pen.style.ink_on(pen.style.fill(i)), size=pen.letter * 1.2)


KINDS = (
    Kind(
        ("block diagram", "system architecture diagram", "architecture diagram", "component diagram", "system diagram"),
        _blocks,
        says=("components of a system as blocks, joined by arrows", "how the parts of a system are connected"),
        counts=(4, 11),
        counted=("blocks", "components"),
        aspect=(0.9, 2.0),
    ),
    Kind(
        ("layer diagram", "layered architecture diagram", "technology stack", "software layers", "stack of layers"),
        _layers,
        says=("wide bars on top of each other, the layers of a system",),
        counts=(3, 6),
        counted=("layers", "levels", "tiers"),
        aspect=(0.9, 2.0),
    ),
)
