"""A sheet or screen to set text on, with the style of one drawing: paper, ink, accent, typefaces, sizes."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import colours, fonts
from tools.vision_tower.drawing.colours import RGB, mix
from tools.vision_tower.drawing.pages.ribbons import body_paths, bold_paths, ribbons
from tools.vision_tower.drawing.pages.spec import Lots

Box: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""

_PAPERS = (*((255, 255, 255),) * 4, (253, 251, 245), (248, 244, 232), (242, 242, 242), (236, 230, 214))
_NIGHTS = ((24, 24, 28), (30, 30, 30), (13, 17, 23), (40, 42, 54), (0, 43, 54), (18, 18, 18), (38, 50, 56))


class Canvas:
    """An image with the helpers that every kind of page needs.

    Args:
        rng: all chance of the drawing; words, typefaces and tones are taken from its style.
        size_px: (width, height).
        dark: light ink on a dark ground.
        colour: the name of the accent's colour; none: an inconspicuous grey.
        paper: the ground, where the kind knows better.
        text_px: the size of body text.
    """

    def __init__(
        self,
        rng: Lots,
        size_px: tuple[int, int],
        *,
        dark: bool = False,
        colour: str = "",
        paper: RGB | None = None,
        text_px: int = 9,
    ) -> None:
        self.rng, self.style, self.dark, self.text_px = rng, rng.style, dark, text_px
        self.width, self.height = size_px
        self.paper: RGB = paper or self.style.choice(_NIGHTS if dark else _PAPERS)
        self.ink: RGB = _grey(self.style.randint(200, 245) if dark else self.style.randint(0, 50))
        self.soft: RGB = mix(self.ink, self.paper, self.style.uniform(0.45, 0.7))
        """For rules, frames and small print."""
        self.pale: RGB = mix(self.ink, self.paper, self.style.uniform(0.86, 0.94))
        """For panels and stripes."""
        grey = mix(self.ink, self.paper, self.style.uniform(0.1, 0.5))
        self.accent: RGB = colours.tone(colour, self.style) if colour else grey
        self.body, self.head = self.style.choice(body_paths()), self.style.choice(bold_paths())
        self.image = Image.new("RGB", size_px, self.paper)
        self.pen = ImageDraw.Draw(self.image)

    @property
    def leading_px(self) -> int:
        """From one line of body text to the next."""
        return round(self.text_px * 1.3) + 1

    def rect(
        self, box: Box, fill: RGB | None = None, outline: RGB | None = None, width: int = 1, radius: float = 0
    ) -> None:
        """A filled or outlined rectangle; one without area is left out."""
        if box[2] <= box[0] or box[3] <= box[1]:
            return
        if radius:
            self.pen.rounded_rectangle(box, radius, fill, outline, width)
        else:
            self.pen.rectangle(box, fill, outline, width)

    def rule(self, x0: float, y0: float, x1: float, y1: float, fill: RGB | None = None, width: int = 1) -> None:
        """A straight line from (x0, y0) to (x1, y1) in pixels."""
        self.pen.line((x0, y0, x1, y1), fill or self.soft, width)

    def dot(self, x: float, y: float, radius: float, fill: RGB | None = None, outline: RGB | None = None) -> None:
        """A disc about (x, y)."""
        self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill, outline)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size_px: int | None = None,
        fill: RGB | None = None,
        anchor: str = "la",
        path: Path | None = None,
        fit_px: float | None = None,
    ) -> None:
        """These very words; set smaller until they are at most `fit_px` wide. For what is read, not for body text."""
        size_px = size_px or self.text_px
        font = fonts.font(path or self.body, size_px)
        if fit_px and (length := font.getlength(text)) > fit_px:
            font = fonts.font(path or self.body, max(int(size_px * fit_px / length), 5))
        self.pen.text((x, y), text, fill or self.ink, font, anchor)

    def run(
        self,
        x: float,
        y: float,
        width_px: float,
        script: str = "prose",
        *,
        exact: bool = False,
        fill: RGB | None = None,
        size_px: int | None = None,
        path: Path | None = None,
    ) -> None:
        """Words by lot that fit a width; `exact`: cut at the margin, which from afar looks justified."""
        ribbon = self.style.choice(ribbons(script, path or self.body, size_px or self.text_px))
        first = self.style.randrange(len(ribbon.items))
        left = ribbon.items[first][0]
        if left + width_px > ribbon.items[-1][1]:
            first, left = 0, 0
        right = int(left + width_px)
        if not exact:
            right = max((end for _, end in ribbon.items[first:] if end <= right), default=right)
        self._stamp(ribbon.mask, left, min(right, ribbon.mask.width), int(x), int(y), fill)

    def item(
        self,
        x: float,
        y: float,
        script: str = "label",
        *,
        align: float = 0.0,
        max_px: float = 1e9,
        fill: RGB | None = None,
        size_px: int | None = None,
        path: Path | None = None,
    ) -> int:
        """One word, number or name by lot; returns its width in pixels. `align`: 0 starts at x, 1 ends there."""
        ribbon = self.style.choice(ribbons(script, path or self.body, size_px or self.text_px))
        left, right = self.style.choice(ribbon.items)
        right = int(min(right, left + max_px))
        self._stamp(ribbon.mask, left, right, int(x - align * (right - left)), int(y), fill)
        return right - left

    def _stamp(self, mask: Image.Image, left: int, right: int, x: int, y: int, fill: RGB | None) -> None:
        if right > left:
            self.image.paste(fill or self.ink, (x, y), mask.crop((left, 0, right, mask.height)))

    def paragraph(
        self,
        x: float,
        y: float,
        width_px: float,
        n_lines: int,
        *,
        justified: bool = True,
        fill: RGB | None = None,
        size_px: int | None = None,
    ) -> float:
        """Running text whose last line is short; returns the y below it."""
        leading_px = self.leading_px if size_px is None else round(size_px * 1.3) + 1
        for i in range(n_lines):
            is_last = i == n_lines - 1
            line_px = width_px * self.style.uniform(0.25, 0.95) if is_last else width_px
            self.run(x, y, line_px, exact=justified and not is_last, fill=fill, size_px=size_px)
            y += leading_px
        return y


def readable_on(ground: RGB) -> RGB:
    """White or near black, whichever stands out."""
    return (255, 255, 255) if 0.3 * ground[0] + 0.59 * ground[1] + 0.11 * ground[2] < 150 else (20, 20, 20)


def _grey(value: int) -> RGB:
    return value, value, value
