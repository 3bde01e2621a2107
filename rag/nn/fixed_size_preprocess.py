"""The pixels of a vision tower whose folder asks for the plainest steps: squashed to a fixed size, nothing cut off.

Read from the JSON file itself, so that transformers need not be imported.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from PIL.Image import Resampling
from pydantic import Field

from rag.nn.clip_preprocess import ClipPreprocess
from rag.nn.model_folder import ConfigFile, read_config, read_json

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors

_FILE = "preprocessor_config.json"
_SidePx = Annotated[int, Field(gt=0, le=4096)]
_Mean = Annotated[float, Field(ge=-255, le=255)]
_Std = Annotated[float, Field(ge=1e-6, le=255)]


class _Size(ConfigFile):
    height: _SidePx
    width: _SidePx


class _Settings(ConfigFile):
    size: _Size
    resample: Resampling
    rescale_factor: float = Field(gt=0, le=1)
    image_mean: tuple[_Mean, _Mean, _Mean]
    image_std: tuple[_Std, _Std, _Std]


def is_fixed_size(folder: Path) -> bool:
    """Whether its `preprocessor_config.json` asks for just these steps: a fixed size, and nothing cut off."""
    asked = read_json(folder / _FILE)
    steps = all(asked.get(step) is True for step in ("do_resize", "do_rescale", "do_normalize"))
    whole = asked.get("do_center_crop") is False  # the processor's default is to crop
    size = asked.get("size")
    fixed = isinstance(size, dict) and size.keys() == {"height", "width"}
    return steps and whole and fixed and asked.keys() >= _Settings.model_fields.keys()


class FixedSizePreprocess:
    """As the `preprocessor_config.json` of a folder says that `is_fixed_size`.

    Raises:
        ModelError: a value in it is out of bounds.
    """

    def __init__(self, folder: Path) -> None:
        asked = read_config(folder / _FILE, _Settings)
        self.size_px, self.resample = (asked.size.width, asked.size.height), asked.resample
        self._pixels = ClipPreprocess(
            self.size_px,
            resample=asked.resample,
            rescale=asked.rescale_factor,
            mean=asked.image_mean,
            std=asked.image_std,
        )

    def __call__(self, images: Sequence[Image]) -> Vectors:
        """(n, 3, height_px, width_px) float32. `images` are RGB, of any size; Pillow's resize is antialiased."""
        return np.stack([self._pixels(image) for image in images])
