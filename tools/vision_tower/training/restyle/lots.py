"""Chance on tensors. It all comes from a generator on the CPU, so that every device draws the same lots."""

from __future__ import annotations

import torch
from torch import Tensor


def uniform(chance: torch.Generator, like: Tensor, low: float, high: float, *shape: int) -> Tensor:
    """(len(like), *shape) float32 on the device of `like`, in [low, high)."""
    lots = torch.rand((len(like), *shape), generator=chance)
    return (low + (high - low) * lots).to(like.device)


def happens(chance: torch.Generator, like: Tensor, share: float, *shape: int) -> Tensor:
    """(len(like), *shape) bool: true in `share` of all cases."""
    return (torch.rand((len(like), *shape), generator=chance) < share).to(like.device)
