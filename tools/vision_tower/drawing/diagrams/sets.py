"""Parts and wholes: Venn diagrams, pyramids, funnels, matrices, onions, Sankey diagrams."""

from __future__ import annotations

from math import cos, pi, sin
from random import Random

from PIL import Image, ImageDraw

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen
from tools.vision_tower.drawing.drafting.style import LINES, MANY


def _venn(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Circles that overlap, see-through; text in each and sometimes where they meet."""
    x, y = pen.centre
    radius = min(pen.width / (3.6 if spec.count < 4 else 3.9), pen.height / (2.2 if spec.count == 2 else 3.5))
    away = radius * plan.uniform(0.55, 0.68)
    turn = pi if spec.count == 2 else -pi / 2 if plan.random() < 0.75 else pi / 2
    spots = [
        (x + away * cos(turn + 2 * pi * i / spec.count), y + away * sin(turn + 2 * pi * i / spec.count))
        for i in range(spec.count)
    ]
    if spec.colour != LINES:
        mask = Image.new("L", pen.image.size, 0)
        for i, (cx, cy) in enumerate(spots):
            ImageDraw.Draw(mask).ellipse((cx - radius, cy - radius, cx + radius, cy + radius), 150)
            pen.image.paste(pen.style.fill(i), mask=mask)
            mask.paste(0, (0, 0, *mask.size))
    outlined = pen.style.outlined or spec.colour == LINES
    for i, (cx, cy) in enumerate(spots):
        if outlined:
            pen.ellipse(cx, cy, radius, radius, None, pen.style.edge(i))
        out = 1.45
        pen.text(x + (cx - x) * out * 1.15, y + (cy - y) * out * 1.15, words.label(pen.rng), room=radius * 0.9)
    if plan.random() < 0.7:
        pen.text(x, y, words.short(pen.rng), heading=True)


def _pyramid(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Slices of a triangle, its tip up or down."""
    half, tall, gap = min(pen.width * 0.48, pen.height * 0.75), pen.height, pen.rng.choice((0, 0.04, 0.1))
    x = pen.centre[0] - (pen.width * 0.12 if pen.width > pen.height * 1.4 else 0)
    blunt = 0.25 if spec.kind == "funnel diagram" else 0.0
    for i in range(spec.count):
        upper, lower = i / spec.count, (i + 1 - gap) / spec.count
        if spec.kind == "funnel diagram" or spec.form == "inverted":
            wide, narrow = 1 - upper * (1 - blunt), 1 - lower * (1 - blunt)
        else:
            wide, narrow = upper, lower
        y0, y1 = pen.top + upper * tall, pen.top + lower * tall
        points = [(x - half * wide, y0), (x + half * wide, y0), (x + half * narrow, y1), (x - half * narrow, y1)]
        fill = pen.style.fill(i)
        pen.polygon(points, fill, pen.style.edge(i) if pen.style.outlined else pen.style.paper)
        middle = (y0 + y1) / 2
        if pen.width > pen.height * 1.4:
            side = x + half * (wide + narrow) / 2
            pen.line([(side, middle), (x + half * 1.05, middle)])
            pen.text(x + half * 1.1, middle, words.label(pen.rng), anchor="lm")
        else:
            pen.text(
                x, middle, words.label(pen.rng), pen.style.ink_on(fill), room=half * (wide + narrow) * 0.8, tall=y1 - y0
            )


def _onion(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Circles in circles, with one centre or one foot."""
    x, y = pen.centre
    radius, nested = pen.unit * 0.47, spec.form == "nested"
    for i in range(spec.count):
        r = radius * (1 - i / spec.count)
        cy = y + (radius - r if nested else 0)
        fill = pen.style.fill(i)
        if len(pen.style.fills) == 1:
            fill = mix(fill, pen.style.paper, 0.5 * (i % 2) + 0.1 * i)
        pen.ellipse(x, cy, r, r, fill, pen.style.edge(i) if pen.style.outlined else pen.style.paper)
        pen.text(x, cy - r + radius / spec.count / 2, words.label(pen.rng), pen.style.ink_on(fill), room=r)


def _matrix(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Two by two fields with a letter or words each, or axes with dots."""
    if spec.form == "axes":
        _quadrants(pen, plan)
        return
    gap = pen.unit * pen.rng.choice((0, 0.015, 0.04))
    swot = plan.random() < 0.5
    for i in range(4):
        x, y = pen.at(0.25 + 0.5 * (i % 2), 0.25 + 0.5 * (i // 2))
        w, h = pen.width / 2 - gap, pen.height / 2 - gap
        pen.node(x, y, w, h, i, "box")
        ink = pen.style.ink_on(pen.style.fill(i))
        pen.text(
            x,
            y - h * 0.3,
            "SWOT"[i] if swot else words.label(pen.rng),
            ink,
            size=pen.letter * (2 if swot else 1.2),
            heading=True,
        )
        for k in range(plan.randint(1, 4)):
            pen.text(
                x - w * 0.42,
                y - h * 0.05 + k * pen.letter * 1.2,
                f"• {words.label(pen.rng)}",
                ink,
                size=pen.letter * 0.8,
                anchor="lm",
            )


def _quadrants(pen: Pen, plan: Random) -> None:
    x, y = pen.centre
    if pen.style.outlined:
        for i in range(4):
            box = (*pen.at(0.5 * (i % 2), 0.5 * (i // 2)), *pen.at(0.5 + 0.5 * (i % 2), 0.5 + 0.5 * (i // 2)))
            pen.canvas.rectangle(box, mix(pen.style.fill(i), pen.style.paper, 0.65))
    for end in ((pen.left, y), (pen.right, y), (x, pen.top), (x, pen.bottom)):
        pen.arrow([(x, y), end])
    for i in range(plan.randint(4, 14)):
        px, py = pen.at(plan.uniform(0.06, 0.94), plan.uniform(0.06, 0.94))
        size = pen.unit * 0.04
        pen.node(px, py, size, size, i, "circle")
        if i < 6:
            pen.text(px, py - size, words.label(pen.rng), size=pen.letter * 0.75)


def _sankey(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Bands that flow from bars on the left to bars on the right, each as thick as its share."""
    n_left, n_right = spec.count, plan.randint(2, 5)
    flows = [[plan.random() ** 2 + 0.05 for _ in range(n_right)] for _ in range(n_left)]
    total = sum(map(sum, flows))
    bar, spare = pen.width * 0.035, 0.25 * pen.height
    tall = pen.height - spare
    x0, x1 = pen.left + pen.width * 0.12, pen.right - pen.width * 0.12
    heights = [sum(row[k] for row in flows) / total * tall for k in range(n_right)]
    rights = [pen.top + sum(heights[:k]) + spare * k / max(1, n_right - 1) for k in range(n_right)]
    for k in range(n_right):
        pen.canvas.rectangle(
            (x1, rights[k], x1 + bar, rights[k] + heights[k]), mix(pen.style.ink, pen.style.paper, 0.3)
        )
        pen.text(
            x1 + bar * 1.4,
            rights[k] + heights[k] / 2,
            words.label(pen.rng).split()[0],
            anchor="lm",
            size=pen.letter * 0.9,
        )
    y = pen.top
    for i, row in enumerate(flows):
        start = y
        for k, share in enumerate(row):
            thick = share / total * tall
            _band(pen, (x0 + bar, y), (x1, rights[k]), thick, mix(pen.style.fill(i), pen.style.paper, 0.45))
            y, rights[k] = y + thick, rights[k] + thick
        pen.canvas.rectangle((x0, start, x0 + bar, y), pen.style.fill(i), pen.style.edge(i))
        pen.text(x0 - bar * 0.4, (start + y) / 2, words.label(pen.rng).split()[0], anchor="rm", size=pen.letter * 0.9)
        y += spare / max(1, n_left - 1)


def _band(
    pen: Pen, start: tuple[float, float], end: tuple[float, float], thick: float, fill: tuple[int, int, int]
) -> None:
    (x0, y0), (x1, y1) = start, end
    upper = []
    for k in range(13):
        t = k / 12
        upper.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * t * t * (3 - 2 * t)))
    edge = mix(fill, pen.style.ink, 0.25) if pen.style.outlined else None
    pen.canvas.polygon([*upper, *((x, y + thick) for x, y in reversed(upper))], fill, edge)


KINDS = (
    Kind(
        ("Venn diagram", "diagram of overlapping circles", "set diagram", "Euler diagram"),
        _venn,
        says=("overlapping circles", "circles that overlap in the middle", "what two or three sets have in common"),
        counts=(2, 3),
        counted=("circles", "sets", "overlapping circles"),
        palettes=("one", MANY, MANY, MANY, LINES),
    ),
    Kind(
        ("pyramid diagram", "pyramid chart", "hierarchy pyramid", "triangle diagram with levels"),
        _pyramid,
        says=("a triangle cut into levels",),
        counts=(3, 7),
        counted=("levels", "layers"),
        forms={"up": (), "upright": ("with its tip at the top",), "inverted": ("upside down", "pointing down")},
        aspect=(0.8, 1.9),
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("funnel diagram", "funnel chart", "sales funnel", "conversion funnel"),
        _pyramid,
        says=("stages that get narrower to the bottom",),
        counts=(3, 7),
        counted=("stages", "levels"),
        aspect=(0.8, 1.9),
        palettes=("one", MANY, MANY),
    ),
    Kind(
        ("concentric circles", "onion diagram", "concentric diagram", "circles inside circles", "stacked Venn diagram"),
        _onion,
        says=("circles within circles", "rings around a core"),
        counts=(3, 6),
        counted=("circles", "rings"),
        forms={"centred": ("with one centre", "like a target"), "nested": ("that touch at the bottom",)},
        aspect=(0.8, 1.6),
    ),
    Kind(
        ("matrix diagram", "two by two matrix", "quadrant diagram", "2x2 matrix", "SWOT matrix"),
        _matrix,
        says=("four fields, two by two", "four quadrants"),
        forms={
            "fields": ("with four boxes", "of four fields"),
            "axes": ("with two axes that cross", "with dots in the quadrants"),
        },
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("Sankey diagram", "alluvial diagram", "flow diagram with bands", "sankey chart"),
        _sankey,
        says=(
            "bands that flow from left to right, as thick as their amounts",
            "curved bands between bars on both sides",
        ),
        counts=(2, 6),
        counted=("sources",),
        aspect=(1.1, 2.0),
        palettes=("one", MANY, MANY, MANY),
    ),
)
