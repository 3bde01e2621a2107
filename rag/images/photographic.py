"""Photograph or drawing? From the pixels alone: photographs have many colours and hardly two pixels alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

MAX_STEP = 2
"""Levels of 255 by which neighbours may differ that one colour was meant for: what JPEG leaves on an even ground."""
GREY_LEVELS = 3.0
"""Mean distance of a pixel's channels up to which a picture is grey."""
GREY_NATS = 1.7
"""Times the entropy: a grey picture can have 3.5 nats at most, a coloured one of this size 8 and more."""
EVEN_WEIGHT = 1.0
DRAWN, TAKEN = 2.4, 4.0
"""Up to the one a picture counts as drawn, from the other on as taken. 98 of 100 drawings of `tools.vision_tower` are
below the one, and when they are worn, grainy and saved as JPEG, below the other; docs/decisions/042-photographs.md."""


def photographic(small: Image) -> float:
    """How much a picture is like a photograph: 0 for drawings, charts, pages and screens, 1 for photographs.

    Args:
        small: RGB, resized to about 224 px a side.
    """
    score = _signs(np.asarray(small))
    return float(np.clip((score - DRAWN) / (TAKEN - DRAWN), 0.0, 1.0))


def _signs(pixels: NDArray[np.uint8]) -> float:
    """Entropy of the colours in nats, less the share of even pixels, weighted."""
    levels = pixels.astype(np.int16)
    steps = [np.abs(np.diff(levels, axis=axis)).max(axis=2) for axis in (0, 1)]
    even = float(np.mean([(step <= MAX_STEP).mean() for step in steps]))
    coarse = levels >> 3
    codes = (coarse[..., 0] << 10) | (coarse[..., 1] << 5) | coarse[..., 2]
    shares = np.unique(codes, return_counts=True)[1] / codes.size
    nats = -float((shares * np.log(shares)).sum())
    is_grey = float((levels.max(axis=2) - levels.min(axis=2)).mean()) <= GREY_LEVELS
    return nats * (GREY_NATS if is_grey else 1.0) - EVEN_WEIGHT * even
