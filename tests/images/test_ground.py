"""What is drawn on transparent ground stays visible, whatever its colour."""

from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from rag.images.decode import load_image
from rag.images.ground import DARK, GREY, WHITE


def drawn(*words: tuple[str, str], box: tuple[str, str] | None = None, kind: str = "PNG") -> Image.Image:
    image = Image.new("RGBA", (300, 160), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    if box:
        draw.rectangle((150, 10, 290, 150), fill=box[0], outline=box[1])
    for row, (text, colour) in enumerate(words):
        draw.text((10, 10 + 50 * row), text, fill=colour, font_size=30)
    out = io.BytesIO()
    image.save(out, kind, lossless=True, exact=True) if kind == "WEBP" else image.save(out, kind)
    return load_image(out.getvalue())


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_light_words_get_a_dark_ground(kind: str) -> None:
    for colour in ("white", "#dddddd", "#ffe640"):
        assert drawn(("Pump", colour), kind=kind).getpixel((299, 0)) == DARK


def test_dark_and_coloured_words_keep_a_white_one() -> None:
    for colour in ("black", "#c82828", "#1e3cc8"):
        assert drawn(("Pump", colour)).getpixel((299, 159)) == WHITE


def test_white_boxes_with_dark_lines_and_labels_keep_a_white_ground() -> None:
    assert drawn(("Pump", "black"), ("Valve", "black"), box=("white", "black")).getpixel((0, 159)) == WHITE


def test_where_light_and_dark_words_stand_side_by_side_both_are_seen() -> None:
    shown = drawn(("White", "white"), ("White", "white"), ("dark", "black"))
    assert shown.getpixel((299, 0)) == GREY
    assert {0, 255} <= set(np.unique(np.asarray(shown)))


def test_a_photograph_with_round_corners_keeps_white_corners() -> None:
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(image).rounded_rectangle((0, 0, 199, 199), 20, fill=(240, 240, 240))
    out = io.BytesIO()
    image.save(out, "PNG")
    assert load_image(out.getvalue()).getpixel((0, 0)) == WHITE


def test_broken_pictures_are_never_talked_about_on_stderr() -> None:
    code = """
import io, random
from PIL import Image
from rag.errors import ImageError
from rag.images.decode import load_image
from rag.images.frames import frames
random.seed(1)
for compression in ("tiff_lzw", "tiff_deflate", "jpeg", "group4", "packbits"):
    image = Image.effect_noise((200, 150), 90).convert("1" if compression == "group4" else "RGB")
    out = io.BytesIO(); image.save(out, "TIFF", compression=compression)
    for _ in range(25):
        data = bytearray(out.getvalue())
        for _ in range(random.choice([1, 3, 20])):
            data[random.randrange(8, len(data))] = random.randrange(256)
        try:
            load_image(bytes(data)); list(frames(bytes(data)))
        except ImageError:
            pass
print("done")
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (ran.stdout.strip(), ran.stderr) == ("done", "")
