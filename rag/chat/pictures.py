"""Pictures on their way to a chat model."""

from __future__ import annotations

import io

from rag.images.decode import fit, load_image

MAX_SIDE_PX = 896
"""What `rag.text.tokens.IMAGE_TOKENS` is reckoned for; the input size of Gemma 3, enough for a chart's labels."""


def for_chat(data: bytes) -> bytes:
    """An encoded picture as JPEG of at most `MAX_SIDE_PX` a side: llama.cpp reads neither WebP nor TIFF.

    Raises:
        ImageError: not a usable picture.
    """
    out = io.BytesIO()
    fit(load_image(data, min_side_px=MAX_SIDE_PX), MAX_SIDE_PX).save(out, "JPEG", quality=88)
    return out.getvalue()
