"""Bytes to what an image model gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.images.decode import fit, load_image

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import ImageTextEmbedder

MAX_SIDE_PX = 1024
"""Longer side of what waits for the model; none of its kind looks at more than half of that."""


def for_model(data: bytes, model: ImageTextEmbedder) -> Image:
    """The picture, RGB, no larger than the model can use.

    Raises:
        ImageError: it cannot be decoded.
    """
    return fit(load_image(data, min_side_px=model.wanted_side_px or 2 * MAX_SIDE_PX), MAX_SIDE_PX)
