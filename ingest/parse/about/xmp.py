"""What programs write for photographers: XMP, inside a picture's file or in a file beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.about.values import LISTS, coordinates, degrees, stars

_DC, _XMP, _PHOTOSHOP = (
    "http://purl.org/dc/elements/1.1/",
    "http://ns.adobe.com/xap/1.0/",
    "http://ns.adobe.com/photoshop/1.0/",
)
_EXIF, _TIFF, _AUX = (
    "http://ns.adobe.com/exif/1.0/",
    "http://ns.adobe.com/tiff/1.0/",
    "http://ns.adobe.com/exif/1.0/aux/",
)
_REGIONS, _PEOPLE = (
    "http://www.metadataworkinggroup.com/schemas/regions/",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
)
_XMP_NAMES = {
    f"{{{_DC}}}creator": "author",
    f"{{{_DC}}}rights": "copyright",
    f"{{{_DC}}}subject": "keywords",
    f"{{{_XMP}}}Rating": "rating",
    f"{{{_PHOTOSHOP}}}City": "place",
    f"{{{_PHOTOSHOP}}}State": "region",
    f"{{{_PHOTOSHOP}}}Country": "country",
    f"{{{_PEOPLE}}}PersonInImage": "people",
    f"{{{_REGIONS}}}Name": "people",
    f"{{{_AUX}}}Lens": "lens",
    f"{{{_TIFF}}}Model": "camera",
    f"{{{_EXIF}}}GPSLatitude": "lat",
    f"{{{_EXIF}}}GPSLongitude": "lon",
}
_XMP_DATES = (f"{{{_EXIF}}}DateTimeOriginal", f"{{{_PHOTOSHOP}}}DateCreated", f"{{{_XMP}}}CreateDate")


_READ = frozenset((*_XMP_NAMES, *_XMP_DATES))


def xmp_facts(root: Any) -> dict[str, Any]:
    """Columns of `about_picture` that an XMP packet gives, from its root. Source: XMP part 2, MWG 2.0."""
    found: dict[str, Any] = {}
    dates: dict[str, str] = {}
    for name, texts in _properties(root, _READ):
        if name in _XMP_DATES and texts:
            dates.setdefault(name, iso_date(texts[0]))
        elif fact := _XMP_NAMES.get(name):
            if fact in LISTS:
                found.setdefault(fact, []).extend(texts)
            elif texts:
                found.setdefault(fact, ", ".join(texts))
    found["taken_at"] = next((dates[name] for name in _XMP_DATES if dates.get(name)), "")
    found["rating"] = stars(found.get("rating"))
    latitude, longitude = (degrees(found.pop(name, "")) for name in ("lat", "lon"))
    return found | coordinates(latitude, longitude)


def property_texts(root: Any, names: Collection[str]) -> dict[str, list[str]]:
    """The values of some properties of an XMP packet, by their full names."""
    return {name: texts for name, texts in _properties(root, names) if name in names and texts}


def _properties(root: Any, names: Collection[str]) -> Iterator[tuple[str, list[str]]]:
    """Names and values: XMP writes a property as an attribute, a text, or a list."""
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            yield name, [value]
        if element.tag in names:
            items = list(element.iter("{*}li"))
            texts = ["".join(item.itertext()) for item in items] or [element.text or ""]
            yield element.tag, [text.strip() for text in texts if text.strip()]
