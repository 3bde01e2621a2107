"""Glyphs onto a sheet: where, how large, in which ink, on what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from tools.vision_tower.drawing import colours, fonts
from tools.vision_tower.drawing.colours import RGB
from tools.vision_tower.drawing.pictograms.glyphs import Glyph, Library
from tools.vision_tower.drawing.pictograms.plates import (
    SIGNS,
    Box,
    contrasting,
    luminance,
    page,
    pale,
    plate,
    prohibition,
)

_DARK = ("black", "blue", "purple", "teal", "brown", "green")
_VIVID = tuple(name for name in colours.NAMES if name not in {"white", "grey"})


class Painter:
    """Composes pictures of a library's glyphs: tints, plates, copies, groups."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def paint(
        self,
        glyphs: Sequence[Glyph],
        names: Sequence[str] | None,
        tint: str | None,
        ground: str | None,
        sign: str | None,
        rng: Random,
    ) -> Image.Image:
        """RGB, between 160 and 640 pixels a side.

        Args:
            glyphs: one to six.
            names: sometimes written below them; None: never.
            tint: as in `PictogramSpec`, and so are `ground` and `sign`.
        """
        told = colours.tone(tint, rng) if tint else None
        behind = _behind(ground, sign, told, rng)
        shape = sign or (rng.choice(SIGNS[:2]) if rng.random() < (0.2 if ground is None else 0.12) else None)
        paper = _paper(behind, shape is not None, rng)
        ink = told or contrasting(behind, rng, ("black", "white") if rng.random() < 0.6 else _VIVID, 0.4)
        cells, size_px = _cells(len(glyphs), rng)
        sheet = page(size_px, paper, rng)
        if names is not None and rng.random() < (0.1 if len(glyphs) == 1 else 0.2):
            label_ink, path = contrasting(paper, rng, ("black", "white")), fonts.pick_path(rng)
            cells = [_label(sheet, cell, name, path, label_ink) for cell, name in zip(cells, names, strict=True)]
        scale, make = rng.uniform(0.8, 1.0), rng.random()
        for glyph, cell in zip(glyphs, cells, strict=True):
            # The plates of one sheet are of one make.
            room = plate(sheet, cell, shape, behind, Random(make)) if shape else _inner(cell, scale, rng)
            self._stamp(sheet, glyph, room, ink, rng)
            if sign == "prohibition":
                prohibition(sheet, _centred(cell), rng)
        return sheet

    def _stamp(self, sheet: Image.Image, glyph: Glyph, room: Box, ink: RGB, rng: Random) -> None:
        """The glyph, as large as the room; a little turned at times."""
        side = max(12, min(room[2] - room[0], room[3] - room[1]))
        rows = self._library.colour if glyph.colour else self._library.mono
        picture = Image.fromarray(rows[glyph.row])
        if rng.random() < 0.12:
            picture = picture.rotate(rng.uniform(-14, 14), Image.Resampling.BILINEAR)
        picture = picture.resize((side, side), Image.Resampling.BILINEAR)
        at = (room[0] + room[2] - side) // 2, (room[1] + room[3] - side) // 2
        if glyph.colour:
            sheet.paste(picture, at, picture)
        else:
            sheet.paste(ink, (*at, at[0] + side, at[1] + side), picture)


def _behind(ground: str | None, sign: str | None, ink: RGB | None, rng: Random) -> RGB:
    """The colour right behind the glyphs; mostly white, always one on which a told ink is seen."""
    if ground is not None:
        tones = [colours.tone(ground, rng) for _ in range(6)]
        return max(tones, key=lambda tone: 0 if ink is None else abs(luminance(tone) - luminance(ink)))
    lot = rng.random()
    if sign in {"warning", "diamond"} and lot < 0.6:
        chosen = colours.tone(rng.choice(("yellow", "yellow", "white", "orange")), rng)
    elif lot < 0.2:
        chosen = pale(rng)
    else:
        chosen = colours.tone(rng.choice(("white",) if lot < 0.7 else _DARK if lot < 0.82 else colours.NAMES), rng)
    if ink is not None and abs(luminance(chosen) - luminance(ink)) < 0.3:
        return contrasting(ink, rng, ("white", "black"))
    return chosen


def _paper(behind: RGB, has_plate: bool, rng: Random) -> RGB:
    """Around the plates; not the plates' own colour."""
    if not has_plate:
        return behind
    return (255, 255, 255) if luminance(behind) < 0.85 and rng.random() < 0.6 else contrasting(behind, rng, least=0.12)


def _cells(count: int, rng: Random) -> tuple[list[Box], tuple[int, int]]:
    """A box for each of them, at most four in a row or column and no row empty; and the sheet's size."""
    fitting = [n for n in range(1, 5) if count > (n - 1) * math.ceil(count / n) and math.ceil(count / n) <= 4]
    n_columns = rng.choice(fitting)
    n_rows = math.ceil(count / n_columns)
    side = rng.randint(170, 300) if count == 1 else max(70, min(rng.randint(80, 130), 390 // max(n_columns, n_rows)))
    stretch = rng.uniform(0.7, 1.5) if rng.random() < 0.5 else 1.0
    width, height = round(side * max(1.0, stretch)), round(side * max(1.0, 1 / stretch))
    pad_x, pad_y = max(0, 161 - n_columns * width) // 2, max(0, 161 - n_rows * height) // 2
    gap = 0 if count == 1 else round(side * rng.uniform(0.03, 0.12))
    boxes = [
        (
            pad_x + i % n_columns * width + gap,
            pad_y + i // n_columns * height + gap,
            pad_x + (i % n_columns + 1) * width - gap,
            pad_y + (i // n_columns + 1) * height - gap,
        )
        for i in range(count)
    ]
    return boxes, (2 * pad_x + n_columns * width, 2 * pad_y + n_rows * height)


def _inner(box: Box, scale: float, rng: Random) -> Box:
    """A square in the box, nearly all of it and in the middle, or smaller and anywhere."""
    left, top, right, bottom = box
    free = min(right - left, bottom - top)
    small = rng.random() < 0.12
    side = round(free * (rng.uniform(0.5, 0.75) if small else scale * rng.uniform(0.88, 1.0)))
    x_play, y_play = right - left - side, bottom - top - side
    x, y = (rng.random(), rng.random()) if small else (rng.uniform(0.4, 0.6), rng.uniform(0.4, 0.6))
    return (
        left + round(x_play * x),
        top + round(y_play * y),
        left + round(x_play * x) + side,
        top + round(y_play * y) + side,
    )


def _centred(box: Box) -> Box:
    left, top, right, bottom = box
    side = min(right - left, bottom - top)
    x, y = (left + right - side) // 2, (top + bottom - side) // 2
    return x, y, x + side - 1, y + side - 1


def _label(sheet: Image.Image, cell: Box, name: str, path: Path, ink: RGB) -> Box:
    """Writes a name that is short enough at the foot of the cell; what is above is left."""
    left, top, right, bottom = cell
    size = max(9, (bottom - top) // 9)
    if len(name) * size > (right - left) * 2:
        return cell
    middle = (left + right) // 2, bottom - size // 4
    ImageDraw.Draw(sheet).text(middle, name, fill=ink, font=fonts.font(path, size), anchor="ms")
    return left, top, right, bottom - round(size * 1.4)
