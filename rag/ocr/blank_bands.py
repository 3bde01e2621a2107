"""Blank bands taken out of a picture before its words are looked for.

The detector of PP-OCR weighs the whole picture: it misses a single line on an otherwise empty page. Of short texts at
random places of empty pages it found 84 %, without the blank bands 100 %, in less time; charts gave the same lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEPT_PX = 24
"""Of a blank band, on each side that has something beside it."""

_BLANK_LEVELS = 16
"""A row or column is blank when its lightest and darkest value differ by less, of 255."""


def without_blanks(pixels: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.intp], NDArray[np.intp]]:
    """The picture without its blank rows and columns, but for a margin of `KEPT_PX` px around what is there.

    Args:
        pixels: (height, width, 3) uint8.

    Returns:
        The smaller picture (of height 0 if all is blank), and for each of its columns and rows the x and y where it
        was.
    """
    xs, ys = _kept(pixels, axis=0), _kept(pixels, axis=1)
    if len(xs) == pixels.shape[1] and len(ys) == pixels.shape[0]:
        return pixels, xs, ys
    return np.ascontiguousarray(pixels[ys][:, xs]), xs, ys


def _kept(pixels: NDArray[np.uint8], axis: int) -> NDArray[np.intp]:
    """Columns (axis 0) or rows (axis 1) to keep."""
    lightest, darkest = pixels.max(axis=(axis, 2)).astype(int), pixels.min(axis=(axis, 2)).astype(int)
    used = np.flatnonzero(lightest - darkest >= _BLANK_LEVELS)
    near = np.zeros(len(lightest) + 1, dtype=int)  # +1 where a margin begins, -1 behind its end
    np.add.at(near, np.maximum(used - KEPT_PX, 0), 1)
    np.add.at(near, np.minimum(used + KEPT_PX + 1, len(lightest)), -1)
    return np.flatnonzero(np.cumsum(near[:-1]) > 0)
