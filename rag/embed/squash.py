"""Pictures to the input of a vision tower: squashed to its square, rescaled, normalised.

The same as transformers' `CLIPImageProcessor` (Pillow) does with these settings, without importing transformers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL.Image import Resampling

if TYPE_CHECKING:
    from PIL.Image import Image

_NEEDED = {"size", "resample", "rescale_factor", "image_mean", "image_std"}


def can_squash(preprocessing: Mapping[str, Any]) -> bool:
    """Whether a `preprocessor_config.json` asks for just these steps: a fixed size, and nothing cut off."""
    steps = all(preprocessing.get(step) for step in ("do_resize", "do_rescale", "do_normalize"))
    cut = preprocessing.get("do_center_crop", True)  # the processor's default
    return steps and not cut and preprocessing.keys() >= _NEEDED and preprocessing["size"].keys() == {"height", "width"}


class Squash:
    """Settings of a `preprocessor_config.json` that `can_squash`."""

    def __init__(self, preprocessing: Mapping[str, Any]) -> None:
        self.size_px: tuple[int, int] = (preprocessing["size"]["width"], preprocessing["size"]["height"])
        self._resample = Resampling(preprocessing["resample"])
        self._rescale = float(preprocessing["rescale_factor"])
        self._mean = np.array(preprocessing["image_mean"], np.float32)
        self._std = np.array(preprocessing["image_std"], np.float32)

    def __call__(self, images: Sequence[Image]) -> torch.Tensor:
        """(n, 3, height_px, width_px) float32. `images` are RGB, of any size; Pillow's resize is antialiased."""
        small = np.stack([np.asarray(image.resize(self.size_px, self._resample)) for image in images])
        pixels = (small.astype(np.float32) * self._rescale - self._mean) / self._std
        return torch.from_numpy(pixels.transpose(0, 3, 1, 2).copy())
