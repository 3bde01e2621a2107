"""The same drawing in other colours. All pixels are (n, 3, height, width) float32 in [0, 1]."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from tools.vision_tower.training.restyle.lots import happens, uniform

LUMA = (0.299, 0.587, 0.114)


def recoloured(pixels: Tensor, chance: torch.Generator, *, most_degrees: float) -> Tensor:
    """Hues turned about the grey axis, paler or stronger; one in twelve turned to its negative. Greys stay grey."""
    angle = uniform(chance, pixels, -1, 1) * math.radians(most_degrees)
    strength = uniform(chance, pixels, 0.2, 1.5)
    eye, third = torch.eye(3, device=pixels.device), torch.full((3, 3), 1 / 3, device=pixels.device)
    cross = torch.tensor([[0.0, -1, 1], [1, 0, -1], [-1, 1, 0]], device=pixels.device) / math.sqrt(3)
    cos, sin = (f(angle)[:, None, None] for f in (torch.cos, torch.sin))
    matrix = third + strength[:, None, None] * (cos * (eye - third) + sin * cross)
    negative = happens(chance, pixels, 1 / 12, 1, 1).float()
    turned = (1 - 2 * negative) * matrix @ pixels.flatten(2) + negative
    return turned.clamp_(0, 1).view_as(pixels)


def two_inks(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Every tone a mixture of a dark and a light one: greys, sepia, blueprints; one in five printed white on dark."""
    ink, paper = ink_and_paper(pixels, chance)
    return ink + (paper - ink) * luma(pixels)


def reground(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """What is as its corners are gets another tone, about as light as before."""
    ground = pixels[:, :, [0, 0, -1, -1], [0, -1, 0, -1]].median(dim=2).values[:, :, None, None]
    of_ground = (1 - (pixels - ground).abs().amax(dim=1, keepdim=True) / 0.15).clamp_(0, 1)
    tint = uniform(chance, pixels, 0, 0.35, 3, 1, 1)
    light = (luma(ground) > 0.5).float()
    return (pixels + of_ground * tint * (1 - 2 * light)).clamp_(0, 1)


def posterised(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Shades flattened to 3 to 6 levels a channel."""
    steps = torch.randint(2, 6, (len(pixels), 1, 1, 1), generator=chance).to(pixels.device)
    return (pixels * steps).round_() / steps


def luma(pixels: Tensor) -> Tensor:
    """(n, 1, height, width)."""
    return (pixels * torch.tensor(LUMA, device=pixels.device).view(3, 1, 1)).sum(dim=1, keepdim=True)


def ink_and_paper(pixels: Tensor, chance: torch.Generator, *, swapped: float = 0.2) -> tuple[Tensor, Tensor]:
    """Two colours a picture, (n, 3, 1, 1) each: a dark and a light one, the other way round in the share `swapped`."""
    tinted = happens(chance, pixels, 0.5, 1, 1, 1).float()
    dark = uniform(chance, pixels, 0, 0.15, 1, 1, 1) + tinted * uniform(chance, pixels, 0, 0.35, 3, 1, 1)
    light = 1 - uniform(chance, pixels, 0, 0.06, 1, 1, 1) - tinted * uniform(chance, pixels, 0, 0.25, 3, 1, 1)
    swap = happens(chance, pixels, swapped, 1, 1, 1)
    return torch.where(swap, light, dark), torch.where(swap, dark, light)
