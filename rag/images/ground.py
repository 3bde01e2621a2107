"""On which ground a picture with transparent parts is shown: words must not vanish on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHITE, GREY, DARK = (255, 255, 255), (128, 128, 128), (24, 24, 24)
_LIGHT, _SHADE = 200, 90
"""Luminance of 255 from which something vanishes on white, and up to which it vanishes on dark ground."""
_LEAST_CLEAR = 0.1
"""Of the picture: where less is transparent, nothing is drawn on the ground: rounded corners, a cut-out edge."""
_SAMPLE_ROWS = 512


def flattened(layer: Image.Image) -> Image.Image:
    """The picture as RGB on white; on a dark ground where what borders on the transparent parts is light.

    White words and lines on transparent ground (logos and diagrams for dark pages) would be white on white. Where both
    light and dark things border on it, the ground is grey and both are seen.

    Args:
        layer: RGBA.
    """
    ground = Image.new("RGB", layer.size, _ground(layer))
    ground.paste(layer, mask=layer.getchannel("A"))
    return ground


def _ground(layer: Image.Image) -> tuple[int, int, int]:
    if layer.height > _SAMPLE_ROWS:  # whole rows: strokes keep their width
        layer = layer.resize((layer.width, _SAMPLE_ROWS), Image.Resampling.NEAREST)
    pixels = np.asarray(layer)
    clear = pixels[:, :, 3] < 32
    if clear.mean() < _LEAST_CLEAR:
        return WHITE
    seen = ~clear & _beside(clear)
    n_seen = int(seen.sum())
    if not n_seen:
        return WHITE
    light = pixels[seen][:, :3].astype(np.float32) @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    lost_on_white, lost_on_dark = float((light > _LIGHT).mean()), float((light < _SHADE).mean())
    if lost_on_white < 0.5:
        return WHITE
    return DARK if lost_on_dark < 0.05 else GREY


def _beside(clear: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(height, width) bool: pixels within two of a clear one in their row, so that soft edges count by their core."""
    near = np.zeros_like(clear)
    for shift in (1, 2):
        near[:, shift:] |= clear[:, :-shift]
        near[:, :-shift] |= clear[:, shift:]
    return near
