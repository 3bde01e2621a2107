"""Pictures to the input of a vision model: resized, the middle cut out, rescaled, normalised.

What transformers' Pillow processors do, in less time: a channel has 256 values, so rescaling and
normalising is looked up, and nothing is resized only to be cut off.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL.Image import Resampling

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors

_LONG = 16
"""Ratio of sides from which on a picture is never scaled whole: 1 x 10,000 would become 224 x 2,240,000."""

_STEPS = ("process_image", "_preprocess", "resize", "center_crop", "rescale", "normalize")


class ClipPreprocess:
    """One picture to one array.

    Squashed pictures get the values of transformers bit for bit. Cut ones may differ by one of 255 levels in rare
    pixels: Pillow keeps the box to resize from in single precision.

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

    def __call__(self, image: Image) -> Vectors:
        """(3, height_px, width_px) float32 of an RGB picture of any size."""
        small = np.asarray(self._cut(image) if self._shorter_px else image.resize(self.size_px, self._resample))
        out: Vectors = np.empty((3, *small.shape[:2]), np.float32)
        for channel, table in enumerate(self._tables):
            np.take(table, small[..., channel], out=out[channel], mode="clip")
        return out

    def _cut(self, image: Image) -> Image:
        """The middle of the scaled picture; the rest is only scaled where that is the way to the same pixels."""
        shorter = min(image.size)
        width, height = (int(self._shorter_px * side / shorter) for side in image.size)
        left, top = (width - self.size_px[0]) // 2, (height - self.size_px[1]) // 2
        right, bottom = left + self.size_px[0], top + self.size_px[1]
        if shorter < self._shorter_px and max(width, height) <= _LONG * self._shorter_px:
            # Pillow orders its two passes by their cost, and each rounds: of an enlarged picture that can be seen.
            return image.resize((width, height), self._resample).crop((left, top, right, bottom))
        x, y = image.width / width, image.height / height
        return image.resize(self.size_px, self._resample, box=(left * x, top * y, right * x, bottom * y))


def pixels_like(processor: Any) -> ClipPreprocess | None:
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
    return ClipPreprocess(
        (size["width"], size["height"]),
        shorter_px=shorter_px,
        resample=Resampling(processor.resample),
        rescale=processor.rescale_factor,
        mean=processor.image_mean,
        std=processor.image_std,
    )
