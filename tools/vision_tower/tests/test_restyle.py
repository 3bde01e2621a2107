"""Drawings in other manners: still the same thing, and no colour changes that a caption names."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from tools.vision_tower.drawing.families import SHARES
from tools.vision_tower.training.restyle import MANNERS, Restyle, binds_colours, move
from tools.vision_tower.training.restyle.strokes import cut, edges, line_drawn, outlined, spread, thickened
from tools.vision_tower.training.restyle.tones import posterised, recoloured, reground, two_inks

RED_BOX = torch.ones(1, 3, 128, 128)
RED_BOX[:, 1:, 40:90, 40:90] = 0.1
N_ITEMS = 200


def _chance(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _restyled(family: str, caption: str, seed: int = 0) -> tuple[Tensor, Tensor]:
    """The red box as both drawings of `N_ITEMS` things."""
    restyle = Restyle([family] * N_ITEMS, [caption] * 2 * N_ITEMS)
    return restyle(RED_BOX.repeat(2 * N_ITEMS, 1, 1, 1), np.arange(N_ITEMS), _chance(seed))


def _colour_inside(pixels: Tensor) -> Tensor:
    return pixels[:, :, 60:70, 60:70].mean(dim=(2, 3))


def test_every_family_has_its_manner() -> None:
    assert set(MANNERS) == set(SHARES)


@pytest.mark.parametrize("family", MANNERS)
def test_a_named_colour_stays(family: str) -> None:
    pixels, _ = _restyled(family, "a red box")
    assert torch.allclose(_colour_inside(pixels), _colour_inside(RED_BOX), atol=1e-6)


def test_a_colour_that_nobody_names_changes_often() -> None:
    pixels, _ = _restyled("pictograms", "a box")
    changed = ((_colour_inside(pixels) - _colour_inside(RED_BOX)).abs().amax(dim=1) > 0.1).float().mean()
    assert 0.25 < changed < 0.6


@pytest.mark.parametrize(
    "caption", ["a Red box", "mostly blue", "flag: Peru", "a dark theme", "in many colours", "gray"]
)
def test_captions_about_colour_bind(caption: str) -> None:
    assert binds_colours(caption)


@pytest.mark.parametrize("caption", ["a line chart", "a hundred boxes", "lightning", "shredder, scared", "pinky"])
def test_words_that_only_contain_a_colour_do_not_bind(caption: str) -> None:
    assert not binds_colours(caption)


def test_one_caption_of_two_binds_both_drawings() -> None:
    restyle = Restyle(["pictograms"] * N_ITEMS, ["a box", "a red box"] * N_ITEMS)
    pixels, _ = restyle(RED_BOX.repeat(2 * N_ITEMS, 1, 1, 1), np.arange(N_ITEMS), _chance())
    assert torch.allclose(_colour_inside(pixels), _colour_inside(RED_BOX), atol=1e-6)


def test_the_same_lots_make_the_same_pictures() -> None:
    (one, bent), (same, bent_too), (other, _) = (_restyled("maps", "a box", seed) for seed in (1, 1, 2))
    assert torch.equal(one, same)
    assert torch.equal(bent, bent_too)
    assert not torch.equal(one, other)
    assert torch.equal(move(one, _chance(), bent), move(same, _chance(), bent))


def test_the_two_drawings_of_a_thing_get_manners_of_their_own() -> None:
    pixels, _ = _restyled("pictograms", "a box")
    styled = (pixels != RED_BOX).flatten(1).any(dim=1).view(-1, 2)
    assert (styled[:, 0] != styled[:, 1]).float().mean() > 0.2


def test_pages_and_scenes_are_left_alone_more_often_than_pictograms() -> None:
    shares = {
        family: (_restyled(family, "a box")[0] != RED_BOX).flatten(1).any(dim=1).float().mean() for family in MANNERS
    }
    assert max(shares["pages"], shares["scenes"]) < min(shares["pictograms"], shares["maps"]) - 0.1


@pytest.mark.parametrize("how", [cut, line_drawn, outlined, posterised, recoloured, reground, thickened, two_inks])
def test_every_manner_gives_a_picture_in_which_the_box_is_seen(how) -> None:
    more = {"most_degrees": 180.0} if how is recoloured else {}
    pixels = how(RED_BOX.repeat(32, 1, 1, 1), _chance(), **more)
    assert pixels.shape == (32, 3, 128, 128)
    assert pixels.min() >= -1e-5
    assert pixels.max() <= 1 + 1e-5
    at_its_side = pixels[:, :, 60, 34:46]
    assert (at_its_side.amax(dim=2) - at_its_side.amin(dim=2)).amax(dim=1).min() > 0.1


@pytest.mark.parametrize("window_px", [2, 3, 4])
def test_spread_is_the_maximum_of_a_window(window_px: int) -> None:
    dot = torch.zeros(1, 1, 9, 9)
    dot[0, 0, 4, 4] = 1
    assert spread(dot, window_px).sum() == window_px**2


def test_edges_are_as_wide_as_told_and_faint_drawings_have_them_too() -> None:
    for contrast in (1.0, 0.3):
        step = torch.zeros(1, 3, 16, 16)
        step[..., 8:] = contrast
        assert [edges(step, _chance(), w)[0, 0, 8].round().sum().item() for w in (2, 3, 4)] == [1, 2, 3]


def test_only_the_bent_are_bent() -> None:
    pixels = torch.rand(6, 3, 128, 128, generator=_chance())
    straight, bent = move(pixels, _chance(3)), move(pixels, _chance(3), torch.tensor([1, 4]))
    assert [not torch.equal(a, b) for a, b in zip(straight, bent, strict=True)] == [
        False,
        True,
        False,
        False,
        True,
        False,
    ]
