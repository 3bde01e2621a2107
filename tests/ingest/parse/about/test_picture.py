"""What picture files say of themselves becomes columns, whichever block says it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from ingest.parse.about.picture import about_picture
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.tagged import saved, with_iptc, with_segment, with_xmp

LISBON = {1: "N", 2: (38.0, 42.0, 50.0), 3: "W", 4: (9.0, 8.0, 22.0)}


def taken(
    main: dict[int, Any] | None = None, part: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> bytes:
    """A JPEG with EXIF: its main directory, that of the exposure, that of the place."""
    exif = Image.Exif()
    exif.update(main or {})
    exif.get_ifd(0x8769).update(part or {})
    exif.get_ifd(0x8825).update(gps or {})
    return saved("JPEG", exif=exif.tobytes())


def test_what_a_camera_writes() -> None:
    main = {0x010F: "Canon", 0x0110: "Canon EOS R6", 0x013B: "Ines Prado", 0x8298: "(c) Prado", 0x4746: 4}
    part = {0x9003: "2019:07:14 10:22:33", 0x9011: "+01:00", 0x920A: IFDRational(35, 1), 0xA434: "RF 35mm F1.8"}
    assert about_picture(taken(main, part, LISBON)) == {
        "taken_at": "2019-07-14T10:22:33+01:00",
        "camera": "Canon EOS R6",
        "lens": "RF 35mm F1.8",
        "focal_length_mm": 35.0,
        "author": "Ines Prado",
        "copyright": "(c) Prado",
        "rating": 4,
        "lat": 38.71389,
        "lon": -9.13944,
    }


def test_the_zone_comes_from_the_satellites_where_the_camera_has_none() -> None:
    gps = LISBON | {7: (9.0, 22.0, 31.0), 29: "2019:07:14"}
    found = about_picture(taken({}, {0x9003: "2019:07:14 10:22:33"}, gps))
    assert found["taken_at"] == "2019-07-14T10:22:33+01:00"


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("NIKON CORPORATION", "NIKON D90", "NIKON D90"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("", "X100", "X100"),
        ("Pentax", "", "Pentax"),
    ],
)
def test_make_and_model_are_one_name(make: str, model: str, camera: str) -> None:
    assert about_picture(taken({0x010F: make, 0x0110: model})) == {"camera": camera}


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (98.0, 0.0, 0.0), 3: "E", 4: (9.0, 0.0, 0.0)},
        {1: "N", 2: (IFDRational(1, 0), 0.0, 0.0), 3: "E", 4: (9.0, 0.0, 0.0)},
        {1: "N", 2: (38.0, 42.0, 50.0)},
    ],
)
def test_coordinates_of_nowhere_are_none(gps: dict[int, Any]) -> None:
    assert about_picture(taken({0x010F: "Canon"}, {}, gps)) == {"camera": "Canon"}


def test_what_programs_write_as_xmp() -> None:
    found = about_picture(
        with_xmp(
            saved("JPEG"),
            "<dc:creator><rdf:Seq><rdf:li>Ines Prado</rdf:li><rdf:li>Kenji Mori</rdf:li></rdf:Seq></dc:creator>"
            "<dc:subject><rdf:Bag><rdf:li>beach</rdf:li><rdf:li>holiday</rdf:li><rdf:li>beach</rdf:li></rdf:Bag>"
            "</dc:subject><xmp:Rating>5</xmp:Rating><xmp:CreateDate>2020-01-01T00:00:00</xmp:CreateDate>"
            "<photoshop:DateCreated>2019-07</photoshop:DateCreated><photoshop:City>Lisboa</photoshop:City>"
            "<photoshop:Country>Portugal</photoshop:Country><exif:GPSLatitude>38,42.84N</exif:GPSLatitude>"
            "<exif:GPSLongitude>9,8,22W</exif:GPSLongitude>"
            "<ext:PersonInImage><rdf:Bag><rdf:li>Nell Abney</rdf:li></rdf:Bag></ext:PersonInImage>"
            '<mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description mwg-rs:Name="Mr. Gull"/></rdf:li></rdf:Bag>'
            "</mwg-rs:RegionList>",
        )
    )
    assert found == {
        "author": "Ines Prado, Kenji Mori",
        "keywords": ["beach", "holiday"],
        "rating": 5,
        "taken_at": "2019-07",
        "place": "Lisboa",
        "country": "Portugal",
        "people": ["Nell Abney", "Mr. Gull"],
        "lat": 38.714,
        "lon": -9.13944,
    }


def test_what_agencies_write_as_iptc() -> None:
    datasets = [
        ((2, 80), "Inês".encode()), ((2, 25), b"harbour"), ((2, 25), b"boats"), ((2, 55), b"20190714"),
        ((2, 60), b"102233+0100"), ((2, 90), b"Lisbon"), ((2, 101), b"Portugal"),
    ]  # fmt: skip
    assert about_picture(with_iptc(saved("JPEG"), datasets)) == {
        "author": "Inês",
        "keywords": ["harbour", "boats"],
        "taken_at": "2019-07-14T10:22:33+01:00",
        "place": "Lisbon",
        "country": "Portugal",
    }


def test_what_png_says() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("Author", "Zoë")
    info.add_text("Creation Time", "2019:07:14 10:22:33")
    assert about_picture(saved("PNG", pnginfo=info)) == {"author": "Zoë", "taken_at": "2019-07-14T10:22:33"}


def test_exif_goes_before_what_programs_added_later() -> None:
    data = with_xmp(
        taken({0x013B: "The camera's owner"}), "<dc:creator><rdf:Seq><rdf:li>x</rdf:li></rdf:Seq></dc:creator>"
    )
    assert about_picture(data) == {"author": "The camera's owner"}


def test_too_much_is_cut_and_broken_blocks_cost_themselves() -> None:
    many = "".join(f"<rdf:li>{'w' * 400}{n}</rdf:li>" for n in range(200))
    data = with_xmp(taken({0x013B: "Ann"}, {0x9003: "0000:00:00 00:00:00"}), "<dc:subject><rdf:Bag>" + "<rdf:li>a")
    assert about_picture(data)["author"] == "Ann"
    found = about_picture(with_xmp(saved("JPEG"), f"<dc:subject><rdf:Bag>{many[:60_000]}</rdf:Bag></dc:subject>"))
    assert 0 < len(found["keywords"]) <= 100
    assert all(len(word) <= 300 for word in found["keywords"])


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=200))
def test_nothing_in_a_picture_breaks_its_reading(junk: bytes) -> None:
    for marker, start in (
        (0xE1, b"Exif\0\0"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        (0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0"),
    ):
        about_picture(with_segment(saved("JPEG"), marker, start + junk))
    about_picture(junk)


def test_a_picture_of_its_own_has_the_columns(read: Read) -> None:
    assert read(taken({0x013B: "Ines Prado"}), "a.jpg").info.metadata == {"author": "Ines Prado"}
