"""Pictures to the input of a vision model: resized, the middle cut out, rescaled, normalised.

What transformers' Pillow processors do, at a third of their time: a channel has 256 values, so rescaling and
normalising is looked up, and nothing is resized only to be cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL.Image import Resampling

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors

_STEPS = ("process_image", "_preprocess", "resize", "center_crop", "rescale", "normalize")


class Pixels:
    """One picture to one tensor.

    Squashed pictures get the values of transformers bit for bit. Cut ones differ by one of 255 levels in rare pixels:
    Pillow keeps the box to resize from in single precision.

    Args:
        size_px: (width, height) of the result.
        shorter_px: pictures are scaled to this shorter side and `size_px` is cut out of their middle; 0: they are
            squashed to `size_px`.
        resample: Pillow's filter.
        rescale: from levels, 0 to 255, to what `mean` and `std` mean.
        mean: of red, green, blue.
        std: of red, green, blue.
    """

    def __init__(
        self,
        size_px: tuple[int, int],
        *,
        shorter_px: int = 0,
        resample: Resampling,
        rescale: float,
        mean: Sequence[float],
        std: Sequence[float],
    ) -> None:
        self.size_px, self._shorter_px, self._resample = size_px, shorter_px, resample
        # The roundings of transformers, in their order: a product in double precision, the rest in single.
        levels = (np.arange(256, dtype=np.float64) * rescale).astype(np.float32)
        self._tables = [
            (levels - average) / spread
            for average, spread in zip(np.array(mean, np.float32), np.array(std, np.float32), strict=True)
        ]

    def __call__(self, image: Image) -> torch.Tensor:
        """(3, height_px, width_px) float32 of an RGB picture of any size."""
        box = self._box(*image.size) if self._shorter_px else None
        small = np.asarray(image.resize(self.size_px, self._resample, box=box))
        out: Vectors = np.empty((3, *small.shape[:2]), np.float32)
        for channel, table in enumerate(self._tables):
            np.take(table, small[..., channel], out=out[channel], mode="clip")
        return torch.from_numpy(out)

    def _box(self, width: int, height: int) -> tuple[float, float, float, float]:
        """(left, top, right, bottom) of what is kept, in pixels of the picture."""
        shorter, (kept_width, kept_height) = min(width, height), self.size_px
        left, right = _middle(width, int(self._shorter_px * width / shorter), kept_width)
        top, bottom = _middle(height, int(self._shorter_px * height / shorter), kept_height)
        return left, top, right, bottom


def pixels_like(processor: Any) -> Pixels | None:
    """The same steps as an image processor of transformers; None where it has others."""
    own = any(getattr(type(processor), step).__qualname__ != f"PilBackend.{step}" for step in _STEPS)
    if own or processor.do_pad or not (processor.do_resize and processor.do_rescale and processor.do_normalize):
        return None
    size, kept = dict(processor.size), dict(processor.crop_size or {})
    shorter_px = 0
    if processor.do_center_crop:
        if size.keys() != {"shortest_edge"} or size["shortest_edge"] < max(kept.values()):
            return None  # what is smaller than its frame gets a black border
        shorter_px, size = size["shortest_edge"], kept
    if size.keys() != {"height", "width"}:
        return None
    return Pixels(
        (size["width"], size["height"]),
        shorter_px=shorter_px,
        resample=Resampling(processor.resample),
        rescale=processor.rescale_factor,
        mean=processor.image_mean,
        std=processor.image_std,
    )


def _middle(side_px: int, scaled_px: int, kept_px: int) -> tuple[float, float]:
    """Where, on a side that is scaled, the middle that is kept begins and ends; in pixels before scaling."""
    first = (scaled_px - kept_px) // 2
    return first * side_px / scaled_px, (first + kept_px) * side_px / scaled_px
