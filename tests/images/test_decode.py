"""The decoder: what comes out is RGB, upright and on white, or an ImageError that says why."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag.errors import ImageError
from rag.images.decode import dhash, encode_webp, fit, image_size, load_image
from rag.images.mime import mime_of
from rag.search.near_duplicates import hamming

RED, GREEN, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (255, 255, 255), (0, 0, 0)
LOSSLESS = ["PNG", "BMP", "TIFF", "GIF"]
ALL = [*LOSSLESS, "JPEG", "WEBP"]


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def corner_marked(width: int = 32, height: int = 16) -> Image.Image:
    """Green with a red square in the top left corner."""
    image = Image.new("RGB", (width, height), GREEN)
    ImageDraw.Draw(image).rectangle((0, 0, 7, 7), fill=RED)
    return image


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(have - want) < 16 for have, want in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ALL)
def test_every_format_comes_out_as_the_same_rgb(kind: str) -> None:
    image = load_image(encoded(corner_marked(), kind))

    assert image.mode == "RGB"
    assert image.size == (32, 16)
    assert near(image.getpixel((2, 2)), RED)
    assert near(image.getpixel((25, 12)), GREEN)


@pytest.mark.parametrize("kind", ALL)
def test_mime_is_told_by_the_first_bytes(kind: str) -> None:
    assert mime_of(encoded(corner_marked(), kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize(
    "data", [b"", b"GIF", b"BMW is a maker of cars in Munich", b"%PDF-1.7", b"RIFF....WAVE", b"<svg/>"]
)
def test_other_bytes_are_no_picture(data: bytes) -> None:
    assert mime_of(data) is None
    with pytest.raises(ImageError, match="PNG, JPEG, WebP, GIF, BMP, TIFF"):
        load_image(data)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (32, 16), (2, 2)),
        (3, (32, 16), (29, 13)),
        (6, (16, 32), (13, 2)),
        (8, (16, 32), (2, 29)),
        (5, (16, 32), (2, 2)),
    ],
)
def test_exif_rotation_is_applied_once(
    kind: str, orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    image = load_image(encoded(corner_marked(), kind, exif=exif))

    assert image.size == size
    assert near(image.getpixel(red_at), RED)


def test_a_broken_exif_block_does_not_lose_the_picture() -> None:
    data = encoded(corner_marked(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff garbage")

    assert load_image(data).size == (32, 16)


def test_transparency_shows_white() -> None:
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    image.putpixel((0, 0), (255, 0, 0, 255))
    image.putpixel((1, 0), (0, 0, 0, 128))

    for kind in ("PNG", "WEBP", "TIFF"):
        options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
        loaded = load_image(encoded(image, kind, **options))
        assert loaded.getpixel((3, 3)) == WHITE
        assert loaded.getpixel((0, 0)) == RED
        assert loaded.getpixel((1, 0)) == (127, 127, 127)


def test_a_transparent_palette_entry_shows_white() -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([10, 20, 30, 255, 0, 0])
    image.putpixel((1, 1), 1)

    for kind in ("PNG", "GIF"):
        loaded = load_image(encoded(image, kind, transparency=0))
        assert loaded.getpixel((0, 0)) == WHITE
        assert loaded.getpixel((1, 1)) == RED


def test_a_colour_key_of_an_rgb_png_shows_white() -> None:
    loaded = load_image(encoded(corner_marked(), "PNG", transparency=GREEN))

    assert loaded.getpixel((20, 10)) == WHITE
    assert loaded.getpixel((2, 2)) == RED


def test_grey_with_alpha_and_one_bit_pictures_keep_their_tones() -> None:
    la = Image.new("LA", (2, 1), (100, 255))
    la.putpixel((1, 0), (0, 0))
    assert load_image(encoded(la, "PNG")).getpixel((0, 0)) == (100, 100, 100)
    assert load_image(encoded(la, "PNG")).getpixel((1, 0)) == WHITE

    bit = Image.new("1", (2, 1), 0)
    bit.putpixel((1, 0), 1)
    for kind in ("PNG", "TIFF", "BMP"):
        loaded = load_image(encoded(bit, kind))
        assert [loaded.getpixel((0, 0)), loaded.getpixel((1, 0))] == [BLACK, WHITE]


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk_is_not_shown_as_a_negative(kind: str) -> None:
    """Adobe's CMYK JPEGs hold inverted values, TIFFs do not."""
    image = Image.new("CMYK", (32, 32), (0, 255, 255, 0))

    assert near(load_image(encoded(image, kind)).getpixel((10, 10)), RED)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize(("top", "half"), [(65535, 32768), (4095, 2048), (1023, 512)])
def test_sixteen_bit_grey_is_scaled_and_not_clipped(kind: str, top: int, half: int) -> None:
    grey = Image.fromarray(np.array([[0, half, top]], dtype=np.uint16))

    loaded = load_image(encoded(grey, kind))

    assert [loaded.getpixel((x, 0)) for x in range(3)] == [BLACK, (128, 128, 128), WHITE]


def test_float_grey_is_shown_over_its_own_range_whatever_is_in_it() -> None:
    grey = Image.fromarray(np.array([[-1.0, 0.0, 1.0, np.nan]], dtype=np.float32))

    loaded = load_image(encoded(grey, "TIFF"))

    assert [loaded.getpixel((x, 0)) for x in range(3)] == [BLACK, (128, 128, 128), WHITE]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_an_animation_is_its_first_frame(kind: str) -> None:
    frames = [Image.new("RGB", (16, 16), colour) for colour in (RED, GREEN, BLACK)]

    data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])

    assert near(load_image(data).getpixel((5, 5)), RED)


@pytest.mark.parametrize("kind", ALL)
def test_a_truncated_file_is_an_error_and_not_half_a_picture(kind: str) -> None:
    noise = Image.effect_noise((64, 64), 90).convert("RGB")
    data = encoded(noise, kind)

    with pytest.raises(ImageError, match=kind):
        load_image(data[: len(data) // 2])


@pytest.mark.parametrize("kind", ALL)
def test_a_header_alone_is_an_error(kind: str) -> None:
    with pytest.raises(ImageError):
        load_image(encoded(corner_marked(), kind)[:20])


def forged_png(width: int, height: int) -> bytes:
    """A PNG of 60 bytes that claims any size."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_with_its_numbers_before_decoding() -> None:
    with pytest.raises(ImageError, match=r"100000 x 100000 = 10,000,000,000 pixels, the limit is 120,000,000"):
        load_image(forged_png(100_000, 100_000))
    with pytest.raises(ImageError, match=r"512 pixels, the limit is 511"):
        image_size(encoded(corner_marked(), "JPEG"), max_pixels=511)


def test_a_large_picture_within_the_limit_warns_nobody() -> None:
    """Pillow's own limit is lower, and process-wide."""
    assert image_size(forged_png(10_000, 10_000)) == (10_000, 10_000)


def test_a_draft_has_at_least_the_wanted_shorter_side() -> None:
    data = encoded(corner_marked(1600, 800), "JPEG")

    assert load_image(data, min_side_px=200).size == (400, 200)
    assert load_image(data, min_side_px=201).size == (800, 400)
    assert load_image(data, min_side_px=5000).size == (1600, 800)
    assert load_image(encoded(corner_marked(64, 64), "PNG"), min_side_px=8).size == (64, 64)


@pytest.mark.parametrize(("mode", "colour"), [("RGB", RED), ("L", (76, 76, 76)), ("CMYK", RED)])
@pytest.mark.parametrize(("orientation", "size", "marked_at"), [(1, (200, 100), (5, 5)), (6, (100, 200), (95, 5))])
def test_a_draft_is_the_same_picture_whatever_its_mode_and_turn(
    mode: str, colour: tuple[int, int, int], orientation: int, size: tuple[int, int], marked_at: tuple[int, int]
) -> None:
    image = Image.new("RGB", (1600, 800), WHITE)
    ImageDraw.Draw(image).rectangle((0, 0, 199, 199), fill=RED)
    exif = Image.Exif()
    exif[0x0112] = orientation

    draft = load_image(encoded(image.convert(mode), "JPEG", exif=exif), min_side_px=100)

    assert draft.size == size
    assert near(draft.getpixel(marked_at), colour)
    assert near(draft.getpixel((50, 50)), WHITE)


def test_fit_keeps_the_shape_and_never_enlarges() -> None:
    image = corner_marked(400, 100)

    assert fit(image, 400) is image
    assert fit(image, 200).size == (200, 50)
    assert fit(Image.new("RGB", (10_000, 3)), 100).size == (100, 1)


def test_lossless_webp_keeps_every_pixel() -> None:
    image = corner_marked()

    again = load_image(encode_webp(image, 100, 50, lossless=True))

    assert np.array_equal(np.asarray(again), np.asarray(image))
    assert load_image(encode_webp(image, 8, 80)).size == (8, 4)


def test_dhash_is_close_for_a_rescaled_copy_and_far_for_another_picture() -> None:
    noise = Image.effect_noise((90, 80), 90).resize((360, 320), Image.Resampling.BICUBIC).convert("RGB")
    copy = load_image(encoded(noise.resize((300, 260)), "JPEG", quality=70))

    assert len(dhash(noise)) == 16
    assert hamming(dhash(noise), dhash(copy)) <= 4
    assert hamming(dhash(noise), dhash(noise.transpose(Image.Transpose.ROTATE_180))) > 16


def test_dhash_of_a_rising_ramp_has_every_bit_set() -> None:
    ramp = Image.fromarray(np.tile(np.arange(0, 180, dtype=np.uint8), (80, 1)))

    assert dhash(ramp.convert("RGB")) == "f" * 16
    assert hamming("f" * 16, "0" * 16) == 64
