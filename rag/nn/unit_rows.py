"""Rows of numbers to vectors of length one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rag.errors import ModelError

if TYPE_CHECKING:
    from rag.types import Vectors


def unit_rows(rows: Vectors) -> Vectors:
    """(n, dim) float32, each row L2-normalised; a row of zeros stays one."""
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vectors = (rows / np.maximum(norms, 1e-12)).astype(np.float32, copy=False)
    return unit


def require_numbers(vectors: Vectors) -> None:
    """Raises ModelError where a value is NaN or infinite."""
    if not np.isfinite(vectors).all():
        raise ModelError("the image model makes vectors with NaN in them: its weights or its preprocessing are broken")
