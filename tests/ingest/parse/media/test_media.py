"""Drawings, pages and frames of pictures, sound and video."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from benchmarks.reading.pictures import tagged
from rag.errors import DocumentError
from rag.images.decode import load_image
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 200 100">'


def test_a_drawing_is_drawn_and_its_words_are_text(read: Read) -> None:
    found = read(
        HEAD + "<title>The lock</title><rect width='200' height='100' fill='red'/><text>Quince</text></svg>", "a.svg"
    )
    assert found.info.title == "The lock"
    assert found.texts == ["The lock\nQuince"]
    assert load_image(found.image.data).getpixel((300, 700)) == (255, 0, 0)
    assert found.image.is_file


def test_linked_drawings_are_pictures_of_their_page(read: Read) -> None:
    drawing = HEAD + "<circle r='50'/></svg>"
    assert read("![a lamp](a.svg)", "a.md", {"a.svg": drawing.encode()}).words("alt") == ["a lamp"]


def test_a_drawing_reads_nothing_outside_of_itself(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (64, 64), "blue").save(secret)
    image = f'<image xlink:href="{secret}" width="200" height="100"/><rect width="1" height="1"/>'
    found = read(HEAD + image + "</svg>", "a.svg")
    assert load_image(found.image.data).getpixel((800, 400)) == (255, 255, 255)
    assert found.warnings == ["passed over, pictures outside of the drawing: 1"]


@pytest.mark.timeout(60)
def test_drawings_that_grow_without_end_are_refused(read: Read) -> None:
    groups = "".join(
        f'<g id="g{n}">' + "".join(f'<use xlink:href="#g{n - 1}"/>' for _ in range(10)) + "</g>" for n in range(1, 12)
    )
    bomb = f'{HEAD}<g id="g0"><rect width="1" height="1"/></g>{groups}<use xlink:href="#g11"/></svg>'
    with pytest.raises(DocumentError, match="more often than can be drawn"):
        read(bomb, "a.svg")


def pages(*colours: str, kind: str = "TIFF") -> bytes:
    made = []
    for colour in colours:
        page = Image.new("RGB", (80, 60), colour)
        if colour != "white":
            ImageDraw.Draw(page).rectangle((10, 10, 40, 40), "black")
        made.append(page)
    out = io.BytesIO()
    made[0].save(out, kind, save_all=True, append_images=made[1:])
    return out.getvalue()


def test_every_page_of_a_tiff_is_a_picture(read: Read) -> None:
    data = pages("red", "green", "blue")
    found = read(data, "fax.tif")
    assert found.info.n_pages == 3
    assert [(image.name, image.page) for image in found.images] == [
        ("fax.tif", 1),
        ("fax.tif page 2", 2),
        ("fax.tif page 3", 3),
    ]
    assert found.images[0].data == data
    assert load_image(found.images[2].data).getpixel((70, 50)) == (0, 0, 255)
    assert all(image.is_file for image in found.images)


def test_an_animation_shows_what_is_not_blank(read: Read) -> None:
    found = read(pages("white", "red", "red", "blue", kind="GIF"), "a.gif")
    assert [image.name for image in found.images] == ["a.gif frame 2", "a.gif frame 3"] or len(found.images) == 2
    assert "animation of" in found.warnings[0]


@pytest.mark.parametrize("kind", ["AVIF", "JPEG2000", "ICO", "TGA", "PPM", "PCX", "DDS"])
def test_rarer_kinds_of_pictures_are_opened(read: Read, kind: str) -> None:
    out = io.BytesIO()
    Image.open(png("red", (64, 64))).convert("RGB").save(out, kind)
    image = read(out.getvalue(), "a.bin").image
    red, green, blue = load_image(image.data).getpixel((32, 32))
    assert red > 240
    assert max(green, blue) < 15


def test_sound_is_its_tags_and_says_that_nobody_listened(read: Read) -> None:
    found = read(tagged("The weir song"), "a.mp3")
    assert found.info.title == "The weir song"
    assert found.texts[0].startswith("Title: The weir song")
    assert "not listened to" in found.warnings[0]


def test_sound_without_tags_says_what_to_do(read: Read) -> None:
    with pytest.raises(DocumentError, match="transcript"):
        read(b"RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\0\0\0", "a.wav")
