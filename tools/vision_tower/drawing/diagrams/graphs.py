"""Nodes and edges: networks, neural networks, molecules, class and entity diagrams."""

from __future__ import annotations

from itertools import pairwise
from math import cos, hypot, pi, sin
from random import Random

from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, ring
from tools.vision_tower.drawing.drafting.style import LINES, MANY, OWN


def _spread(plan: Random, n_nodes: int) -> list[Point]:
    """Places in the unit square that keep their distance: the farthest of some lots, one after the other."""
    spots = [(plan.random(), plan.random())]
    while len(spots) < n_nodes:
        lots = [(plan.random(), plan.random()) for _ in range(7)]
        spots.append(max(lots, key=lambda p: min(hypot(p[0] - q[0], p[1] - q[1]) for q in spots)))
    return spots


def _clustered(plan: Random, n_nodes: int, n_clusters: int) -> list[Point]:
    """Node `i` lies near the centre of cluster `i % n_clusters`."""
    centres = ring(0.5, 0.5, 0.3, 0.3, n_clusters, plan.uniform(0, 6))
    away = 0.4 / n_clusters
    return [
        (centres[i % n_clusters][0] + plan.gauss(0, away) * 0.6, centres[i % n_clusters][1] + plan.gauss(0, away) * 0.6)
        for i in range(n_nodes)
    ]


def _edges(plan: Random, spots: list[Point], more: float) -> list[tuple[int, int]]:
    """Every node joined to the nearest one before it, and `more` per node to near ones."""
    edges = []
    for i, (x, y) in enumerate(spots):
        near = sorted(range(len(spots)), key=lambda j: (spots[j][0] - x) ** 2 + (spots[j][1] - y) ** 2)[1:6]
        before = [j for j in near if j < i] or [max(0, i - 1)]
        edges.append((before[0], i))
        if near and plan.random() < more:
            edges.append((i, plan.choice(near)))
    return sorted({(min(edge), max(edge)) for edge in edges if edge[0] != edge[1]})


def _network(pen: Pen, spec: Diagram, plan: Random) -> None:
    n_clusters = plan.randint(2, 4) if spec.form == "clusters" else 0
    n_nodes = max(spec.count, 5 * n_clusters)
    if spec.form == "hub":
        spots = [(0.5, 0.5), *ring(0.5, 0.5, 0.42, 0.42, n_nodes - 1, plan.uniform(0, 6))]
        edges = [(0, i) for i in range(1, n_nodes)]
    else:
        spots = _clustered(plan, n_nodes, n_clusters) if n_clusters else _spread(plan, n_nodes)
        edges = _edges(plan, spots, 0.9)
    size = pen.unit * min(0.2, 0.62 / n_nodes**0.6) * pen.rng.uniform(0.8, 1.15)
    pen.shrink(size / 2, size / 2, size / 2, size / 2)
    places = [pen.at(u, v) for u, v in spots]
    faint = mix(pen.style.ink, pen.style.paper, pen.rng.uniform(0, 0.5))
    for i, j in edges:
        _edge(pen, places[i], places[j], size, faint, arrow=spec.form == "arrows")
    shape = pen.rng.choice(("circle", "circle", "circle", "box"))
    labelled = pen.rng.random() < 0.6 and n_nodes < 15
    degrees = [sum(i in edge for edge in edges) for i in range(n_nodes)]
    by_degree = pen.rng.random() < 0.3
    for i, (x, y) in enumerate(places):
        grown = size * (0.6 + 0.14 * min(6, degrees[i])) if by_degree else size
        pen.node(
            x, y, grown, grown, i % n_clusters if n_clusters else i, shape, words.short(pen.rng) if labelled else ""
        )


def _edge(pen: Pen, start: Point, end: Point, size: float, colour: tuple[int, int, int], *, arrow: bool) -> None:
    (x0, y0), (x1, y1) = start, end
    far = hypot(x1 - x0, y1 - y0)
    if not arrow or far < size * 1.3:
        pen.line([start, end], colour)
        return
    share = size * 0.53 / far
    pen.arrow(
        [(x0 + (x1 - x0) * share, y0 + (y1 - y0) * share), (x1 - (x1 - x0) * share, y1 - (y1 - y0) * share)], colour
    )


def _neural_network(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Columns of neurons, each joined to all of the next column."""
    sizes = [plan.randint(2, 6) for _ in range(spec.count)]
    size = min(pen.height / max(sizes) * 0.72, pen.width / spec.count * 0.5)
    columns = [
        [pen.at((i + 0.5) / spec.count, 0.5 + (k - (n - 1) / 2) / max(sizes)) for k in range(n)]
        for i, n in enumerate(sizes)
    ]
    faint = mix(pen.style.ink, pen.style.paper, pen.rng.uniform(0.2, 0.6))
    for left, right in pairwise(columns):
        for start in left:
            for end in right:
                pen.canvas.line([start, end], faint, max(1, pen.thick // 2))
    for i, column in enumerate(columns):
        for x, y in column:
            pen.node(x, y, size, size, i, "circle")


def _molecule(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Rings of six on a honeycomb with tails; as sticks or as balls and sticks."""
    n_rings = plan.randint(1, 3)
    bond = min(pen.width / (n_rings * 1.75 + 2.6), pen.height / 4.6)
    x0, y0 = pen.centre[0] - (n_rings - 1) * bond * 0.87, pen.centre[1]
    balls = spec.form == "balls"
    colour, thick = pen.style.ink, max(pen.thick, round(bond * (0.11 if balls else 0.05)))
    atoms: list[tuple[Point, int]] = []
    for k in range(n_rings):
        corners = ring(x0 + k * bond * 1.732, y0, bond, bond, 6, pi / 6)
        pen.line([*corners, corners[0]], colour, thick)
        if not balls:
            inner = ring(x0 + k * bond * 1.732, y0, bond * 0.78, bond * 0.78, 6, pi / 6)
            for i in range(0, 6, 2):
                pen.line([inner[i], inner[i + 1]], colour, thick)
        atoms += [(corner, 0) for corner in corners]
        for i in (1, 4) if k else (1, 2, 3, 4):
            if plan.random() < 0.6:
                angle = pi / 6 + i * pi / 3
                x, y = corners[i]
                tail = (x + bond * cos(angle), y + bond * sin(angle))
                pen.line([corners[i], tail], colour, thick)
                atoms.append((tail, plan.randint(1, 3)))
    for (x, y), element in atoms:
        if balls:
            _ball(pen, x, y, bond * (0.32 if element == 0 else 0.25), element)
        elif element:
            pen.ellipse(x, y, pen.letter * 0.7, pen.letter * 0.7, pen.style.paper)
            pen.text(x, y, ("", "OH", "N", "O")[element], size=pen.letter * 1.1)


def _ball(pen: Pen, x: float, y: float, radius: float, element: int) -> None:
    """An atom in the colours chemists use: carbon dark, hydrogen pale, oxygen red, nitrogen blue."""
    colour = ((70, 70, 75), (235, 235, 235), (215, 35, 30), (50, 80, 220))[element]
    pen.canvas.ellipse((x - radius, y - radius, x + radius, y + radius), colour, (40, 40, 40))
    shine = radius * 0.3
    x, y = x - radius * 0.3, y - radius * 0.3
    pen.canvas.ellipse((x - shine, y - shine, x + shine, y + shine), mix(colour, (255, 255, 255), 0.6))


def _class_diagram(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Boxes with a name and lists of fields, joined by lines; entities of a database look alike."""
    n_columns = 2 if spec.count < 5 else 3
    n_rows = -(-spec.count // n_columns)
    w, h = pen.width / n_columns * pen.rng.uniform(0.6, 0.72), pen.height / n_rows * pen.rng.uniform(0.62, 0.75)
    spots = [pen.at((i % n_columns + 0.5) / n_columns, (i // n_columns + 0.5) / n_rows) for i in range(spec.count)]
    for i in range(1, spec.count):
        (x, y), (tx, ty) = spots[i], spots[i - n_columns] if i >= n_columns and plan.random() < 0.6 else spots[i - 1]
        path = (
            [(x, y), (x, ty), (tx, ty)]
            if ty == y or plan.random() < 0.5
            else [(x, y), (x, (y + ty) / 2), (tx, (y + ty) / 2), (tx, ty)]
        )
        pen.line(path, dashed=plan.random() < 0.2)
        if spec.kind == "class diagram" and ty < y:
            pen.polygon(
                [(tx, ty + h / 2), (tx - 6, ty + h / 2 + 9), (tx + 6, ty + h / 2 + 9)], pen.style.paper, pen.style.ink
            )
    for i, (x, y) in enumerate(spots):
        _record(pen, x, y, w, h, i, plan.randint(2, 5))


def _record(pen: Pen, x: float, y: float, w: float, h: float, index: int, n_fields: int) -> None:
    fill, ink = pen.style.fill(index), pen.style.edge(index) if pen.style.outlined else pen.style.ink
    left, top = x - w / 2, y - h / 2
    head = min(h * 0.3, pen.letter * 1.8)
    whole = pen.style.paper if pen.style.rounded else mix(fill, pen.style.paper, 0.6)
    pen.canvas.rectangle((left, top, x + w / 2, y + h / 2), whole, ink, pen.thick)
    pen.canvas.rectangle((left, top, x + w / 2, top + head), fill, ink, pen.thick)
    pen.text(x, top + head / 2, words.label(pen.rng), pen.style.ink_on(fill), room=w * 0.9, tall=head)
    row = (h - head) / n_fields
    size = min(pen.letter * 0.85, row * 0.8)
    for k in range(n_fields):
        pen.text(
            left + pen.thick * 2,
            top + head + row * (k + 0.5),
            words.label(pen.rng).replace(" ", "_").lower(),
            pen.style.ink_on(whole),
            size=size,
            anchor="lm",
            room=w,
        )
    if n_fields > 3:
        pen.line([(left, top + head + row * 2), (x + w / 2, top + head + row * 2)], ink)


def _entities(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Chen's notation: boxes, diamonds for relations, ellipses for attributes."""
    if spec.form == "tables":
        _class_diagram(pen, spec, plan)
        return
    y = pen.centre[1]
    step = pen.width / spec.count
    w, h = step * 0.42, min(step * 0.4, pen.height * 0.16)
    pen.line([(pen.left + step / 2, y), (pen.right - step / 2, y)])
    for i in range(spec.count):
        x = pen.left + step * (i + 0.5)
        for k in range(plan.randint(1, 4)):
            ax, ay = x + (k % 2 - 0.5) * step * 0.52, y + (1 if k > 1 else -1) * pen.height * plan.uniform(0.25, 0.4)
            pen.line([(x, y), (ax, ay)])
            pen.node(ax, ay, w, h * 0.8, 1, "ellipse", words.label(pen.rng).split()[0])
        pen.node(x, y, w, h, 0, "box", words.label(pen.rng).split()[-1])
        if i:
            pen.node(x - step / 2, y, step * 0.4, h, 2, "diamond", words.label(pen.rng).split()[0])


def _sequence(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Participants with life lines, and messages from one to the other, in time downwards."""
    step, head = pen.width / spec.count, min(pen.height * 0.13, pen.letter * 2.4)
    lives = [pen.left + step * (i + 0.5) for i in range(spec.count)]
    for i, x in enumerate(lives):
        pen.line([(x, pen.top + head), (x, pen.bottom)], dashed=True)
        pen.node(x, pen.top + head / 2, step * 0.72, head, i, "box", words.role(pen.rng))
    n_messages = plan.randint(4, 9)
    first, step_y = pen.top + head * 1.7, (pen.height - head * 2) / n_messages
    here = 0
    for k in range(n_messages):
        there = plan.choice([i for i in range(spec.count) if i != here])
        y = first + step_y * k
        if plan.random() < 0.35:
            bar = step * 0.05
            pen.canvas.rectangle(
                (lives[there] - bar, y, lives[there] + bar, y + step_y * 1.2), pen.style.fill(there), pen.style.ink
            )
        pen.arrow([(lives[here], y), (lives[there], y)], dashed=there < here)
        pen.text((lives[here] + lives[there]) / 2, y - pen.letter * 0.55, words.label(pen.rng), size=pen.letter * 0.8)
        here = there


KINDS = (
    Kind(
        ("network diagram", "graph of nodes and edges", "network graph", "node-link diagram", "network of nodes"),
        _network,
        says=("nodes joined by edges", "dots joined by lines, a network", "a graph with vertices and edges"),
        counts=(4, 34),
        counted=("nodes",),
        forms={
            "plain": (),
            "arrows": ("with arrows", "with directed edges"),
            "clusters": ("with clusters", "with groups of nodes"),
            "hub": ("with a hub in the middle", "shaped like a star"),
        },
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("neural network diagram", "neural network", "artificial neural network", "multilayer perceptron"),
        _neural_network,
        says=("columns of circles, each joined to all of the next column",),
        counts=(3, 5),
        counted=("layers",),
        aspect=(1.0, 1.9),
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("molecule", "chemical structure", "structural formula", "chemical compound", "molecular structure"),
        _molecule,
        says=("hexagonal rings of atoms and bonds", "chemistry: atoms joined by bonds"),
        forms={
            "sticks": ("as a skeletal formula", "drawn with lines and letters"),
            "balls": ("as a ball-and-stick model", "of balls and sticks"),
        },
        palettes=(OWN,),
        topical=False,
    ),
    Kind(
        ("class diagram", "UML class diagram", "UML diagram", "object model diagram"),
        _class_diagram,
        says=("boxes with names and lists of fields, joined by lines", "classes of a program and how they relate"),
        counts=(2, 8),
        counted=("classes", "boxes"),
        palettes=("one", LINES, LINES, MANY),
    ),
    Kind(
        ("entity relationship diagram", "ER diagram", "entity-relationship model", "database schema", "data model"),
        _entities,
        says=("tables of a database and how they relate", "entities and their relations"),
        counts=(2, 4),
        counted=("entities",),
        forms={
            "tables": ("with tables", "as tables with fields"),
            "ellipses": ("with diamonds and ellipses", "in Chen notation"),
        },
        aspect=(1.1, 2.0),
        palettes=("one", LINES, MANY),
    ),
    Kind(
        ("sequence diagram", "UML sequence diagram", "message sequence chart", "interaction diagram"),
        _sequence,
        says=("messages as arrows between vertical dashed lines", "who sends which message to whom, in time"),
        counts=(2, 6),
        counted=("participants", "life lines", "actors"),
        palettes=("one", LINES, LINES, MANY),
    ),
)
