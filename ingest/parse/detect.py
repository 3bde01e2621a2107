"""What a file is, by its content. The extension only breaks ties among text formats."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePosixPath

from ingest.parse.decode import decode
from ingest.parse.kinds.formats import Format
from ingest.parse.kinds.refused import refusal, unknown, zipped_refusal
from ingest.parse.kinds.text_kinds import text_kind
from rag.images.mime import mime_of

__all__ = ["BROKEN_ZIP", "Format", "detect", "unsupported"]

BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, EOFError)
"""What the standard library raises on zips that are broken, encrypted or packed in a way it does not know."""

_SAMPLE_BYTES = 65_536
_PDF_HEADER_BYTES = 1024
"""A PDF's header may stand anywhere in its first 1,024 bytes (Adobe's implementation note 13)."""

_ARCHIVE_MAGIC = (
    b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd",
    b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"MSCF\0\0\0\0",
)  # fmt: skip
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEDIA_MAGIC = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"FORM", b"#!AMR", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11")
_RIFF_MEDIA = frozenset({b"WAVE", b"AVI "})
_OFFICE_FORMATS = (
    ("word/", Format.WORD), ("ppt/", Format.SLIDES), ("xl/workbook.bin", Format.BINARY_WORKBOOK),
    ("xl/", Format.WORKBOOK),
)  # fmt: skip
_CONTENT_TYPES = "[Content_Types].xml"
_NO_MEDIA_WORDS = frozenset({b"crx "})
_BOOK_CONTAINER = "META-INF/container.xml"
"""What makes a zip an EPUB; "mimetype" should come first, but does not where a book was zipped by hand."""


def detect(data: bytes, name: str) -> Format:
    """The format of a file.

    Args:
        data: the whole file; only its start is looked at.
        name: file name or path; only its extension is used, and only where the content is text.
    """
    if not data:
        return Format.TEXT
    head = data[:_SAMPLE_BYTES]
    if mime_of(data) is not None:
        return Format.IMAGE
    if _is_pdf(data):
        return Format.PDF
    names, mimetype = _members(data)
    if office := _zipped_format(names, mimetype):
        return office
    if head.startswith(_COMPOUND):
        return Format.COMPOUND
    if head.startswith(b"{\\rtf"):
        return Format.RTF
    if refusal(data) or zipped_refusal(names):
        return Format.UNSUPPORTED
    if _is_media(head):
        return Format.MEDIA
    if head.startswith(_ARCHIVE_MAGIC) or head[257:262] == b"ustar":
        return Format.ARCHIVE
    if unknown(data):
        return Format.UNSUPPORTED
    return text_kind(decode(head)[0], PurePosixPath(name.replace("\\", "/")).suffix.lower())


def unsupported(data: bytes) -> str:
    """What a file of an unsupported kind is and what to turn it into, for people; empty where it is supported."""
    if told := refusal(data) or zipped_refusal(_members(data)[0]):
        return told
    head = data[:_SAMPLE_BYTES]
    if head.startswith((*_ARCHIVE_MAGIC, _COMPOUND)) or _is_media(head) or head[257:262] == b"ustar":
        return ""
    return unknown(data)


def _is_pdf(data: bytes) -> bool:
    """A header behind other bytes counts only with a PDF's end: a text may well speak of `%PDF-`."""
    if data[:_PDF_HEADER_BYTES].lstrip().startswith(b"%PDF-"):
        return True
    return b"%PDF-" in data[:_PDF_HEADER_BYTES] and b"startxref" in data[-_PDF_HEADER_BYTES:]


def _is_media(head: bytes) -> bool:
    if head[4:8] == b"ftyp":
        return head[8:12] not in _NO_MEDIA_WORDS
    if head[:4] == b"RIFF":
        return head[8:12] in _RIFF_MEDIA
    if head.startswith(b"FORM"):
        return head[8:12] in {b"AIFF", b"AIFC"}
    # An MPEG frame: eleven set bits, then a version, layer and bit rate that exist. UTF-16's mark has a layer of none.
    is_frame = (
        head[:1] == b"\xff" and len(head) > 3 and head[1] & 0xE0 == 0xE0 and head[1] & 0x06 and head[1] & 0x18 != 8
    )
    if is_frame and head[2] & 0xF0 != 0xF0 and head[2] & 0x0C != 0x0C and head[:2] not in {b"\xff\xfe", b"\xff\xff"}:
        return True
    return head.startswith(_MEDIA_MAGIC)


def _zipped_format(names: list[str], mimetype: bytes) -> Format | None:
    if mimetype.startswith(b"application/epub") or (not mimetype and _BOOK_CONTAINER in names):
        return Format.EBOOK
    if mimetype.startswith(b"application/vnd.oasis.opendocument") or mimetype.startswith(b"application/vnd.sun.xml"):
        return Format.OPENDOCUMENT
    if _CONTENT_TYPES not in names:
        return None
    return next((office for folder, office in _OFFICE_FORMATS if any(n.startswith(folder) for n in names)), None)


def _members(data: bytes) -> tuple[list[str], bytes]:
    """Names of a zip file's members, and what it says it is; nothing where it is none."""
    if not data.startswith(b"PK\x03\x04"):
        return [], b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:2000]
            if "mimetype" not in names:
                return names, b""
            with archive.open("mimetype") as said:
                return names, said.read(100)
    except (OSError, *BROKEN_ZIP):
        return [], b""
