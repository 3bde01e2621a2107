"""Emoji of a font as SVG, so that they go the way of all other pictograms."""

from __future__ import annotations

import io
from collections.abc import Iterator, Set


def font_svgs(content: bytes, side_px: int, known: Set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of an emoji and its outline, centred in a square.

    Args:
        content: a TrueType file.
        side_px: of the square.
        known: the emoji that are wanted; those that the font has as one code point are found.
    """
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.svgPathPen import SVGPathPen
    from fontTools.ttLib import TTFont

    font = TTFont(io.BytesIO(content))
    glyphs, names = font.getGlyphSet(), font.getBestCmap()
    for char in sorted(known):
        if len(char) > 1 or ord(char) not in names:
            continue
        glyph = glyphs[names[ord(char)]]
        bounds, outline = BoundsPen(glyphs), SVGPathPen(glyphs)
        glyph.draw(bounds)
        glyph.draw(outline)
        if bounds.bounds is None:
            continue
        left, bottom, right, top = bounds.bounds
        side = 1.04 * max(right - left, top - bottom)
        box = (left + right - side) / 2, -(bottom + top + side) / 2, side, side
        view = " ".join(f"{value:g}" for value in box)
        yield (
            char,
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{side_px}" height="{side_px}" viewBox="{view}">'
            f'<path transform="scale(1 -1)" d="{outline.getCommands()}"/></svg>',
        )
