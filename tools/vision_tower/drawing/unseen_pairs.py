"""Whether something tells of, or is, one of the colour-shape pairs that the benchmark asks for."""

from __future__ import annotations

import re
import unicodedata

from tools.vision_tower.drawing import colours
from tools.vision_tower.drawing.scenes.spec import HELD_OUT_PAIRS, SHAPES, Pair

_COLOURS = {name: name for name in colours.NAMES} | {"gray": "grey", "violet": "purple", "turquoise": "teal"}
_SHAPES = {name: name for name in SHAPES} | {
    "disc": "circle",
    "disk": "circle",
    "dot": "circle",
    "round": "circle",
    "circular": "circle",
    "tile": "square",
    "triangular": "triangle",
    "pyramid": "triangle",
    "warning": "triangle",
    "rectangular": "rectangle",
    "box": "rectangle",
    "ellipse": "oval",
    "elliptical": "oval",
    "rhombus": "diamond",
    "plus": "cross",
    "hexagonal": "hexagon",
    "honeycomb": "hexagon",
    "pentagonal": "pentagon",
    "moon": "crescent",
    "hoop": "ring",
    "semicircular": "semicircle",
    "trapezium": "trapezoid",
}
"""Words for a shape, 'warning' for its sign; each has its plural too."""


def told_pairs(text: str) -> set[Pair]:
    """Held-out pairs whose colour and shape the text names, wherever in it and with whichever word for them.

    An emoji counts as its Unicode name. A star on green is no green star, but counts as one: better a drawing less.
    """
    text = "".join(char if char.isascii() else f" {unicodedata.name(char, '')} " for char in text).lower()
    words = re.findall("[a-z]+", text.replace("blue-green", "teal").replace("half-", "semi").replace("half ", "semi"))
    named = {_COLOURS[word] for word in words if word in _COLOURS}
    if not named:
        return set()
    forms = (form for word in words for form in (word, word.removesuffix("s"), word.removesuffix("es")))
    shapes = {_SHAPES[form] for form in forms if form in _SHAPES}
    return {(colour, shape) for colour, shape in HELD_OUT_PAIRS if colour in named and shape in shapes}
