"""Files that a PDF carries."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium_c

from ingest.parse.clean import one_line

_MAX_ATTACHMENTS = 1_000
_MAX_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Attachment:
    """`data` is None for a file that is not there, or over 200 MB."""

    name: str
    data: bytes | None


def attachments(pdf: Any) -> Iterator[Attachment]:
    """The files of a `pypdfium2.PdfDocument`, one in memory at a time; those on its pages are not among them."""
    n_files = max(0, pdfium_c.FPDFDoc_GetAttachmentCount(pdf))
    for index in range(min(n_files, _MAX_ATTACHMENTS)):
        if found := attachment(pdfium_c.FPDFDoc_GetAttachment(pdf, index)):
            yield found


def attachment(raw: Any) -> Attachment | None:
    """A file by PDFium's handle."""
    if not raw:
        return None
    n_bytes = pdfium_c.FPDFAttachment_GetName(raw, None, 0)
    name = ctypes.create_string_buffer(n_bytes + 2)
    pdfium_c.FPDFAttachment_GetName(raw, ctypes.cast(name, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), n_bytes)
    text = one_line(name.raw.decode("utf-16-le", "replace").partition("\0")[0]) or "attachment"
    return Attachment(text, _data(raw))


def _data(raw: Any) -> bytes | None:
    length = ctypes.c_ulong()
    if not pdfium_c.FPDFAttachment_GetFile(raw, None, 0, length) or not 0 < length.value <= _MAX_BYTES:
        return None
    buffer = ctypes.create_string_buffer(length.value)
    if not pdfium_c.FPDFAttachment_GetFile(raw, buffer, length.value, length):
        return None
    return buffer.raw
