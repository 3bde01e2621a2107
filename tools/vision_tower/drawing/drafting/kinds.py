"""Kinds of diagrams: what can be told of each, and the picture around the thing itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from PIL.Image import Image

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.colours import mix
from tools.vision_tower.drawing.drafting import style as drafting_style
from tools.vision_tower.drawing.drafting import words as drafting_words
from tools.vision_tower.drawing.drafting.pen import Pen
from tools.vision_tower.drawing.drafting.style import LINES, MANY, OWN


@dataclass(frozen=True, slots=True)
class Diagram:
    """What a drawing shows, and all that a caption may tell."""

    kind: str
    count: int
    """Of what the kind counts: boxes, levels, circles."""
    colour: str
    """A colour's name, or several, lines only, or the thing's own (`drafting.style`)."""
    form: str
    """One of the kind's forms."""
    dark: bool
    legend: bool
    topic: str
    """Of its title, which is the kind's name where nobody would write more; empty without a title."""
    plan: int
    """Seed of its structure: how a tree branches, where a coast runs. The same in every style."""


Painter: TypeAlias = Callable[[Pen, Diagram, Random], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """How a kind is called, drawn and varied."""

    names: tuple[str, ...]
    """The first is the kind's name, the others are synonyms."""
    paint: Painter
    """Draws into the pen's frame; its last argument is the generator of the structure, the pen's that of the style."""
    says: tuple[str, ...] = ()
    """Phrases without the name that are true of every drawing of the kind."""
    counts: tuple[int, int] = (0, 0)
    counted: tuple[str, ...] = ()
    """Plural nouns of what is counted; empty when nobody would count."""
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"": ()})
    """Form: phrases that follow the name, as in "from left to right"."""
    aspect: tuple[float, float] = (0.75, 1.9)
    """Width over height, from and to."""
    palettes: tuple[str, ...] = ("one", "one", MANY, LINES)
    dark: float = 0.12
    """Share on a dark background."""
    legend: float = 0.0
    """Share with a legend, which the painter draws."""
    topical: bool = True
    """Whether it is drawn about any topic; a molecule is not."""
    sparse: bool = False
    """Whether only lines or dots are coloured, and no areas."""


def imagine(kinds: Sequence[Kind], rng: Random) -> Diagram:
    """One of the kinds, all equally likely, in any of its forms and palettes."""
    kind = rng.choice(kinds)
    colour = rng.choice(kind.palettes)
    topics = drafting_words.TOPICS if kind.topical else kind.names
    return Diagram(
        kind=kind.names[0],
        count=rng.randint(*kind.counts),
        colour=rng.choice(colours.CHROMATIC) if colour == "one" else colour,
        form=rng.choice(tuple(kind.forms)),
        dark=rng.random() < kind.dark,
        legend=rng.random() < kind.legend,
        topic=rng.choice(topics) if rng.random() < (0.55 if kind.topical else 0.3) else "",
        plan=rng.getrandbits(32),
    )


def draw(kind: Kind, spec: Diagram, rng: Random) -> Image:
    """The picture: title, margins, ornaments, and the thing itself in what is left."""
    style = drafting_style.by_lot(rng, spec.colour, dark=spec.dark)
    pen = Pen(_size(kind.aspect, rng, spec.form), style, rng)
    _ground(pen)
    margin = rng.uniform(0.02, 0.1) * pen.unit
    pen.shrink(margin, margin, margin, margin)
    if spec.topic:
        _title(pen, drafting_words.title(spec.topic, rng) if kind.topical else spec.topic.capitalize())
    if rng.random() < 0.25:
        _source(pen)
    kind.paint(pen, spec, Random(spec.plan))
    return pen.image


def _size(aspect: tuple[float, float], rng: Random, form: str) -> tuple[int, int]:
    """Pixels; what runs across gets a picture that is not tall, what runs down one that is not wide."""
    ratio = rng.uniform(*aspect) * rng.uniform(0.85, 1.15)
    if "across" in form:
        ratio = max(ratio, 1 / ratio)
    elif "down" in form:
        ratio = min(ratio, 1.25)
    side = rng.randint(280, 460)  # of the square with the same area
    return min(640, max(200, round(side * ratio**0.5))), min(640, max(200, round(side / ratio**0.5)))


def _ground(pen: Pen) -> None:
    """A frame around the picture or squared paper, sometimes."""
    lot, faint = pen.rng.random(), mix(pen.style.paper, pen.style.ink, 0.12)
    width, height = pen.image.size
    if lot < 0.12:
        pen.canvas.rectangle((0, 0, width - 1, height - 1), None, pen.style.ink, pen.thick)
    elif lot < 0.17:
        step = max(8, width // pen.rng.randint(12, 30))
        for x in range(step, width, step):
            pen.canvas.line((x, 0, x, height), faint)
        for y in range(step, height, step):
            pen.canvas.line((0, y, width, y), faint)


def _title(pen: Pen, words: str) -> None:
    size = min(pen.letter * pen.rng.uniform(1.1, 1.9), pen.width / (0.58 * len(words)))
    lot, room = pen.rng.random(), size * 1.6
    if lot < 0.15:
        y, anchor = pen.bottom - size / 2, pen.rng.choice(("lm", "mm"))
        pen.shrink(bottom=room)
    else:
        y, anchor = pen.top + size / 2, pen.rng.choice(("lm", "mm"))
        if lot > 0.85:
            band = (
                pen.style.fill(0) if pen.style.fill(0) != pen.style.paper else mix(pen.style.paper, pen.style.ink, 0.2)
            )
            pen.canvas.rectangle((0, 0, pen.image.width, pen.top + size * 1.2), band)
            pen.text(pen.left, y, words, pen.style.ink_on(band), size=size, anchor="lm", heading=True)
            pen.shrink(top=room * 1.1)
            return
        pen.shrink(top=room)
    x = pen.left if anchor == "lm" else pen.centre[0]
    pen.text(x, y, words, size=size, anchor=anchor, heading=True)


def _source(pen: Pen) -> None:
    """The small print below."""
    size = max(7, pen.letter * 0.7)
    words = f"Source: {drafting_words.place(pen.rng)} {pen.rng.randint(1990, 2025)}"
    pen.text(pen.left, pen.bottom - size / 2, words, mix(pen.style.ink, pen.style.paper, 0.4), size=size, anchor="lm")
    pen.shrink(bottom=size * 1.5)


def is_coloured(spec: Diagram) -> bool:
    """Whether the spec names a colour."""
    return spec.colour not in {LINES, MANY, OWN}
