"""The same drawing by another pen. All pixels are (n, 3, height, width) float32 in [0, 1]."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from tools.vision_tower.training.restyle.lots import happens, uniform
from tools.vision_tower.training.restyle.tones import ink_and_paper, luma

if TYPE_CHECKING:
    from collections.abc import Callable


def spread(pixels: Tensor, window_px: int) -> Tensor:
    """The largest value in a square window. Four times as fast on a CPU as `max_pool2d`."""
    before = (window_px - 1) // 2
    after = window_px - 1 - before
    padded = F.pad(pixels, (before, after, before, after), mode="replicate")
    height, width = pixels.shape[-2:]
    across = padded[..., :width]
    for i in range(1, window_px):
        across = torch.maximum(across, padded[..., i : i + width])
    down = across[..., :height, :]
    for i in range(1, window_px):
        down = torch.maximum(down, across[..., i : i + height, :])
    return down


def edges(pixels: Tensor, chance: torch.Generator, window_px: int) -> Tensor:
    """(n, 1, height, width) in [0, 1]: where tones meet, in lines about as wide as `window_px` less one.

    Each picture's tones are told apart by a mixture of the channels of its own, so each misses other edges.
    """
    weights = uniform(chance, pixels, 0.1, 1, 1, 3)
    tones = (weights / weights.sum(dim=2, keepdim=True) @ pixels.flatten(2)).view(-1, 1, *pixels.shape[2:])
    contrast = spread(tones, window_px) + spread(-tones, window_px)
    strongest = contrast.amax(dim=(2, 3), keepdim=True).clamp_(min=0.2)  # a faint drawing has faint edges
    least = uniform(chance, pixels, 0.06, 0.25, 1, 1, 1)
    return ((contrast / strongest - least) / 0.15).clamp_(0, 1)


def outlined(pixels: Tensor, chance: torch.Generator, *, widest_px: int = 3) -> Tensor:
    """Black or nearly black lines around all that differs, one pixel to `widest_px` wide; light ones on dark ground."""

    def draw(some: Tensor, width_px: int) -> Tensor:
        ink, light = ink_and_paper(some, chance, swapped=0)
        ink = torch.where(luma(some).mean(dim=(2, 3), keepdim=True) < 0.25, light, ink)
        return some + edges(some, chance, width_px + 1) * (ink - some)

    return _by_size(pixels, chance, range(1, widest_px + 1), draw)


def line_drawn(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Nothing but the outlines, on plain paper or in light lines on dark."""

    def draw(some: Tensor, width_px: int) -> Tensor:
        ink, paper = ink_and_paper(some, chance)
        return paper + edges(some, chance, width_px + 1) * (ink - paper)

    return _by_size(pixels, chance, range(1, 3), draw)


def cut(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Like a linocut: one ink where it was dark and where tones meet."""
    ink, paper = ink_and_paper(pixels, chance)
    tones = luma(pixels)
    low, high = tones.amin(dim=(2, 3), keepdim=True), tones.amax(dim=(2, 3), keepdim=True)
    limit = low + (high - low) * uniform(chance, pixels, 0.35, 0.65, 1, 1, 1)
    inked = torch.maximum(((limit - tones) / 0.12 + 0.5).clamp_(0, 1), edges(pixels, chance, 2))
    return paper + inked * (ink - paper)


def thickened(pixels: Tensor, chance: torch.Generator) -> Tensor:
    """Dark strokes thicker by one or two pixels, or thinner; light ones the other way round."""

    def draw(some: Tensor, by_px: int) -> Tensor:
        sign = 1 - 2 * happens(chance, some, 0.5, 1, 1, 1).float()
        return some.lerp(sign * spread(sign * some, by_px + 1), uniform(chance, some, 0.5, 1, 1, 1, 1))

    return _by_size(pixels, chance, range(1, 3), draw)


def _by_size(pixels: Tensor, chance: torch.Generator, sizes_px: range, draw: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Each picture drawn in one of the sizes."""
    size = torch.randint(sizes_px.start, sizes_px.stop, (len(pixels),), generator=chance)
    out = torch.empty_like(pixels)
    for size_px in sizes_px:
        which = (size == size_px).nonzero()[:, 0].to(pixels.device)
        if len(which):
            out[which] = draw(pixels[which], size_px)
    return out
