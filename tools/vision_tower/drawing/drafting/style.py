"""How a diagram is drawn: colours, lines, letters, by lot and within what its spec says of its colours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from random import Random

from tools.vision_tower.drawing import colours, fonts
from tools.vision_tower.drawing.colours import RGB, mix

MANY, LINES, OWN = "many", "none", "own"
"""Colours of a spec besides names: several at once, lines only, and those the thing itself has (a map's sea)."""


def is_bright(colour: RGB) -> bool:
    """Whether dark letters are read better on it than light ones."""
    red, green, blue = colour
    return 0.3 * red + 0.59 * green + 0.11 * blue > 140


@dataclass(frozen=True, slots=True)
class Style:
    """Colours by index, fonts, and sizes as shares of the picture."""

    paper: RGB
    ink: RGB
    fills: tuple[RGB, ...]
    edges: tuple[RGB, ...]
    """Outline of each fill."""
    font: Path
    heading: Path
    line: float
    """Line width as a share of the picture's shorter side."""
    text: float
    """Height of letters as a share of the picture's longer side."""
    outlined: bool
    rounded: bool
    shadow: bool
    wobble: float
    """How far a hand strays, in line widths; 0 is drawn with a ruler."""
    head: str
    """Of an arrow: filled, open or thin."""

    def fill(self, index: int) -> RGB:
        """Of the thing with that index; they come round again."""
        return self.fills[index % len(self.fills)]

    def edge(self, index: int) -> RGB:
        """Outline of the thing with that index."""
        return self.edges[index % len(self.edges)]

    def ink_on(self, fill: RGB) -> RGB:
        """Black or white letters, whichever can be read."""
        if fill == self.paper:
            return self.ink
        return (25, 25, 30) if is_bright(fill) else (255, 255, 255)


def _paper(rng: Random, dark: bool) -> RGB:
    if dark:
        return mix(colours.tone("black", rng), colours.tone(rng.choice(("blue", "black", "purple", "teal")), rng), 0.18)
    lot = rng.random()
    if lot < 0.6:
        return 255, 255, 255
    if lot < 0.8:
        return mix((255, 255, 255), colours.tone(rng.choice(colours.CHROMATIC), rng), rng.uniform(0.03, 0.1))
    grey = rng.randint(232, 252)
    return grey, grey, grey - rng.choice((0, 0, 8, 14))


def _named(colour: str, rng: Random) -> list[RGB]:
    if colour == MANY:
        return [colours.tone(name, rng) for name in rng.sample(colours.CHROMATIC, rng.randint(4, 7))]
    return [colours.tone(colour, rng) for _ in range(rng.choice((1, 1, 2, 3)))]


def _paint(colour: str, paper: RGB, ink: RGB, rng: Random) -> tuple[list[RGB], list[RGB]]:
    """Fills and their outlines: strong, or pale with strong outlines."""
    if colour in {LINES, OWN}:
        return [paper], [ink]
    strong = _named(colour, rng)
    if rng.random() < 0.6:
        return strong, [mix(each, ink, 0.4) for each in strong]
    pale = rng.uniform(0.25, 0.6) * (1 if is_bright(paper) else 0.4)
    return [mix(each, paper, pale) for each in strong], strong if rng.random() < 0.6 else [ink]


def by_lot(rng: Random, colour: str, *, dark: bool) -> Style:
    """One of the ways to draw something whose colour is a name, `MANY`, `LINES` or `OWN`."""
    paper = _paper(rng, dark)
    far = (255, 255, 255) if dark else (0, 0, 0)
    ink = mix(far, paper, rng.choice((0.0, 0.1, 0.25, 0.4)))
    fills, edges = _paint(colour, paper, ink, rng)
    return Style(
        paper=paper,
        ink=ink,
        fills=tuple(fills),
        edges=tuple(edges),
        font=fonts.pick_path(rng),
        heading=fonts.pick_path(rng, plain=rng.random() < 0.85),
        line=rng.choice((0.003, 0.005, 0.007, 0.01, 0.015)),
        text=rng.uniform(0.022, 0.04),
        outlined=colour in {LINES, OWN} or rng.random() < 0.55,
        rounded=rng.random() < 0.45,
        shadow=rng.random() < 0.15,
        wobble=rng.uniform(0.5, 1.3) if rng.random() < 0.12 else 0.0,
        head=rng.choice(("filled", "filled", "open", "thin")),
    )
