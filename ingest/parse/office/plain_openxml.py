"""Office documents of rarer kinds as the usual one: Strict Open XML, and files with macros that libraries refuse.

Both differ from the usual kind by names alone (ECMA-376 Part 1 and Part 4 give the same things other namespaces).
"""

from __future__ import annotations

import io
import re
import zipfile

from ingest.parse.detect import BROKEN_ZIP
from rag.errors import DocumentError

_CONTENT_TYPES = "[Content_Types].xml"
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/([A-Za-z]+)/")
_STRICT_WORDS = {
    b"2006/extendedProperties": b"2006/extended-properties",
    b"2006/customProperties": b"2006/custom-properties",
    b"relationships/extendedProperties": b"relationships/extended-properties",
    b"relationships/customProperties": b"relationships/custom-properties",
}
_MACRO_TYPES = (
    (re.compile(rb"application/vnd\.ms-powerpoint\.(?:presentation|slideshow|template|addin)\.macroEnabled\.main\+xml"),
     b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"),
    (re.compile(rb"application/vnd\.ms-excel\.addin\.macroEnabled\.main\+xml"),
     b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
)  # fmt: skip
_MAX_BYTES = 512 * 2**20
_HEAD_BYTES = 4096
_MAIN = re.compile(r"(?:word/document|xl/workbook|ppt/presentation)\d*\.xml")


def plain(data: bytes) -> bytes:
    """The document as the usual kind; itself where it is that, or cannot be opened here.

    Raises:
        DocumentError: it would have to be rewritten, and is too large for that.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = package.namelist()
            types = package.read(_CONTENT_TYPES) if _CONTENT_TYPES in names else b""
            is_strict = any(_is_strict(package, name) for name in names if _MAIN.fullmatch(name))
            if not is_strict and not any(kind.search(types) for kind, _ in _MACRO_TYPES):
                return data
            return _rewritten(package)
    except (OSError, *BROKEN_ZIP):
        return data  # whoever reads it says what is wrong


def _is_strict(package: zipfile.ZipFile, name: str) -> bool:
    with package.open(name) as part:
        return _STRICT.search(part.read(_HEAD_BYTES)) is not None


def _rewritten(package: zipfile.ZipFile) -> bytes:
    n_bytes = sum(info.file_size for info in package.infolist())
    if n_bytes > _MAX_BYTES:
        raise DocumentError(
            f"a document in Strict Open XML of {n_bytes:,} bytes unpacked, the limit is {_MAX_BYTES:,}: "
            "save it in the usual format (.docx, .xlsx, .pptx without 'Strict')"
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as new:
        for name in package.namelist():
            part = package.read(name)
            if name == _CONTENT_TYPES:
                for kind, usual in _MACRO_TYPES:
                    part = kind.sub(usual, part)
            elif name.endswith((".xml", ".rels", ".vml")):
                part = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", part)
                for strict, usual in _STRICT_WORDS.items():
                    part = part.replace(strict, usual)
            new.writestr(name, part)
    return out.getvalue()
