"""Photograph or drawing, on pictures that are one or the other by how they are made."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from rag.images.photographic import photographic

SIDE = 224


def scene(seed=0):
    """Soft blobs in many colours with a grain: what a lens and a sensor make of anything."""
    rng = np.random.default_rng(seed)
    blobs = Image.fromarray(rng.integers(0, 256, (12, 12, 3), np.uint8)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    soft = np.asarray(blobs.filter(ImageFilter.GaussianBlur(2)), np.float32)
    return Image.fromarray(np.clip(soft + rng.normal(0, 4, soft.shape), 0, 255).astype(np.uint8))


def chart():
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    for i, colour in enumerate(("steelblue", "orange", "seagreen", "firebrick")):
        draw.rectangle((20 + 50 * i, 200 - 40 * i, 55 + 50 * i, 210), fill=colour)
    draw.line((10, 210, 215, 210), fill="black")
    return image


def grainy(image, deviation):
    pixels = np.asarray(image, np.float32)
    noise = np.random.default_rng(1).normal(0, deviation, pixels.shape)
    return Image.fromarray(np.clip(pixels + noise, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("seed", range(3))
def test_many_colours_and_no_even_ground_are_a_photograph(seed):
    assert photographic(scene(seed)) == 1.0


def test_a_photograph_without_colours_is_one_too():
    assert photographic(scene().convert("L").convert("RGB")) == 1.0


def test_a_few_even_colours_are_a_drawing():
    assert photographic(chart()) == 0.0


def test_an_empty_page_is_a_drawing():
    assert photographic(Image.new("RGB", (SIDE, SIDE), "white")) == 0.0


def test_a_scan_of_a_chart_with_its_grain_is_no_photograph_yet():
    assert photographic(grainy(chart(), 4)) < 0.5
