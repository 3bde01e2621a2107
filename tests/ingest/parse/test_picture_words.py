"""Captions that picture files hold are found, whoever wrote them; what cameras write by themselves is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from ingest.parse.elements import OriginText
from ingest.parse.media.picture_words import captions_inside
from tests.ingest.parse.tagged import saved, with_iptc, with_segment


def words(data: bytes) -> list[str]:
    return [text.text for text in captions_inside(data)]


def exif(tag: int, value: Any) -> bytes:
    found = Image.Exif()
    found[tag] = value
    return found.tobytes()


def iptc(caption: bytes, *, utf8: bool) -> bytes:
    return with_iptc(saved("JPEG"), [((2, 120), caption), ((2, 105), b"Headline here")], utf8=utf8)


XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 photoshop:Headline="Tide mill"><dc:description><rdf:Alt><rdf:li xml:lang="de">Die Gezeitenmühle</rdf:li>
<rdf:li xml:lang="x-default">The tide mill at dusk</rdf:li></rdf:Alt></dc:description></rdf:Description></rdf:RDF>
</x:xmpmeta>"""


def png_with(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        info.add_itxt(name, text)
    return saved("PNG", pnginfo=info)


@pytest.mark.parametrize(
    ("data", "caption"),
    [
        (saved("JPEG", exif=exif(0x010E, "The old mill")), "The old mill"),
        (saved("JPEG", exif=exif(0x010E, "Mühle am Fluß".encode())), "Mühle am Fluß"),
        (saved("TIFF", description="A scanned deed"), "A scanned deed"),
        (saved("JPEG", exif=exif(0x9C9C, "Brücke\0".encode("utf-16-le"))), "Brücke"),
        (iptc("Die Mühle".encode(), utf8=True), "Die Mühle"),
        (iptc("Die Mühle".encode("latin-1"), utf8=False), "Die Mühle"),
        (saved("JPEG", comment="Rowers on the lake"), "Rowers on the lake"),
        (png_with(Description="Ein Wehr im Winter"), "Ein Wehr im Winter"),
        (saved("GIF", comment=b"A turning wheel"), "A turning wheel"),
        (saved("JPEG", xmp=XMP.encode()), "The tide mill at dusk"),
        (saved("WEBP", xmp=XMP.encode()), "The tide mill at dusk"),
        (png_with(**{"XML:com.adobe.xmp": XMP}), "The tide mill at dusk"),
    ],
)
def test_captions_in_a_file_are_found_with_their_origin(data: bytes, caption: str) -> None:
    assert OriginText("picture file", caption) in captions_inside(data)


def test_every_language_and_field_is_kept_once() -> None:
    found = words(saved("JPEG", xmp=XMP.encode(), exif=exif(0x010E, "Tide mill")))
    assert sorted(found) == ["Die Gezeitenmühle", "The tide mill at dusk", "Tide mill"]


@pytest.mark.parametrize(
    "text",
    [
        "OLYMPUS DIGITAL CAMERA         ",
        "SONY DSC",
        "DCIM\\100MEDIA\\DJI_0001.JPG",
        "Created with GIMP",
        "IMG_1.jpg",
        "  ",
    ],
)
def test_what_cameras_and_programs_write_is_no_caption(text: str) -> None:
    assert words(saved("JPEG", exif=exif(0x010E, text))) == []
    assert words(png_with(Comment=text)) == []


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=400))
def test_broken_metadata_costs_itself(junk: bytes) -> None:
    for marker in (0xE1, 0xED, 0xFE):
        captions_inside(with_segment(saved("JPEG"), marker, b"Exif\0\0" + junk))
        captions_inside(with_segment(saved("JPEG"), marker, b"http://ns.adobe.com/xap/1.0/\0" + junk))
        captions_inside(with_segment(saved("JPEG"), marker, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + junk))
    captions_inside(junk)
