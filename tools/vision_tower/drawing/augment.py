"""What happens to pictures on their way into a dump: scans, JPEG, resizing, crops, borders, a tilt, greyscale."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from tools.vision_tower.drawing.colours import NAMES, tone

SIDE_PX = 128
"""What the tower sees: the whole picture, squashed to a square."""

_COLOUR_WORDS = (*NAMES, *"gray violet magenta cyan turquoise crimson colour color dark light".split())


def augment(image: Image.Image, caption: str, rng: Random) -> Image.Image:
    """The picture as a dump might hold it. It still shows what its caption says."""
    chances: list[tuple[float, Callable[[Image.Image, Random], Image.Image]]] = [
        (0.15, _border),
        (0.25, _crop),
        (0.15, _tilt),
        (0.10, _scan),
        (0.15, _light),
        (0.0 if names_colour(caption) else 0.12, _grey),
        (0.15, _low_resolution),
        (0.07, _blur),
        (0.35, _jpeg),
    ]
    for chance, change in chances:
        if rng.random() < chance:
            image = change(image, rng)
    return image


def squash(image: Image.Image) -> Image.Image:
    """To the tower's size, as its processor does."""
    return image.resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)


def names_colour(caption: str) -> bool:
    """Whether the picture must stay as coloured as it is for the caption to be true."""
    return any(word in caption.lower() for word in _COLOUR_WORDS)


def _corner(image: Image.Image) -> tuple[int, int, int]:
    red, green, blue = image.getpixel((0, 0))  # type: ignore[misc]  # RGB
    return int(red), int(green), int(blue)


def _border(image: Image.Image, rng: Random) -> Image.Image:
    """Margins of paper or screen around it, not the same on every side."""
    fill = rng.choice([_corner(image), (255, 255, 255), tone(rng.choice(["white", "grey", "black"]), rng)])
    left, top, right, bottom = (round(rng.uniform(0, 0.12) * max(image.size)) for _ in range(4))
    return ImageOps.expand(image, (left, top, right, bottom), fill)


def _crop(image: Image.Image, rng: Random) -> Image.Image:
    width, height = image.size
    left, top, right, bottom = (rng.uniform(0, 0.04) for _ in range(4))
    box = (left * width, top * height, (1 - right) * width, (1 - bottom) * height)
    return image.crop(tuple(map(round, box)))  # type: ignore[arg-type]  # four of them


def _tilt(image: Image.Image, rng: Random) -> Image.Image:
    fill = rng.choice([_corner(image), (255, 255, 255)])
    return image.rotate(rng.gauss(0, 2), Image.Resampling.BILINEAR, expand=True, fillcolor=fill)


def _scan(image: Image.Image, rng: Random) -> Image.Image:
    """Paper that is not white, light that falls off to a side, grain."""
    pixels = np.asarray(image, np.float32)
    noise = np.random.default_rng(rng.getrandbits(32))
    height, width, _ = pixels.shape
    across = np.linspace(1, rng.uniform(0.8, 1), width)[None, :, None]
    down = np.linspace(1, rng.uniform(0.9, 1), height)[:, None, None]
    paper = np.array([1, rng.uniform(0.95, 1), rng.uniform(0.85, 1)], np.float32)
    grain = noise.normal(0, rng.uniform(2, 10), (height, width, 1))
    return Image.fromarray(np.clip(pixels * across * down * paper + grain, 0, 255).astype(np.uint8))


def _light(image: Image.Image, rng: Random) -> Image.Image:
    image = ImageEnhance.Contrast(image).enhance(rng.uniform(0.7, 1.25))
    return ImageEnhance.Brightness(image).enhance(rng.uniform(0.85, 1.1))


def _grey(image: Image.Image, rng: Random) -> Image.Image:
    return image.convert("L").convert("RGB")


def _low_resolution(image: Image.Image, rng: Random) -> Image.Image:
    side = rng.randint(96, 176)
    image.thumbnail((side, side), Image.Resampling.BILINEAR)
    return image


def _blur(image: Image.Image, rng: Random) -> Image.Image:
    return image.filter(ImageFilter.BoxBlur(rng.uniform(0.3, 0.9) * max(image.size) / 256))


def _jpeg(image: Image.Image, rng: Random) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=rng.randint(15, 85))
    return Image.open(buffer).convert("RGB")
