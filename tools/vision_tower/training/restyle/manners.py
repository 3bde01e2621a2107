"""How often drawings of each family are made in another manner, and which of them must keep their colours."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from tools.vision_tower.drawing.colours import NAMES
from tools.vision_tower.training.restyle import strokes, tones

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ABOUT_COLOUR = re.compile(
    rf"\b({'|'.join(NAMES)}|gray|violet|magenta|cyan|turquoise|crimson|gold(en)?|silver|(multi)?colou?r\w*|dark(er|est)?"
    r"|light(er|est)?|bright|pale|shade[sd]?|tones?|tint\w*|monochrome|silhouettes?|outlined?|photos?|flags?)\b"
)
"""Words for colours, for how light or how drawn a picture is; and flags, which are nothing without their colours."""


@dataclass(frozen=True, slots=True)
class Manner:
    """Chances of a drawing, each of its own; those after `bend` only where the captions let colours change."""

    outline: float = 0.0
    widest_px: int = 3
    thicken: float = 0.0
    bend: float = 0.0
    recolour: float = 0.0
    most_degrees: float = 180.0
    two_inks: float = 0.0
    reground: float = 0.0
    posterise: float = 0.0
    line: float = 0.0
    cut: float = 0.0


MANNERS = {
    "pictograms": Manner(0.22, 3, 0.2, 0.4, 0.25, 180, 0.06, 0.12, 0.12, 0.08, 0.06),
    "maps": Manner(0.18, 2, 0.12, 0.4, 0.3, 60, 0.08, 0.1, 0.12, 0.06, 0.04),
    "diagrams": Manner(0.12, 2, 0.08, 0.25, 0.3, 180, 0.08, 0.12, 0.08, 0.06, 0.05),
    "charts": Manner(0.03, 1, 0.0, 0.03, 0.25, 180, 0.05, 0.1, 0.05, 0.02, 0.0),
    "pages": Manner(0.01, 1, 0.0, 0.05, 0.15, 180, 0.05, 0.1, 0.04, 0.0, 0.02),
    "scenes": Manner(0.0, 1, 0.0, 0.03, 0.1, 180, 0.05, 0.1, 0.0, 0.0, 0.0),
}
"""Often where the things are few and the artists many; seldom where there is text that must stay legible, and where
shapes, hues and whether they are filled is what the captions say."""
_FAMILIES = tuple(MANNERS)


def binds_colours(caption: str) -> bool:
    """Whether the caption is true of the drawing only in its own colours, or only if drawn as it is."""
    return _ABOUT_COLOUR.search(caption.lower()) is not None


class Restyle:
    """Redraws pictures of known items in other manners, each drawing of an item by lots of its own."""

    def __init__(self, families: Sequence[str], captions: Sequence[str]) -> None:
        """`families` of each item; `captions` of drawing 2 * item + view."""
        bound = [binds_colours(captions[2 * i]) or binds_colours(captions[2 * i + 1]) for i in range(len(families))]
        self._bound = np.asarray(bound)
        self._family = np.asarray([_FAMILIES.index(family) for family in families])

    def __call__(self, pixels: Tensor, items: NDArray[np.int64], chance: torch.Generator) -> tuple[Tensor, Tensor]:
        """The pictures restyled, in place, and the indices of those that `move` is to bend.

        Args:
            pixels: (2 n, 3, side, side) float32 in [0, 1]; rows 2 i and 2 i + 1 are the drawings of `items[i]`.
            items: (n,) as the captions were numbered.
            chance: all of it.
        """
        family, bound = (torch.from_numpy(of[items]).repeat_interleave(2) for of in (self._family, self._bound))

        def drawn(name: str, *, keeps_colours: bool = False) -> Tensor:
            share = torch.tensor([getattr(manner, name) for manner in MANNERS.values()])[family]
            lots = torch.rand(len(pixels), generator=chance) < share
            return lots if keeps_colours else lots & ~bound

        def change(which: Tensor, how: Callable[..., Tensor], **more: float) -> None:
            if which.any():
                index = which.nonzero()[:, 0].to(pixels.device)
                pixels[index] = how(pixels[index], chance, **more)

        def change_by_family(which: Tensor, how: Callable[..., Tensor], name: str) -> None:
            for limit in dict.fromkeys(getattr(manner, name) for manner in MANNERS.values()):
                of_limit = torch.tensor([getattr(manner, name) == limit for manner in MANNERS.values()])[family]
                change(which & of_limit, how, **{name: limit})

        change_by_family(drawn("recolour"), tones.recoloured, "most_degrees")
        change(drawn("two_inks"), tones.two_inks)
        change(drawn("reground"), tones.reground)
        change(drawn("posterise"), tones.posterised)
        change(drawn("thicken", keeps_colours=True), strokes.thickened)
        line, cut = drawn("line"), drawn("cut")
        outline = drawn("outline", keeps_colours=True) & ~line & ~cut
        change(outline & bound, strokes.outlined, widest_px=1)  # a wide one would be all that is seen of a thin line
        change_by_family(outline & ~bound, strokes.outlined, "widest_px")
        change(line, strokes.line_drawn)
        change(cut & ~line, strokes.cut)
        return pixels, drawn("bend", keeps_colours=True).nonzero()[:, 0].to(pixels.device)
