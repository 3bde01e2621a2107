"""Pages, screens and signs: what dumps of documents are full of, in many styles."""

from __future__ import annotations

from random import Random

from PIL.Image import Image

from tools.vision_tower import (
    pages_apps,
    pages_boards,
    pages_captions,
    pages_cards,
    pages_code,
    pages_covers,
    pages_display,
    pages_notation,
    pages_paperwork,
    pages_press,
    pages_screens,
    pages_tables,
    pages_text,
    pages_web,
)
from tools.vision_tower.pages_spec import Kind, Lots, PageSpec

_MODULES = (
    pages_text,
    pages_press,
    pages_covers,
    pages_tables,
    pages_paperwork,
    pages_cards,
    pages_screens,
    pages_code,
    pages_web,
    pages_apps,
    pages_display,
    pages_notation,
    pages_boards,
)
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
    return pages_captions.describe(_KINDS[spec.kind], spec, rng)
