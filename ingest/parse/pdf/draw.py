"""A region of a PDF page as a picture.

A figure is drawn from the page instead of taken out of the file: that gets masks, colour spaces, slices, rotation and
labels on top right without knowing about them, and drawings of lines come out the same way as photographs.
"""

from __future__ import annotations

import ctypes
import io
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.pdf.geometry import Box

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_SIDE_PX = 2400

_DRAWING_COLORS = 4096


def draw(page: Any, box: Box, scale: float) -> Image | None:
    """A region of a page as RGB, its longer side at most 2,400 px; None where nothing is to be seen in it."""
    scale = min(scale, MAX_SIDE_PX / max(box.width, box.height, 1.0))
    width, height = (max(1, round(side * scale)) for side in page.get_size())
    placing = (0, 0, width, height, 0)
    corners = [_to_device(page, placing, x, y) for x in (box.left, box.right) for y in (box.bottom, box.top)]
    left, top = (max(0, min(corner[axis] for corner in corners)) for axis in (0, 1))
    right, bottom = (min(limit, max(c[axis] for c in corners)) for axis, limit in ((0, width), (1, height)))
    if right - left < 1 or bottom - top < 1:
        return None
    bitmap = pdfium.PdfBitmap.new_native(right - left, bottom - top, pdfium_c.FPDFBitmap_BGR)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, right - left, bottom - top)
        flags = pdfium_c.FPDF_ANNOT
        pdfium_c.FPDF_RenderPageBitmap(bitmap, page, -left, -top, width, height, 0, flags)
        image: Image = bitmap.to_pil().convert("RGB")
    finally:
        bitmap.close()
    is_blank = all(high - low < 8 for low, high in image.getextrema())  # type: ignore[misc]
    return None if is_blank else image


def encode(image: Image) -> bytes:
    """PNG for drawings, grey PNG for grey scans, JPEG for photographs: a PNG of those takes ten times as long.

    Nothing here is kept: the asset store encodes once more, for good.
    """
    buffer = io.BytesIO()
    colors = image.getcolors(_DRAWING_COLORS)
    if colors is None:
        image.save(buffer, "JPEG", quality=92, subsampling=0)
    else:
        is_grey = all(red == green == blue for _, (red, green, blue) in colors)  # type: ignore[misc]
        (image.convert("L") if is_grey else image).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _to_device(page: Any, placing: tuple[int, ...], x: float, y: float) -> tuple[int, int]:
    device_x, device_y = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, *placing, x, y, device_x, device_y)
    return device_x.value, device_y.value
