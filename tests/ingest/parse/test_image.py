from __future__ import annotations

import struct
import zlib

import pytest

from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.pdfs import png


def test_a_lone_picture_is_one_element_with_its_bytes(read: Read) -> None:
    data = png()
    page = read(data, "/dump/sub/pump.png")
    assert (page.image.data, page.image.name, page.image.texts) == (data, "pump.png", ())


def test_a_picture_with_a_broken_header_is_an_error(read: Read) -> None:
    with pytest.raises(DocumentError, match="broken picture"):
        read(png()[:20], "x.png")


def test_a_picture_that_declares_too_many_pixels_is_refused_without_decoding(read: Read) -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(DocumentError, match="pixels"):
        read(bomb + png()[33:], "x.png")
