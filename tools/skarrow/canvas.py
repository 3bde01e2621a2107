"""A small drawing surface: everything is drawn at twice the size and scaled down, so that edges are smooth."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, TypeAlias

from PIL import Image, ImageChops, ImageDraw, ImageFont

Point: TypeAlias = tuple[float, float]
Box: TypeAlias = tuple[float, float, float, float]
Face: TypeAlias = Literal["sans", "bold", "serif", "serif-bold", "italic", "hand"]

SCALE = 2
INK, PAPER, CREAM, NAVY = "#22303c", "#fbf7ec", "#f4ecd8", "#1d3557"
SEA, FOAM, RED, AMBER, GREEN, SLATE = "#3f7d9b", "#a9d3d4", "#c8443f", "#e9a63a", "#5f9a74", "#5b6b78"

FACES: dict[Face, tuple[str, str]] = {
    "sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "bold": ("font_source_sans_pro", "SourceSansPro-Bold.ttf"),
    "serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "serif-bold": ("font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    "italic": ("font_source_serif_pro", "SourceSerifPro-It.ttf"),
    "hand": ("font_amatic_sc", "AmaticSC-Bold.ttf"),
}
"""Each face by the PyPI package that carries it (all SIL Open Font License 1.1) and the file in it."""


def font_file(face: Face) -> Path:
    """Where pip put the font file."""
    package, name = FACES[face]
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"the font package {package!r} is missing; type: pip install -e '.[dev]'")
    return Path(spec.origin).parent / "files" / name


@cache
def font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    # The basic layout engine, because the other one is not in every build of Pillow.
    return ImageFont.truetype(str(font_file(face)), size_px, layout_engine=ImageFont.Layout.BASIC)


def mix(a: str, b: str, share: float) -> tuple[int, int, int]:
    """The colour `share` of the way from `a` to `b`, both `#rrggbb`."""
    pairs = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    red, green, blue = (round(x + (y - x) * share) for x, y in pairs)
    return red, green, blue


class Canvas:
    """Coordinates are in final pixels from the top left; colours are `#rrggbb` or `#rrggbbaa`."""

    def __init__(self, width: int, height: int, background: str = PAPER) -> None:
        self.width, self.height = width, height
        self.image = Image.new("RGBA", (width * SCALE, height * SCALE), background)
        self.pen = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], fill: str | tuple[int, int, int]) -> None:
        self.pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=fill)

    def line(self, points: Sequence[Point], fill: str, width: float = 1) -> None:
        self.pen.line([(x * SCALE, y * SCALE) for x, y in points], fill=fill, width=round(width * SCALE), joint="curve")

    def dashes(self, start: Point, end: Point, fill: str, width: float = 1, n: int = 20) -> None:
        (x0, y0), (x1, y1) = start, end
        for i in range(n):
            a, b = i / n, (i + 0.55) / n
            self.line([(x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b)], fill, width)

    def rect(
        self, box: Box, fill: str | None = None, outline: str | None = None, width: float = 1, round_px: float = 0
    ) -> None:
        scaled = tuple(v * SCALE for v in box)
        self.pen.rounded_rectangle(
            scaled, radius=round_px * SCALE, fill=fill, outline=outline, width=round(width * SCALE)
        )

    def disc(
        self, centre: Point, radius: float, fill: str | None = None, outline: str | None = None, width: float = 1
    ) -> None:
        x, y = centre
        self.ellipse((x - radius, y - radius, x + radius, y + radius), fill, outline, width)

    def ellipse(self, box: Box, fill: str | None = None, outline: str | None = None, width: float = 1) -> None:
        self.pen.ellipse(tuple(v * SCALE for v in box), fill=fill, outline=outline, width=round(width * SCALE))

    def arc(self, box: Box, start: float, end: float, fill: str, width: float = 1) -> None:
        self.pen.arc(tuple(v * SCALE for v in box), start, end, fill=fill, width=round(width * SCALE))

    def pie(self, box: Box, start: float, end: float, fill: str) -> None:
        self.pen.pieslice(tuple(v * SCALE for v in box), start, end, fill=fill)

    def text(self, at: Point, text: str, size: int, fill: str = INK, face: Face = "sans", anchor: str = "la") -> None:
        self.pen.text(
            (at[0] * SCALE, at[1] * SCALE),
            text,
            font=font(face, size * SCALE),
            fill=fill,
            anchor=anchor,
            spacing=size * SCALE // 3,
        )

    def fade(self, box: Box, top: str, bottom: str) -> None:
        """A vertical gradient."""
        left, upper, right, lower = (round(v * SCALE) for v in box)
        for y in range(upper, lower):
            self.pen.line([(left, y), (right, y)], fill=mix(top, bottom, (y - upper) / max(1, lower - upper)))

    def stamp(self, other: Canvas, centre: Point, angle: float = 0, size: float = 1) -> None:
        """Draws another canvas over this one, turned anticlockwise by `angle` degrees about its middle."""
        layer = other.image
        if size != 1:
            layer = layer.resize((round(layer.width * size), round(layer.height * size)), Image.Resampling.LANCZOS)
        layer = layer.rotate(angle, resample=Image.Resampling.BICUBIC, expand=True)
        left, top = round(centre[0] * SCALE - layer.width / 2), round(centre[1] * SCALE - layer.height / 2)
        self.image.alpha_composite(layer, (max(0, left), max(0, top)), (max(0, -left), max(0, -top)))

    def done(self) -> Image.Image:
        """The picture, (height, width) RGB."""
        return self.image.convert("RGB").resize((self.width, self.height), Image.Resampling.LANCZOS)


def grain(image: Image.Image, strength: float, seed: int) -> Image.Image:
    """Film grain. From `random`, whose bytes are the same in every version; `Image.effect_noise` is not seeded."""
    noise = Image.frombytes("L", image.size, random.Random(seed).randbytes(image.width * image.height))
    level = noise.point(lambda v: round(128 + (v - 128) * strength))
    return ImageChops.add(image, Image.merge("RGB", (level,) * 3), offset=-128)


def sepia(image: Image.Image, seed: int) -> Image.Image:
    """An old photograph on cream card."""
    grey = grain(image, 0.16, seed).convert("L")
    ranges = ((46, 246), (34, 232), (24, 204))
    red, green, blue = (grey.point([round(a + v * (b - a) / 255) for v in range(256)]) for a, b in ranges)
    border = 22
    card = Image.new("RGB", (image.width + 2 * border, image.height + 2 * border), "#efe6d0")
    card.paste(Image.merge("RGB", (red, green, blue)), (border, border))
    return card
