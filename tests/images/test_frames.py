"""Pages of a TIFF and frames of an animation."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from rag.images.frames import frames, n_frames, telling_frames


def drawn(left: int) -> Image.Image:
    image = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(image).rectangle((left, 10, left + 20, 50), fill="black")
    return image


def saved(kind: str, *pictures: Image.Image) -> bytes:
    out = io.BytesIO()
    pictures[0].save(out, kind, save_all=True, append_images=pictures[1:])
    return out.getvalue()


BLANK = Image.new("RGB", (64, 64), "white")


def test_every_page_comes_with_its_number_and_can_be_begun_anywhere() -> None:
    data = saved("TIFF", drawn(0), drawn(20), drawn(40))
    assert n_frames(data) == 3
    assert [frame.number for frame in frames(data)] == [1, 2, 3]
    (second,) = frames(data, first=2, most=1)
    assert second.number == 2
    assert second.image is not None
    assert second.image.getpixel((25, 30)) == (0, 0, 0)


def test_of_an_animation_blank_frames_and_repetitions_are_left_out() -> None:
    data = saved("TIFF", BLANK, drawn(0), drawn(0), drawn(40))
    assert [frame.number for frame in telling_frames(data)] == [2, 4]
    assert [frame.number for frame in telling_frames(data, most=1)] == [2]


def test_a_picture_that_has_no_frames_is_one() -> None:
    out = io.BytesIO()
    drawn(0).save(out, "BMP")
    assert n_frames(out.getvalue()) == 1
