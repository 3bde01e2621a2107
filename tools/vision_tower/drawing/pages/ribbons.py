"""Text drawn once and cut into pieces often: rendering each line of a page anew would take ten times as long."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import NamedTuple

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import fonts, prose

RIBBON_PX = 660
_RIBBONS_PER_TYPEFACE = 5
_BODY_WEIGHTS = ("-Regular", "-Medium", "-Light", "DejaVuSans.", "DejaVuSerif.", "-Italic", "-Semibold.ttf")


class Ribbon(NamedTuple):
    """One line of text, at least `RIBBON_PX` long."""

    mask: Image.Image
    """L, as high as the typeface's ascent and descent together."""
    items: tuple[tuple[int, int], ...]
    """(left, right) in pixels of each word, number or name on it."""


@lru_cache(maxsize=2048)
def ribbons(script: str, path: Path, size_px: int) -> tuple[Ribbon, ...]:
    """Ready-made lines in a typeface; the same ones in every process.

    Args:
        script: a key of `prose.SCRIPTS`.
        path: the font's file.
        size_px: its size.
    """
    rng = Random(f"{script} {path.name} {size_px}")
    return tuple(_ribbon(script, path, size_px, rng) for _ in range(_RIBBONS_PER_TYPEFACE))


def _ribbon(script: str, path: Path, size_px: int, rng: Random) -> Ribbon:
    font = fonts.font(path, size_px)
    gap, x, items, words = font.getlength(" "), 0.0, [], []
    while x < RIBBON_PX:
        word = prose.SCRIPTS[script](rng)
        right = x + font.getlength(word)
        words.append(word)
        items.append((int(x), int(right) + 1))
        x = right + gap
    ascent, descent = font.getmetrics()
    mask = Image.new("L", (int(x) + 2, ascent + descent))
    ImageDraw.Draw(mask).text((0, 0), " ".join(words), fill=255, font=font)
    return Ribbon(mask, tuple(items))


@cache
def body_paths() -> tuple[Path, ...]:
    """Typefaces that whole pages are set in."""
    return tuple(
        path
        for path in fonts.plain_paths()
        if any(weight in path.name for weight in _BODY_WEIGHTS)
        and "ExtraLight" not in path.name
        and "Mono" not in path.name
    )


@cache
def bold_paths() -> tuple[Path, ...]:
    """Typefaces for headings."""
    return tuple(path for path in fonts.plain_paths() if "Bold" in path.name and "Mono" not in path.name)


@cache
def mono_path() -> Path:
    """For code and receipts."""
    return next(path for path in fonts.plain_paths() if path.name == "DejaVuSansMono.ttf")


@cache
def symbol_path() -> Path:
    """Has chess pieces, ticks, notes and mathematical signs."""
    return next(path for path in fonts.plain_paths() if path.name == "DejaVuSans.ttf")


@cache
def hand_paths() -> tuple[Path, ...]:
    """What comes nearest to handwriting."""
    return tuple(path for path in fonts.all_paths() if path.name.startswith(("Amatic", "Intuitive")))
