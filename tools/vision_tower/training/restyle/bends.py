"""The same drawing in other places and proportions."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.vision_tower.training.restyle.lots import uniform

KNOTS = 4
"""A side: how many pulls in different directions a picture may get."""


def move(pixels: Tensor, chance: torch.Generator, bent: Tensor | None = None) -> Tensor:
    """Each picture a little moved, scaled, brighter or darker: an epoch never repeats the last one's pixels.

    Args:
        pixels: (n, 3, side, side) float32, normalised.
        chance: all of it.
        bent: (m,) indices of pictures that are also turned, sheared, stretched and pulled out of shape.
    """
    n = len(pixels)
    scale = 1 + 0.08 * (2 * torch.rand((n, 2), generator=chance) - 1)
    shift = 0.06 * (2 * torch.rand((n, 2), generator=chance) - 1)
    gain = 1 + 0.08 * torch.randn((n, 1, 1, 1), generator=chance)
    offset = 0.08 * torch.randn((n, 1, 1, 1), generator=chance)
    theta = torch.cat([torch.diag_embed(scale), shift[:, :, None]], dim=2).to(pixels.device)
    if bent is not None and len(bent):
        theta[bent, :, :2] = _turns(bent, chance) @ theta[bent, :, :2]
    grid = F.affine_grid(theta, list(pixels.shape), align_corners=False)
    if bent is not None and len(bent):
        grid[bent] += _pulls(bent, chance, pixels.shape[-1])
    moved = F.grid_sample(pixels, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return moved * gain.to(pixels.device) + offset.to(pixels.device)


def _turns(bent: Tensor, chance: torch.Generator) -> Tensor:
    """(m, 2, 2): turned by some degrees, sheared, wider or taller."""
    angle, shear = uniform(chance, bent, -0.12, 0.12), uniform(chance, bent, -0.12, 0.12)
    stretch = uniform(chance, bent, -0.16, 0.16)
    rows = [torch.stack([1 + stretch, shear - angle], dim=1), torch.stack([angle, 1 - stretch], dim=1)]
    return torch.stack(rows, dim=1)


def _pulls(bent: Tensor, chance: torch.Generator, side_px: int) -> Tensor:
    """(m, side, side, 2) in a grid's units, where 2 is the picture's side: some pixels of 128, 4 or 5 at most."""
    knots = uniform(chance, bent, -0.06, 0.06, 2, KNOTS, KNOTS) * uniform(chance, bent, 0.2, 1, 1, 1, 1)
    return F.interpolate(knots, size=(side_px, side_px), mode="bicubic").permute(0, 2, 3, 1)
