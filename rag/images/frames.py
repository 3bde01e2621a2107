"""The pictures of a file that holds several: pages of a TIFF, frames of an animation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from rag.errors import ImageError
from rag.images.decode import DECODER_ERRORS, MAX_PIXELS, load_pixels, open_image, quietly, to_rgb
from rag.images.mime import mime_of

_HAVE_FRAMES = frozenset({"image/tiff", "image/gif", "image/webp", "image/png", "image/avif"})
_SUBFILE = 254
_REDUCED = 1
_GREY_SIDE_PX = 32
_BLANK_STD = 2.0
_OTHER_MEAN = 12.0


@dataclass(frozen=True, slots=True)
class Frame:
    """`number` counts from 1. `image` is RGB; None where the frame cannot be decoded."""

    number: int
    image: Image.Image | None


def n_frames(data: bytes) -> int:
    """How many pictures a file holds, at least 1.

    Raises:
        ImageError: as `load_image`.
    """
    if mime_of(data) not in _HAVE_FRAMES:
        return 1
    with open_image(data, MAX_PIXELS) as image:
        try:
            with quietly():
                return max(1, int(getattr(image, "n_frames", 1)))
        except DECODER_ERRORS:
            return 1


def frames(data: bytes, *, first: int = 1, most: int = 1000) -> Iterator[Frame]:
    """Frames in order, from `first` on. Smaller copies that a TIFF keeps of a page for viewers are left out.

    Raises:
        ImageError: as `load_image`.
    """
    with open_image(data, MAX_PIXELS) as image:
        for number in range(1, first + most):
            try:
                with quietly():
                    image.seek(number - 1)
                    if number < first or _is_reduced(image):
                        continue
                if image.width * image.height > MAX_PIXELS:
                    raise ImageError("too large")
                load_pixels(image)
                picture = to_rgb(image).copy()
            except EOFError:
                return
            except (*DECODER_ERRORS, ImageError):
                yield Frame(number, None)
                if number > first + most:
                    return
                continue
            yield Frame(number, picture)


def telling_frames(data: bytes, *, most: int = 6, seen: int = 200) -> list[Frame]:
    """Of an animation the frames that show something, and something else than those before.

    Args:
        data: the file.
        most: so many at most.
        seen: so many are looked at.
    """
    kept: list[tuple[Frame, np.ndarray]] = []
    for frame in frames(data, most=seen):
        if frame.image is None:
            continue
        grey = np.asarray(frame.image.resize((_GREY_SIDE_PX, _GREY_SIDE_PX)).convert("L"), dtype=np.float32)
        if grey.std() < _BLANK_STD or any(np.abs(grey - other).mean() < _OTHER_MEAN for _, other in kept):
            continue
        kept.append((frame, grey))
        if len(kept) >= most:
            break
    return [frame for frame, _ in kept]


def _is_reduced(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", None)
    return tags is not None and bool(int(tags.get(_SUBFILE, 0)) & _REDUCED)
