"""What a family of drawings is: things to be imagined, drawn in a style, and described in words."""

from __future__ import annotations

import hashlib
from random import Random
from typing import Protocol, TypeVar

from PIL.Image import Image

Spec = TypeVar("Spec")

HELD_OUT_SHARE = 0.02


class Family(Protocol[Spec]):
    """A module with these functions. All chance comes from the `Random` that is handed in.

    A spec is a frozen dataclass (or tuple) whose `repr` is its identity: everything that a caption may mention is in
    it. What is not (fonts, line widths, layout, background, noise, which renderer) is style, and drawn by lot in
    `draw`: two calls with one spec and two generators show the same thing twice, redrawn.
    """

    def imagine(self, rng: Random) -> Spec:
        """Something to be drawn."""

    def draw(self, spec: Spec, rng: Random) -> Image:
        """RGB, between 160 and 900 pixels a side, of any shape; some milliseconds."""

    def describe(self, spec: Spec, rng: Random) -> str:
        """A true sentence or phrase; another one at each call."""


def held_out(spec: object) -> bool:
    """Whether a thing is kept out of training: decided by its identity, so in every run and every style alike."""
    digest = hashlib.sha256(repr(spec).encode()).digest()
    return int.from_bytes(digest[:4], "big") < HELD_OUT_SHARE * 2**32
