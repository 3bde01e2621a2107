"""Features of a model to unit vectors, in batches that fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import torch

from rag.nn.device import CPU, Placement, in_batches
from rag.nn.unit_rows import require_numbers

if TYPE_CHECKING:
    from rag.types import Vectors

T = TypeVar("T")

BATCH = 16
"""Pictures or texts at once: the activations of more no longer fit the cache of a core."""
MOST = 256
"""The same on a GPU whose memory has room."""


def unit_vectors(
    items: Sequence[T], features: Callable[[Sequence[T]], torch.Tensor], dim: int, placement: Placement = CPU
) -> Vectors:
    """Embeds in batches that fit into memory.

    Args:
        items: pictures or texts.
        features: (n, dim) of a batch, of any length, on any device; may be called again with a part of a batch.
        dim: of the vectors.
        placement: where `features` computes.

    Returns:
        (n_items, dim) float32, rows L2-normalised.

    Raises:
        ModelError: a feature is NaN or infinite, or not even one item fits into memory.
    """

    @torch.inference_mode()
    def normalized(batch: Sequence[T]) -> Vectors:
        unit: Vectors = torch.nn.functional.normalize(features(batch).float().cpu(), dim=-1).numpy()
        return unit

    batches = in_batches(items, normalized, placement, size=BATCH, most=MOST)
    out = np.concatenate([np.empty((0, dim), np.float32), *batches])
    require_numbers(out)
    return out
