"""Free fonts from PyPI packages, for the words inside drawings."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.metadata import files
from pathlib import Path
from random import Random

from PIL import ImageFont

PACKAGES = (
    "font-amatic-sc",
    "font-caladea",
    "font-fredoka-one",
    "font-hanken-grotesk",
    "font-intuitive",
    "font-manrope",
    "font-roboto",
    "font-source-sans-pro",
    "font-source-serif-pro",
    "matplotlib",  # DejaVu
)
FANCY = ("Amatic", "FredokaOne", "Intuitive")
"""For headings and signs; nobody sets a table in them."""


@cache
def all_paths() -> tuple[Path, ...]:
    """Of the font files in `PACKAGES`, in alphabetical order."""
    found = [
        Path(str(file.locate()))
        for package in PACKAGES
        for file in files(package) or []
        if file.suffix in {".ttf", ".otf"} and not file.name.startswith(("STIX", "cm", "LastResort"))
    ]
    return tuple(sorted(found))


@lru_cache(maxsize=512)
def _load(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size_px)


@cache
def plain_paths() -> tuple[Path, ...]:
    """Those in which one would set a text."""
    return tuple(path for path in all_paths() if not path.name.startswith(FANCY))


def pick_path(rng: Random, *, plain: bool = True) -> Path:
    """Any of them; only plain ones if not told otherwise."""
    return rng.choice(plain_paths() if plain else all_paths())


def font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    """Cached: a drawing asks for the same few again and again."""
    return _load(path, size_px)
