"""A picture that is a file of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath

from ingest.parse.elements import Element, ImageElement
from rag.errors import DocumentError

MAX_PIXELS = 200_000_000


def parse_image(data: bytes, name: str) -> Iterator[Element]:
    """One element, checked by its header only: it is decoded once, later, by whoever needs the pixels.

    Raises:
        DocumentError: the header is broken, or declares more than 200 million pixels.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(data)) as image:
            width_px, height_px = image.size
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise DocumentError(_too_large("far too many")) from None
    except (OSError, ValueError, SyntaxError, IndexError, KeyError) as error:
        raise DocumentError(f"a broken picture: its header cannot be read ({type(error).__name__})") from error
    if width_px * height_px > MAX_PIXELS:
        raise DocumentError(_too_large(f"{width_px} x {height_px}"))
    yield ImageElement(data, PurePosixPath(name.replace("\\", "/")).name)


def _too_large(have: str) -> str:
    return f"the picture declares {have} pixels, the limit is {MAX_PIXELS:,}: make it smaller"
