"""What is painted on a PDF page besides text: pictures and paths with their boxes, from PDFium's page objects."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.pdf.layout import Box

_MAX_OBJECTS = 20_000
_MAX_PICTURES = 300
_MAX_FORM_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Figure:
    """A region of a page. `scale`: pixels a point that lose nothing; `digest`: equal for equal pictures, or empty."""

    box: Box
    scale: float
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PageObjects:
    """Boxes of what is painted on a page, in page coordinates and within the page. Text is not in it.

    `n_unseen` pictures are beyond the 300 that are looked at.
    """

    pictures: list[Figure]
    paths: list[Box]
    n_unseen: int


def page_objects(page: Any, visible: Box, *, with_paths: bool) -> PageObjects:
    """Pictures and paths of a `pypdfium2.PdfPage`, those in form XObjects too; at most 20,000 objects are looked at."""
    pictures: list[Figure] = []
    paths: list[Box] = []
    n_unseen = 0
    for kind, raw, matrix in _walk(page):
        is_picture = kind == pdfium_c.FPDF_PAGEOBJ_IMAGE
        if not (is_picture or with_paths):
            continue
        box = _bounds(raw, matrix).intersection(visible)
        if not is_picture and box.width >= 0 and box.height >= 0:
            paths.append(box)
        elif is_picture and box.width > 0 and box.height > 0:
            if len(pictures) == _MAX_PICTURES:
                n_unseen += 1
                continue
            width_px, height_px = _size_px(raw)
            pictures.append(Figure(box, max(width_px / box.width, height_px / box.height), _digest(raw)))
    return PageObjects(pictures, paths, n_unseen)


def _walk(page: Any) -> Iterator[tuple[int, Any, pdfium.PdfMatrix | None]]:
    """Pictures, paths and shadings with the matrix of the form they are in; forms may nest, share and loop."""
    stack = [(pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, page, None, 0)]
    budget = _MAX_OBJECTS
    while stack:
        count, get, parent, matrix, depth = stack.pop()
        for index in range(max(0, count(parent))):
            budget -= 1
            if budget < 0:
                return
            raw = get(parent, index)
            kind = pdfium_c.FPDFPageObj_GetType(raw) if raw else None
            if kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < _MAX_FORM_DEPTH:
                inner = _matrix(raw) if matrix is None else _matrix(raw).multiply(matrix)
                stack.append((pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject, raw, inner, depth + 1))
            elif kind in {pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_PATH, pdfium_c.FPDF_PAGEOBJ_SHADING}:
                yield kind, raw, matrix


def _matrix(raw: Any) -> pdfium.PdfMatrix:
    values = pdfium_c.FS_MATRIX()
    return pdfium.PdfMatrix.from_raw(values) if pdfium_c.FPDFPageObj_GetMatrix(raw, values) else pdfium.PdfMatrix()


def _bounds(raw: Any, matrix: pdfium.PdfMatrix | None) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium_c.FPDFPageObj_GetBounds(raw, left, bottom, right, top):
        return Box(0, 0, -1, -1)
    box = (left.value, bottom.value, right.value, top.value)
    return Box(*(matrix.on_rect(*box) if matrix else box))


def _size_px(raw: Any) -> tuple[int, int]:
    width, height = ctypes.c_uint(), ctypes.c_uint()
    pdfium_c.FPDFImageObj_GetImagePixelSize(raw, width, height)
    return width.value, height.value


def _digest(raw: Any) -> str:
    n_bytes = pdfium_c.FPDFImageObj_GetImageDataRaw(raw, None, 0)
    buffer = ctypes.create_string_buffer(n_bytes)
    pdfium_c.FPDFImageObj_GetImageDataRaw(raw, buffer, n_bytes)
    return hashlib.sha256(buffer.raw).hexdigest() if n_bytes else ""
