import io

import numpy as np
import pytest
from PIL import Image

from rag.images.decode import fit, load_image
from rag.images.for_model import MAX_SIDE_PX, for_model
from tests.ingest.doubles import CornerEmbedder


class Wanting(CornerEmbedder):
    def __init__(self, wanted_side_px: int | None) -> None:
        super().__init__()
        self.wanted_side_px = wanted_side_px


def encoded(size: tuple[int, int], kind: str) -> bytes:
    coarse = np.random.default_rng(1).integers(0, 255, (12, 16, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("size", "wanted_side_px", "got"),
    [
        ((1280, 960), 448, (640, 480)),  # half is enough
        ((4000, 3000), 448, (1000, 750)),
        ((800, 600), 448, (800, 600)),  # half would be too little
        ((1280, 960), None, (1024, 768)),
    ],
)
def test_a_jpeg_is_no_larger_than_the_model_can_use(
    size: tuple[int, int], wanted_side_px: int | None, got: tuple[int, int]
) -> None:
    assert for_model(encoded(size, "JPEG"), Wanting(wanted_side_px)).size == got


@pytest.mark.parametrize("wanted_side_px", [None, 448])
@pytest.mark.parametrize(("size", "kind"), [((1280, 960), "PNG"), ((800, 600), "JPEG")])
def test_what_is_not_decoded_small_has_the_same_pixels_whatever_the_model_wants(
    size: tuple[int, int], kind: str, wanted_side_px: int | None
) -> None:
    data = encoded(size, kind)
    whole = fit(load_image(data), MAX_SIDE_PX)
    np.testing.assert_array_equal(for_model(data, Wanting(wanted_side_px)), whole)
