"""A picture that came inside JSON."""

from __future__ import annotations

import base64
import binascii

from rag.errors import ImageError
from rag.images.decode import image_size

MAX_PIXELS = 50_000_000
"""Of a picture in a request: decoded it takes 4 bytes a pixel, and several requests run at once."""


def picture(encoded: str | None) -> bytes | None:
    """The bytes of a picture given as base64 or as a data: URL.

    Raises:
        ImageError: not base64, not a picture, or one with too many pixels.
    """
    if not encoded:
        return None
    if encoded.startswith("data:"):
        encoded = encoded.partition(",")[2]
    try:
        data = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImageError("the picture is not base64; send its bytes as base64 or as a data: URL") from error
    image_size(data, max_pixels=MAX_PIXELS)
    return data
