"""What kind of picture some bytes are, by the first of them and never by a name. Light: nothing is decoded here."""

from __future__ import annotations

import re
import struct

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "image/bmp": "bmp",
    "image/tiff": "tiff",
    "image/avif": "avif",
    "image/heic": "heic",
    "image/jp2": "jp2",
    "image/vnd.microsoft.icon": "ico",
    "image/vnd.adobe.photoshop": "psd",
    "image/x-tga": "tga",
    "image/x-portable-anymap": "pnm",
    "image/vnd.zbrush.pcx": "pcx",
    "image/vnd.ms-dds": "dds",
}
"""Every mime type that `load_image` opens, with its usual extension."""

OTHER_EXTENSIONS = (
    "jpeg",
    "jpe",
    "tif",
    "heif",
    "hif",
    "j2k",
    "jpf",
    "jpx",
    "cur",
    "ppm",
    "pgm",
    "pbm",
    "apng",
    "jfif",
)
"""Further names of the same kinds."""

_BMP_HEADERS = frozenset({12, 40, 52, 56, 64, 108, 124})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_PNM = re.compile(rb"P(?:[1-6]\s(?:\s|#[^\n]{0,200}\n)*\d{1,6}\s|7\nWIDTH )|Pf\s")
_ICON = re.compile(rb"\0\0[\1\2]\0[\1-\x40]\0..\0", re.DOTALL)
_TGA_FOOTER = b"TRUEVISION-XFILE.\0"
_TGA_KINDS = frozenset({1, 2, 3, 9, 10, 11})
_TGA_DEPTHS = frozenset({8, 15, 16, 24, 32})


def mime_of(data: bytes) -> str | None:
    """The mime type, or None for anything `load_image` does not open.

    Args:
        data: the file, or its first 4,096 bytes (Targa pictures, which have no mark at their start, want all of it).
    """
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    # "BM" alone also begins plain text ("BMW ..."): the size of the header that follows must be a known one.
    if data.startswith(b"BM") and int.from_bytes(data[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    if data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return "image/tiff"
    return _rarer(data)


def _rarer(data: bytes) -> str | None:
    if data[4:8] == b"ftyp":
        return _of_brands(data)
    if data.startswith((b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "image/jp2"
    if data.startswith(b"8BPS\0\1"):
        return "image/vnd.adobe.photoshop"
    if data.startswith(b"DDS \x7c\0\0\0"):
        return "image/vnd.ms-dds"
    if _PNM.match(data):
        return "image/x-portable-anymap"
    if _ICON.match(data) and len(data) >= 22:
        return "image/vnd.microsoft.icon"
    if (
        data[:1] == b"\x0a"
        and data[1:2] in b"\0\2\3\4\5"
        and data[2:3] == b"\1"
        and data[3:4] in b"\1\2\4\x08"
        and len(data) > 127
    ):
        return "image/vnd.zbrush.pcx"
    return "image/x-tga" if _is_targa(data) else None


def _of_brands(data: bytes) -> str | None:
    """AVIF and HEIC are told by the brands that a file names: the first, and those that it is compatible with."""
    size = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, size, 4))}
    if brands & _AVIF_BRANDS:
        return "image/avif"
    return "image/heic" if data[8:12] in _HEIC_BRANDS else None


def _is_targa(data: bytes) -> bool:
    """By the mark at the end of newer files; older ones have a head of 18 bytes in which much must agree."""
    if data.endswith(_TGA_FOOTER):
        return True
    if len(data) < 18 or data[1] > 1 or data[2] not in _TGA_KINDS or (data[2] in {1, 9}) != (data[1] == 1):
        return False
    id_bytes, _, kind, map_start, map_length, map_depth, _, _, width, height, depth, flags = struct.unpack(
        "<BBBHHBHHHHBB", data[:18]
    )
    if not (0 < width < 30_000 and 0 < height < 30_000 and depth in _TGA_DEPTHS and not flags & 0xC0):
        return False
    if data[1] == 0 and (map_start or map_length or map_depth):
        return False
    if kind in {9, 10, 11}:  # packed: how long it is cannot be told
        return flags & 0x0F in {0, 1, 8} and data[1] == 0 and b"\0" in data[:3]
    n_bytes = 18 + id_bytes + map_length * ((map_depth + 7) // 8) + width * height * ((depth + 7) // 8)
    return bool(n_bytes <= len(data) <= n_bytes + 4096)
