"""What branches: tree diagrams, organisation charts, decision trees, family trees, mind maps, fishbones."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import cos, pi, sin
from random import Random

from tools.vision_tower.drawing.diagrams.flow import ACROSS, DOWN
from tools.vision_tower.drawing.drafting import words
from tools.vision_tower.drawing.drafting.kinds import Diagram, Kind
from tools.vision_tower.drawing.drafting.pen import Pen, Point, bent
from tools.vision_tower.drawing.drafting.style import LINES, MANY


@dataclass(slots=True)
class _Node:
    depth: int
    below: list[_Node] = field(default_factory=list)
    place: float = 0.0
    """Across the tree, in leaves."""


def _grow(plan: Random, n_levels: int, widest: int, depth: int = 0) -> _Node:
    """A tree whose leftmost path has `n_levels` levels; the others may end before."""
    node = _Node(depth)
    if depth + 1 < n_levels:
        n_below = plan.randint(2, widest if depth == 0 else 3 if depth == 1 else 2)
        for i in range(n_below):
            deeper = n_levels if i == 0 or plan.random() < 0.65 else depth + 2
            node.below.append(_grow(plan, deeper, widest, depth + 1))
    return node


def _settle(node: _Node, n_leaves: int = 0) -> int:
    """Gives every node its place over its children; returns the number of leaves so far."""
    if not node.below:
        node.place = n_leaves + 0.5
        return n_leaves + 1
    for child in node.below:
        n_leaves = _settle(child, n_leaves)
    node.place = (node.below[0].place + node.below[-1].place) / 2
    return n_leaves


def _walk(node: _Node) -> list[_Node]:
    return [node, *(each for child in node.below for each in _walk(child))]


@dataclass(frozen=True, slots=True)
class _Look:
    """How a tree is drawn."""

    inner: str
    leaf: str
    elbow: bool
    arrows: bool = False
    labels: bool = True


def _paint_tree(pen: Pen, root: _Node, n_levels: int, look: _Look, *, across: bool) -> None:
    n_leaves = _settle(root)
    length, breadth = (pen.width, pen.height) if across else (pen.height, pen.width)
    along, wide = length / n_levels, breadth / n_leaves
    shapes = {look.inner, look.leaf}
    if shapes <= {"circle"}:
        size = min(wide * 0.75, along * 0.55, pen.unit * 0.16)
        w = h = size
    else:
        along_size = along * pen.rng.uniform(0.4, 0.62)
        wide_size = min(wide * pen.rng.uniform(0.78, 0.92), along_size * (1.2 if across else 3.5))
        w, h = (along_size, wide_size) if across else (wide_size, along_size)

    def spot(node: _Node) -> Point:
        return pen.at(node.place / n_leaves, (node.depth + 0.5) / n_levels, across=across)

    for node in _walk(root):
        for child in node.below:
            _branch(pen, spot(node), spot(child), (w, h), look, across=across)
    for node in _walk(root):
        x, y = spot(node)
        shape = look.inner if node.below else look.leaf
        label = (words.short(pen.rng) if shape == "circle" else words.label(pen.rng)) if look.labels else ""
        pen.node(x, y, w, h, node.depth, shape, label)


def _branch(pen: Pen, start: Point, end: Point, size: Point, look: _Look, *, across: bool) -> None:
    (x0, y0), (x1, y1), (w, h) = start, end, size
    if across:
        x0, x1 = x0 + w / 2, x1 - w / 2
        path = [(x0, y0), ((x0 + x1) / 2, y0), ((x0 + x1) / 2, y1), (x1, y1)]
    else:
        y0, y1 = y0 + h / 2, y1 - h / 2
        path = [(x0, y0), (x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2), (x1, y1)]
    if not look.elbow:
        path = [path[0], path[-1]]
    if look.arrows:
        pen.arrow(path)
    else:
        pen.line(path)


def _tree(pen: Pen, spec: Diagram, plan: Random) -> None:
    shape = "circle" if "circles" in spec.form else "box"
    look = _Look(
        shape, shape, elbow=pen.rng.random() < 0.3, arrows=pen.rng.random() < 0.25, labels=pen.rng.random() < 0.8
    )
    _paint_tree(pen, _grow(plan, spec.count, 3), spec.count, look, across="across" in spec.form)


def _organisation(pen: Pen, spec: Diagram, plan: Random) -> None:
    look = _Look("box", "box", elbow=True, labels=False)
    root = _grow(plan, spec.count, 4)
    _paint_tree(pen, root, spec.count, look, across=False)
    n_leaves = _settle(root)
    photos = pen.rng.random() < 0.2
    for node in _walk(root):
        x, y = pen.at(node.place / n_leaves, (node.depth + 0.5) / spec.count)
        ink, room = pen.style.ink_on(pen.style.fill(node.depth)), pen.width / n_leaves * 0.75
        pen.text(x, y - pen.letter * 0.5, words.role(pen.rng), ink, room=room)
        pen.text(
            x, y + pen.letter * 0.6, words.person(pen.rng), ink, size=pen.letter * 0.8, room=room, tall=pen.letter * 1.1
        )
        if photos:
            pen.ellipse(
                x, y - pen.height / spec.count * 0.3, pen.unit * 0.03, pen.unit * 0.03, pen.style.edge(node.depth), ink
            )


def _decision_tree(pen: Pen, spec: Diagram, plan: Random) -> None:
    look = _Look("diamond" if spec.form == "diamonds" else "ellipse", "box", elbow=False, arrows=pen.rng.random() < 0.6)
    root = _grow(plan, spec.count, 2)
    across = pen.width > pen.height * 1.4 and pen.rng.random() < 0.5
    _paint_tree(pen, root, spec.count, look, across=across)
    n_leaves = _settle(root)
    for node in _walk(root):
        for child, answer in zip(node.below, ("yes", "no", "else"), strict=False):
            spots = [
                pen.at(each.place / n_leaves, (each.depth + 0.5) / spec.count, across=across) for each in (node, child)
            ]
            (x0, y0), (x1, y1) = spots
            pen.text((x0 + x1) / 2 + pen.letter, (y0 + y1) / 2, answer, size=pen.letter * 0.8)


def _family_tree(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Couples of a square and a circle (or two boxes), their children below."""
    pedigree = spec.form == "pedigree"
    along = pen.height / spec.count
    couples = [0.5]
    for row in range(spec.count):
        y = pen.top + along * (row + 0.5)
        spread = pen.width / (len(couples) + 0.4)
        size = min(along * 0.42, spread * 0.3)
        below: list[float] = []
        for u in couples:
            x, gap = pen.left + u * pen.width, size * 0.85
            last = row == spec.count - 1
            pen.line([(x - gap, y), (x + gap, y)])
            if not last:
                children = (
                    [u + (k - 0.5) * 0.5 ** (row + 1) for k in range(2)] if plan.random() < 0.8 or row == 0 else [u]
                )
                _descent(pen, x, y, [pen.left + child * pen.width for child in children], y + along - size * 0.5)
                below += children
            for side, shape in ((-1, "box"), (1, "circle" if pedigree else "box")):
                pen.node(
                    x + side * gap,
                    y,
                    size * (1 if pedigree else 1.5),
                    size,
                    0 if side < 0 else 1,
                    shape,
                    "" if pedigree else words.person(pen.rng),
                )
        couples = below


def _descent(pen: Pen, x: float, y: float, children: list[float], below: float) -> None:
    bar = (y + below) / 2
    pen.line([(x, y), (x, bar)])
    for child in children:
        pen.line([(x, bar), (child, bar), (child, below)])


def _mind_map(pen: Pen, spec: Diagram, plan: Random) -> None:
    x, y = pen.centre
    rx, ry, turn = pen.width * 0.3, pen.height * 0.34, plan.uniform(0, 2 * pi)
    thick = pen.thick * pen.rng.choice((1, 2, 4))
    shape = pen.rng.choice(("pill", "box", "ellipse"))
    for i in range(spec.count):
        angle = turn + 2 * pi * i / spec.count
        bx, by = x + rx * cos(angle), y + ry * sin(angle)
        colour = pen.style.edge(i)
        pen.line(bent((x, y), (bx, by), plan.uniform(-0.15, 0.15)), colour, thick)
        side = 1 if cos(angle) > 0 else -1
        for k in range(plan.randint(0, 3)):
            tx = bx + side * pen.width * 0.15
            ty = by + (k - 1) * pen.height * 0.08
            pen.line(bent((bx, by), (tx, ty), 0.1, 5), colour, thick / 2)
            pen.text(tx, ty, words.label(pen.rng), size=pen.letter * 0.75, anchor="lm" if side > 0 else "rm")
        pen.node(bx, by, pen.width * 0.19, pen.height * 0.11, i, shape, words.label(pen.rng))
    pen.node(
        x,
        y,
        pen.width * 0.26,
        pen.height * 0.2,
        spec.count,
        pen.rng.choice(("ellipse", "pill", "circle")),
        words.label(pen.rng),
    )


def _fishbone(pen: Pen, spec: Diagram, plan: Random) -> None:
    """Causes as bones on a spine that ends in the effect."""
    y, head = pen.centre[1], pen.width * 0.16
    pen.arrow([(pen.left, y), (pen.right - head, y)], width=pen.thick * 2)
    pen.node(
        pen.right - head / 2, y, head, pen.height * 0.2, 0, pen.rng.choice(("box", "ellipse")), words.label(pen.rng)
    )
    n_pairs = (spec.count + 1) // 2
    for i in range(spec.count):
        foot = pen.left + (pen.width - head) * (i // 2 + 0.85) / n_pairs
        side = 1 if i % 2 else -1
        top = (foot - pen.width * 0.12, y + side * pen.height * 0.4)
        pen.line([top, (foot, y)])
        for k in range(plan.randint(1, 3)):
            t = (k + 1) / 4
            px, py = top[0] + (foot - top[0]) * t, top[1] + (y - top[1]) * t
            pen.line([(px - pen.width * 0.09, py), (px, py)])
            pen.text(
                px - pen.width * 0.09, py - pen.letter * 0.5, words.label(pen.rng), size=pen.letter * 0.7, anchor="lm"
            )
        pen.node(*top, pen.width * 0.16, pen.height * 0.09, i + 1, "box", words.label(pen.rng))


KINDS = (
    Kind(
        ("tree diagram", "tree", "hierarchy diagram", "tree structure", "hierarchical tree"),
        _tree,
        says=("a root that branches into ever more nodes", "a hierarchy of nodes joined by lines"),
        counts=(2, 4),
        counted=("levels",),
        forms={
            "circles": ("of circles", "with round nodes"),
            "boxes": DOWN,
            "circles across": ACROSS,
            "boxes across": ACROSS,
        },
    ),
    Kind(
        ("organisation chart", "organization chart", "org chart", "organigram", "company hierarchy chart"),
        _organisation,
        says=("who reports to whom in a company", "boxes with people and their positions in a hierarchy"),
        counts=(2, 4),
        counted=("levels", "levels of staff"),
        aspect=(1.0, 2.2),
    ),
    Kind(
        ("decision tree", "classification tree", "yes-no tree", "decision tree diagram"),
        _decision_tree,
        says=("questions that branch into yes and no down to the answers",),
        counts=(3, 4),
        counted=("levels",),
        forms={"diamonds": ("with diamonds for questions",), "ellipses": ("with ellipses for questions",)},
        aspect=(0.9, 2.0),
    ),
    Kind(
        ("family tree", "genealogy chart", "pedigree chart", "ancestry diagram", "genealogical tree"),
        _family_tree,
        says=("parents and their children over generations", "ancestors and descendants of a family"),
        counts=(2, 4),
        counted=("generations",),
        forms={"pedigree": ("with squares and circles",), "boxes": ("with names in boxes",)},
        aspect=(0.9, 1.8),
    ),
    Kind(
        ("mind map", "mindmap", "concept map", "brainstorming map", "spider diagram"),
        _mind_map,
        says=("a topic in the middle with branches to all sides", "ideas that branch off a central idea"),
        counts=(3, 9),
        counted=("branches", "main branches"),
        aspect=(1.1, 1.8),
        palettes=("one", MANY, MANY, LINES),
    ),
    Kind(
        ("fishbone diagram", "Ishikawa diagram", "cause and effect diagram", "cause-and-effect chart"),
        _fishbone,
        says=("causes as bones on a spine that leads to the effect",),
        counts=(3, 8),
        counted=("bones", "causes"),
        aspect=(1.2, 2.0),
    ),
)
