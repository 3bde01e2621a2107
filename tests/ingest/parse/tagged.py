"""Picture files with metadata in them, byte by byte."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from typing import Any

from PIL import Image


def saved(kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), "red").save(out, kind, **options)
    return out.getvalue()


def with_segment(jpeg: bytes, marker: int, body: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + jpeg[2:]


def with_iptc(jpeg: bytes, datasets: Sequence[tuple[tuple[int, int], bytes]], *, utf8: bool = True) -> bytes:
    """Values by record and dataset number."""
    block = b"\x1c\x01\x5a\x00\x03\x1b%G" if utf8 else b""
    for (record, number), value in datasets:
        block += b"\x1c" + bytes([record, number]) + struct.pack(">H", len(value)) + value
    resource = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(block)) + block + b"\0" * (len(block) % 2)
    return with_segment(jpeg, 0xED, b"Photoshop 3.0\0" + resource)


def with_xmp(jpeg: bytes, properties: str) -> bytes:
    """`properties`: what stands in `rdf:Description`, with the prefixes below."""
    packet = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/">{properties}</rdf:Description></rdf:RDF>
</x:xmpmeta>"""
    return with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet.encode())
