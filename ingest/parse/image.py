"""A picture that is a file of its own; of a file with several pages or frames, each that shows something new."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingest.parse.about.picture import about_picture
from ingest.parse.elements import DocumentInfo, Element, ImageElement
from ingest.parse.passed_over import PassedOver
from rag.errors import DocumentError, ImageError
from rag.images.mime import mime_of

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 200_000_000
_MAX_PAGES = 1000


def parse_image(data: bytes, name: str) -> Iterator[Element]:
    """One element a page, the first checked by its header only: it is decoded once, later, by whoever needs the pixels.

    Raises:
        DocumentError: the header is broken, or declares more than 200 million pixels.
    """
    from rag.images.decode import image_size
    from rag.images.frames import n_frames

    try:
        width_px, height_px = image_size(data, max_pixels=1 << 62)
        if width_px * height_px > MAX_PIXELS:
            raise DocumentError(_too_large(f"{width_px} x {height_px}"))
        n_pages = n_frames(data) if width_px * height_px <= MAX_PIXELS // 2 else 1
    except ImageError as error:
        raise DocumentError(f"a broken picture: {error}") from error
    name = PurePosixPath(name.replace("\\", "/")).name
    has_pages = n_pages > 1 and mime_of(data) == "image/tiff"
    about = about_picture(data)
    if has_pages or about:
        yield DocumentInfo("", n_pages if has_pages else None, about)
    if n_pages == 1:
        yield ImageElement(data, name, is_file=True)
    elif has_pages:
        yield from _pages(data, name, n_pages)
    else:
        yield from _animation(data, name, n_pages)


def _pages(data: bytes, name: str, n_pages: int) -> Iterator[Element]:
    """Scanners and faxes write one file with a picture for each page."""
    from rag.images.frames import frames

    passed_over = PassedOver()
    yield ImageElement(data, name, page=1, is_file=True)
    for frame in frames(data, first=2, most=_MAX_PAGES - 1):
        if frame.number > n_pages:
            break
        if frame.image is None:
            passed_over.add("pages that cannot be decoded")
        else:
            page = f"{name} page {frame.number}"
            yield ImageElement(_png(frame.image), page, page=frame.number, is_file=True)
    passed_over.add(f"pages beyond {_MAX_PAGES:,}", max(0, n_pages - _MAX_PAGES))
    yield from passed_over.warnings()


def _animation(data: bytes, name: str, n_frames: int) -> Iterator[Element]:
    from rag.images.frames import telling_frames

    passed_over = PassedOver()
    kept = telling_frames(data)
    if not kept or kept[0].number == 1:
        yield ImageElement(data, name, is_file=True)
        kept = kept[1:]
    for frame in kept:
        if frame.image is not None:
            yield ImageElement(_png(frame.image), f"{name} frame {frame.number}", is_file=True)
    passed_over.note(f"an animation of {n_frames} frames: those that show something new are kept")
    yield from passed_over.warnings()


def _png(image: Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _too_large(have: str) -> str:
    return f"the picture declares {have} pixels, the limit is {MAX_PIXELS:,}: make it smaller"
