"""Pages, screens and signs: what dumps of documents are full of, in many styles."""

from __future__ import annotations

from random import Random

from PIL.Image import Image

from tools.vision_tower.drawing.pages import captions
from tools.vision_tower.drawing.pages.paper import (
    boards,
    cards,
    covers,
    display,
    notation,
    paperwork,
    press,
    tables,
    text,
)
from tools.vision_tower.drawing.pages.screens import apps, code, web, windows
from tools.vision_tower.drawing.pages.spec import Kind, Lots, PageSpec

_MODULES = (text, press, covers, tables, paperwork, cards, windows, code, web, apps, display, notation, boards)
_KINDS: dict[str, Kind] = {kind.names[0]: kind for module in _MODULES for kind in module.KINDS}
KINDS = tuple(_KINDS)
"""As people call them."""


def imagine(rng: Random) -> PageSpec:
    """All kinds are equally likely."""
    return _KINDS[rng.choice(KINDS)].imagine(rng)


def draw(spec: PageSpec, rng: Random) -> Image:
    """RGB, 160 to 900 pixels a side: pages upright, screens mostly wide."""
    return _KINDS[spec.kind].draw(spec, Lots.of(spec, rng))


def describe(spec: PageSpec, rng: Random) -> str:
    """A true sentence or phrase; another one at each call."""
    return captions.describe(_KINDS[spec.kind], spec, rng)
