"""What a file is, by its content. The extension only breaks ties among text formats."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from ingest.parse.decode import decode, looks_binary


class Format(StrEnum):
    """Formats that are told apart. `TABLE` is CSV, TSV, JSON or JSON lines: captions, or else plain text."""

    IMAGE = "image"
    MARKDOWN = "markdown"
    HTML = "html"
    PDF = "pdf"
    WORD = "word"
    SLIDES = "slides"
    WORKBOOK = "workbook"
    EBOOK = "e-book"
    TEXT = "text"
    TABLE = "table"
    ARCHIVE = "archive"
    UNSUPPORTED = "unsupported"


_SAMPLE_BYTES = 65_536
_PDF_HEADER_BYTES = 1024
"""A PDF's header may stand anywhere in its first 1,024 bytes (Adobe's implementation note 13)."""

_IMAGE_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_ARCHIVE_MAGIC = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")

_OFFICE = "save it as PDF, HTML or Markdown"
_PICTURE = "save it as PNG or JPEG"
_ARCHIVE = "unpack it, or pack it again as zip or tar"
_MEDIA = "sound and video are not read; give a transcript as text, or frames as pictures"
_UNSUPPORTED_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document, or one with a password", _OFFICE),
    (b"{\\rtf", "an RTF document", _OFFICE),
    (b"%!PS", "a PostScript file", "convert it to PDF"),
    (b"AT&TFORM", "a DjVu document", "convert it to PDF"),
    (b"8BPS", "a Photoshop file", _PICTURE),
    (b"\xd7\xcd\xc6\x9a", "a Windows metafile", _PICTURE),
    (b"\0\0\x01\0", "an icon file", _PICTURE),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture", _PICTURE),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture", _PICTURE),
    (b"\xff\x0a", "a JPEG XL picture", _PICTURE),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", _ARCHIVE),
    (b"Rar!\x1a\x07", "a RAR archive", _ARCHIVE),
    (b"ID3", "a sound file", _MEDIA),
    (b"OggS", "a sound or video file", _MEDIA),
    (b"fLaC", "a sound file", _MEDIA),
    (b"\x1aE\xdf\xa3", "a video file", _MEDIA),
    (b"\x7fELF", "a program", "programs are not read"),
    (b"MZ\x90\0", "a program", "programs are not read"),
    (b"SQLite format 3\0", "a database", "export what matters as CSV"),
    (b"PAR1", "a Parquet table", "export it as CSV"),
)
_FTYP = {b"avif": "an AVIF picture", b"avis": "an AVIF picture", b"heic": "a HEIC picture", b"heix": "a HEIC picture",
         b"mif1": "a HEIF picture", b"msf1": "a HEIF picture"}  # fmt: skip
_OFFICE_FORMATS = (("word/", Format.WORD), ("ppt/", Format.SLIDES), ("xl/", Format.WORKBOOK))
_CONTENT_TYPES = "[Content_Types].xml"

_HTML_START = re.compile(
    r"(?:\s|<!--.{0,4096}?-->|<\?xml.{0,400}?\?>)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HTML_FRAGMENT = re.compile(
    r"(?:\s|<!--.{0,4096}?-->)*<(?:div|p|h[1-6]|table|article|section|main|ul|ol|figure|img|meta|title|header|nav)\b[^<>]*>",
    re.I | re.S,
)
_HTML_TAG = re.compile(r"<(?:/?[a-z][a-z0-9]*\b[^<>]{0,2000}|!--)>?", re.I)
_SVG_START = re.compile(r"(?:\s|<!--.{0,4096}?-->|<\?xml.{0,400}?\?>|<!doctype[^>]{0,400}>)*<svg\b", re.I | re.S)
_MARKDOWN_SIGNS = tuple(
    re.compile(sign, re.MULTILINE)
    for sign in (
        r"^ {0,3}#{1,6} +\S",
        r"!\[[^\]\n]{0,500}\](?:\([^)\n]{1,500}\)|\[)",
        r"(?<!!)\[[^\]\n]{1,500}\]\([^)\n]{1,500}\)",
        r"^ {0,3}(?:```|~~~)",
        r"^ {0,3}\|?[ :]*-{3,}[ :]*\|[ :|-]*$",
        r"\*\*[^*\n]{1,200}\*\*",
        r"\A---\n(?:.*\n){1,60}?---\n",
    )
)
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd", ".rmd"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_TABLE_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".json", ".jsonl", ".ndjson"})
_UNTYPED_SUFFIXES = frozenset({"", ".txt", ".text"})


def detect(data: bytes, name: str) -> Format:
    """The format of a file.

    Args:
        data: the whole file; only its start is looked at.
        name: file name or path; only its extension is used, and only where the content is text.
    """
    if not data:
        return Format.TEXT
    head = data[:_SAMPLE_BYTES]
    if head.startswith(_IMAGE_MAGIC) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or _is_bitmap(head):
        return Format.IMAGE
    if _is_pdf(data):
        return Format.PDF
    if office := _office_format(*_members(data)):
        return office
    if unsupported(data):
        return Format.UNSUPPORTED
    if head.startswith(_ARCHIVE_MAGIC) or head[257:262] == b"ustar":
        return Format.ARCHIVE
    return _text_format(decode(head)[0], PurePosixPath(name.replace("\\", "/")).suffix.lower())


def unsupported(data: bytes) -> str:
    """What a file of an unsupported kind is and what to turn it into, for people; empty where it is supported."""
    head = data[:_SAMPLE_BYTES]
    for magic, what, remedy in _UNSUPPORTED_MAGIC:
        if head.startswith(magic):
            return f"this is {what}: {remedy}"
    if head[4:8] == b"ftyp":
        what = _FTYP.get(head[8:12], "")
        return f"this is {what}: {_PICTURE}" if what else f"this is a video or sound file: {_MEDIA}"
    if head[:4] == b"RIFF" and head[8:12] in {b"WAVE", b"AVI "}:
        return f"this is a video or sound file: {_MEDIA}"
    if head.startswith(b"PK\x03\x04"):
        return _zipped_document(data)
    if head[40:44] == b" EMF":
        return f"this is a Windows metafile: {_PICTURE}"
    if head.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")) or head[257:262] == b"ustar":
        return ""
    if looks_binary(head):
        return "this is binary data of an unknown kind: convert it to PDF, HTML, Markdown, text or a picture"
    if _SVG_START.match(decode(head)[0]):
        return f"this is an SVG drawing: {_PICTURE}"
    return ""


def _is_pdf(data: bytes) -> bool:
    """A header behind other bytes counts only with a PDF's end: a text may well speak of `%PDF-`."""
    if data[:_PDF_HEADER_BYTES].lstrip().startswith(b"%PDF-"):
        return True
    return b"%PDF-" in data[:_PDF_HEADER_BYTES] and b"startxref" in data[-_PDF_HEADER_BYTES:]


def _is_bitmap(head: bytes) -> bool:
    """BMP's two letters are too few to go by: the header that follows has one of the known sizes."""
    return head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}


def _office_format(names: list[str], mimetype: bytes) -> Format | None:
    if mimetype.startswith(b"application/epub"):
        return Format.EBOOK
    if _CONTENT_TYPES not in names:
        return None
    return next((office for folder, office in _OFFICE_FORMATS if any(n.startswith(folder) for n in names)), None)


def _zipped_document(data: bytes) -> str:
    """Office documents and e-books are zip files with tell-tale members."""
    names, mimetype = _members(data)
    if mimetype.startswith(b"application/vnd.oasis"):
        return f"this is an OpenDocument file: {_OFFICE}"
    if _CONTENT_TYPES in names and not _office_format(names, mimetype):
        return f"this is an office document of another kind: {_OFFICE}"
    return "this is a program: programs are not read" if "META-INF/MANIFEST.MF" in names else ""


def _members(data: bytes) -> tuple[list[str], bytes]:
    """Names of a zip file's members, and what it says it is; nothing where it is none."""
    if not data.startswith(b"PK\x03\x04"):
        return [], b""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:2000]
            return names, archive.read("mimetype")[:100] if names[:1] == ["mimetype"] else b""
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError, ValueError, EOFError):
        return [], b""


def _text_format(text: str, suffix: str) -> Format:
    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    if _HTML_START.match(text):
        return Format.HTML
    if suffix in _TABLE_SUFFIXES:
        return Format.TABLE
    if suffix in _HTML_SUFFIXES and _HTML_TAG.search(text):
        return Format.HTML
    if suffix in _MARKDOWN_SUFFIXES:
        return Format.MARKDOWN
    if suffix in _UNTYPED_SUFFIXES:
        if _HTML_FRAGMENT.match(text):
            return Format.HTML
        if sum(1 for sign in _MARKDOWN_SIGNS if sign.search(text)) >= 2:
            return Format.MARKDOWN
    return Format.TEXT
