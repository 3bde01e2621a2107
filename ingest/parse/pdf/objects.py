"""What is painted on a PDF page besides text: pictures and paths with their boxes, from PDFium's page objects."""

from __future__ import annotations

import ctypes
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from ingest.parse.pdf.geometry import Box
from ingest.parse.pdf.tables.rules import edges

_MAX_OBJECTS = 20_000
_MAX_PICTURES = 300
_MAX_FORM_DEPTH = 8
_MAX_RULED_PATHS = 6_000
"""A page with more paths is a drawing: no tables are looked for in its lines."""
_MAX_SEGMENTS = 1_000
_RECTANGLE_SEGMENTS = 6
_THIN_PT = 3.0
_PAGE_SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Figure:
    """A region of a page. `scale`: pixels a point that lose nothing; `digest`: equal for equal pictures, or empty."""

    box: Box
    scale: float
    digest: str = ""


@dataclass(frozen=True, slots=True)
class PageObjects:
    """Boxes of what is painted on a page, seen upright and within the page. Text is not in it.

    Attributes:
        rules: thin paths, and the edges of rectangles.
        n_unseen: pictures beyond the 300 that are looked at.
    """

    pictures: list[Figure]
    paths: list[Box]
    rules: list[Box]
    n_unseen: int


def page_objects(page: Any, visible: Box, degrees: int) -> PageObjects:
    """Pictures and paths of a `pypdfium2.PdfPage`, those in form XObjects too; at most 20,000 objects are looked at.

    Args:
        visible: the page, in its own coordinates.
        degrees: where its text runs; boxes are given as they lie when it is upright.
    """
    pictures: list[Figure] = []
    paths: list[Box] = []
    rules: list[Box] = []
    n_unseen = 0
    for kind, raw, matrix in _walk(page):
        box = _bounds(raw, matrix).intersection(visible)
        if kind != pdfium_c.FPDF_PAGEOBJ_IMAGE:
            if box.width >= 0 and box.height >= 0:
                paths.append(box.turned(degrees))
            if kind == pdfium_c.FPDF_PAGEOBJ_PATH and len(paths) <= _MAX_RULED_PATHS:
                rules += [rule.turned(degrees) for rule in _rules(raw, matrix, box, visible)]
        elif box.width > 0 and box.height > 0:
            if len(pictures) == _MAX_PICTURES:
                n_unseen += 1
                continue
            width_px, height_px = _size_px(raw)
            scale = max(width_px / box.width, height_px / box.height)
            pictures.append(Figure(box.turned(degrees), scale, _digest(raw)))
    return PageObjects(pictures, paths, rules if len(paths) <= _MAX_RULED_PATHS else [], n_unseen)


def _rules(raw: Any, matrix: pdfium.PdfMatrix | None, box: Box, visible: Box) -> list[Box]:
    """The straight lines of a path that may be a table's."""
    if box.width < 0 or box.height < 0 or box.area > _PAGE_SHARE * visible.area:
        return []
    if min(box.width, box.height) <= _THIN_PT:
        return [box]
    n_segments = pdfium_c.FPDFPath_CountSegments(raw)
    if n_segments <= _RECTANGLE_SEGMENTS:
        return edges(box)
    return list(_segments(raw, matrix, n_segments)) if n_segments <= _MAX_SEGMENTS else []


def _segments(raw: Any, matrix: pdfium.PdfMatrix | None, n_segments: int) -> Iterator[Box]:
    place = _matrix(raw) if matrix is None else _matrix(raw).multiply(matrix)
    start = last = (0.0, 0.0)
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(n_segments):
        segment = pdfium_c.FPDFPath_GetPathSegment(raw, index)
        if not segment or not pdfium_c.FPDFPathSegment_GetPoint(segment, x, y):
            return
        point = place.on_point(x.value, y.value)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        if kind == pdfium_c.FPDF_SEGMENT_LINETO:
            yield _between(last, point)
        elif kind == pdfium_c.FPDF_SEGMENT_MOVETO:
            start = point
        last = point
        if pdfium_c.FPDFPathSegment_GetClose(segment):
            yield _between(last, start)


def _between(first: tuple[float, float], second: tuple[float, float]) -> Box:
    left, right = sorted((first[0], second[0]))
    bottom, top = sorted((first[1], second[1]))
    return Box(left, bottom, right, top)


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
