"""Family of drawings: coloured shapes, alone, in relations, counted, in rows; and patterns of two colours."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from PIL import Image

from tools.vision_tower.drawing.scenes.imagine import imagine, imagine_unseen
from tools.vision_tower.drawing.scenes.paint import paint
from tools.vision_tower.drawing.scenes.pattern import paint_pattern
from tools.vision_tower.drawing.scenes.spec import HELD_OUT_PAIRS, Pattern, Scene, Spec, contents, pairs
from tools.vision_tower.drawing.scenes.vague import hint
from tools.vision_tower.drawing.scenes.words import tell

__all__ = [
    "HELD_OUT_PAIRS",
    "Pattern",
    "Scene",
    "Spec",
    "contents",
    "describe",
    "describe_fully",
    "draw",
    "imagine",
    "imagine_unseen",
    "pairs",
]

TELLING_SHARE = 0.8

_FRAMES = (
    *("{}",) * 12,
    "a picture of {}",
    "a drawing of {}",
    "an image showing {}",
    "picture with {}",
    "a graphic with {}",
    "a simple illustration of {}",
    "geometric drawing: {}",
    "here you see {}",
    "show me {}",
    "which picture shows {}?",
)


def draw(spec: Spec, rng: Random) -> Image.Image:
    """RGB, 200 to 440 pixels a side."""
    return paint(spec, rng) if isinstance(spec, Scene) else paint_pattern(spec, rng)


def describe(spec: Spec, rng: Random) -> str:
    """Four times in five every object with its colour and shape, else less."""
    say = tell if rng.random() < TELLING_SHARE else hint
    return rng.choice(_FRAMES).format(say(spec, rng.choice))


def describe_fully(spec: Spec) -> str:
    """The canonical caption: all that is in the spec, except that what is scattered is not said to be."""
    return tell(spec, _first)


def _first(wordings: Sequence[str]) -> str:
    return wordings[0]
