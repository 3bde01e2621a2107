"""Our own steps against transformers' Pillow processors."""

import numpy as np
import pytest
from PIL import Image
from transformers import CLIPImageProcessorPil, Siglip2ImageProcessorPil, SiglipImageProcessorPil

from rag.nn.clip_preprocess import pixels_like

SIZES = [(40, 30), (9, 90), (333, 200), (200, 333), (64, 64), (1, 1), (47, 31), (31, 400)]
LEVEL = 1 / 255 / 0.26
"""What one of 255 levels is after normalising, at most."""


def noise(width, height):
    return Image.fromarray(np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8))


def theirs(processor, image):
    return processor(images=[image], return_tensors="np")["pixel_values"][0]


@pytest.mark.parametrize("size", SIZES)
def test_squashed_pictures_are_equal_to_the_last_bit(size):
    processor = SiglipImageProcessorPil(size={"height": 24, "width": 40})
    np.testing.assert_array_equal(pixels_like(processor)(noise(*size)), theirs(processor, noise(*size)))


@pytest.mark.parametrize("crop", [{"height": 32, "width": 32}, {"height": 31, "width": 20}])
@pytest.mark.parametrize("size", SIZES)
def test_cut_pictures_are_equal_but_for_the_last_level(size, crop):
    processor = CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size=crop)
    ours, expected = pixels_like(processor)(noise(*size)), theirs(processor, noise(*size))
    np.testing.assert_allclose(ours, expected, atol=1.01 * LEVEL)
    assert (ours == expected).mean() > 0.99


@pytest.mark.parametrize("size", [(2, 3000), (9_000_000, 1)])
def test_a_picture_without_width_needs_no_memory_for_its_length(size):
    processor = CLIPImageProcessorPil(size={"shortest_edge": 224}, crop_size={"height": 224, "width": 224})
    assert pixels_like(processor)(Image.new("RGB", size, "red")).std(axis=(1, 2)).max() < 1e-5


@pytest.mark.parametrize(
    "processor",
    [
        Siglip2ImageProcessorPil(),
        CLIPImageProcessorPil(do_normalize=False),
        CLIPImageProcessorPil(do_resize=False),
        CLIPImageProcessorPil(do_center_crop=False),
        CLIPImageProcessorPil(size={"shortest_edge": 200}),
        CLIPImageProcessorPil(size={"shortest_edge": 224, "longest_edge": 300}),
        CLIPImageProcessorPil(do_pad=True, pad_size={"height": 300, "width": 300}),
        type("Own", (CLIPImageProcessorPil,), {"resize": lambda *args, **options: None})(),
    ],
)
def test_other_steps_are_left_to_the_processor(processor):
    assert pixels_like(processor) is None
