"""Which pictures of a result are shown, and how large they are."""

import io

import numpy as np
from PIL import Image

from rag.errors import AssetError
from rag.serve.mcp.pictures import MAX_BYTES, MAX_SIDE_PX, show
from rag.types import Record


def picture(name, kind="image"):
    return Record(name, "d", "a.png", kind, "", {"asset": name})


def noise(name):
    """A photograph at its worst: nothing in it can be compressed."""
    pixels = np.random.default_rng(len(name)).integers(0, 256, (900, 1200, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def test_pictures_keep_below_the_limit_of_clients():
    shown = show([(n, picture("a" * n)) for n in (1, 2, 3, 4)], noise)
    assert shown.left_out
    assert sorted([*shown.jpegs, *shown.left_out]) == [1, 2, 3, 4]
    assert 0 < sum(map(len, shown.jpegs.values())) <= MAX_BYTES
    assert all(max(Image.open(io.BytesIO(data)).size) == MAX_SIDE_PX for data in shown.jpegs.values())


def test_a_picture_that_is_gone_or_broken_is_said_and_the_others_are_shown():
    def asset(name):
        if name == "gone":
            raise AssetError("it is gone")
        return b"GIF89a broken" if name == "broken" else noise(name)

    shown = show([(1, picture("gone")), (2, picture("broken")), (3, picture("good"))], asset)
    assert list(shown.jpegs) == [3]
    assert shown.number_of(3) == 1
    assert shown.number_of(1) is None
    assert shown.notes[0].text == "the picture of source 1 cannot be shown: it is gone"
    assert "source 2 cannot be shown" in shown.notes[1].text


def test_passages_have_no_picture():
    assert show([(1, picture("a", kind="text"))], noise).jpegs == {}
