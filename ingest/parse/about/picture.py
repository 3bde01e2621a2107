"""What a picture's file says of itself: when and where it was taken, with what, by whom, of whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.about.embedded import any_text, iptc_texts, xmp_root
from ingest.parse.about.exif import exif_facts
from ingest.parse.about.values import coordinates, degrees, stars
from ingest.parse.clean import one_line, shorten
from rag.errors import ImageError
from rag.images.decode import DECODER_ERRORS, MAX_PIXELS, open_image, quietly

Facts: TypeAlias = Mapping[str, Any]
_MOST_CHARS = 300
_MOST_ITEMS = 100
_LISTS = frozenset({"keywords", "people"})
_IPTC = {
    (2, 80): "author",
    (2, 116): "copyright",
    (2, 25): "keywords",
    (2, 90): "place",
    (2, 95): "region",
    (2, 101): "country",
}
_IPTC_DAY, _IPTC_TIME = (2, 55), (2, 60)
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
_PNG = {"author": "author", "artist": "author", "copyright": "copyright", "keywords": "keywords"}
_PNG_DATES = ("creation time", "date:create")


def about_picture(data: bytes) -> dict[str, Any]:
    """Columns, each where the file says it; nothing where it cannot be read.

    `taken_at` (ISO 8601), `camera`, `lens`, `focal_length_mm`, `author`, `copyright`, `keywords` and `people` (lists),
    `rating` (0 to 5), `place`, `region`, `country`, `lat`, `lon` (degrees). What EXIF says goes first, for cameras
    write it; then XMP, IPTC and the texts of PNG. Source: EXIF 2.32, XMP part 2, IPTC IIM 4.2.
    """
    found: dict[str, Any] = {}
    try:
        with open_image(data, MAX_PIXELS) as image, quietly():
            for read in (exif_facts, _xmp_facts, _iptc_facts, _png_facts):
                found = dict(_read(read, image)) | found
    except (ImageError, *DECODER_ERRORS):
        return {}
    return {name: value for name, value in map(_checked, found.items()) if value not in (None, "", [])}


def _read(read: Callable[[Any], Facts], image: Any) -> Facts:
    """One broken block costs itself."""
    try:
        return {name: value for name, value in read(image).items() if value not in (None, "", [])}
    except (etree.XMLSyntaxError, ValueError, ArithmeticError, TypeError, *DECODER_ERRORS):
        return {}


def _checked(fact: tuple[str, Any]) -> tuple[str, Any]:
    name, value = fact
    if name in _LISTS:
        items = (shorten(one_line(str(item)), _MOST_CHARS) for item in value[:_MOST_ITEMS])
        return name, list(dict.fromkeys(filter(None, items)))
    return name, shorten(one_line(value), _MOST_CHARS) if isinstance(value, str) else value


def _xmp_facts(image: Any) -> Facts:
    root = xmp_root(image)
    if root is None:
        return {}
    found: dict[str, Any] = {}
    dates: dict[str, str] = {}
    for name, texts in _properties(root):
        if name in _XMP_DATES and texts:
            dates.setdefault(name, iso_date(texts[0]))
        elif fact := _XMP_NAMES.get(name):
            if fact in _LISTS:
                found.setdefault(fact, []).extend(texts)
            elif texts:
                found.setdefault(fact, ", ".join(texts))
    found["taken_at"] = next((dates[name] for name in _XMP_DATES if dates.get(name)), "")
    found["rating"] = stars(found.get("rating"))
    latitude, longitude = (degrees(found.pop(name, "")) for name in ("lat", "lon"))
    return found | coordinates(latitude, longitude)


def _properties(root: Any) -> Iterator[tuple[str, list[str]]]:
    """Names and values: XMP writes a property as an attribute, a text, or a list."""
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            yield name, [value]
        if element.tag in _XMP_NAMES or element.tag in _XMP_DATES:
            items = list(element.iter("{*}li"))
            texts = ["".join(item.itertext()) for item in items] or [element.text or ""]
            yield element.tag, [text.strip() for text in texts if text.strip()]


def _iptc_facts(image: Any) -> Facts:
    parts = iptc_texts(image)
    found: dict[str, Any] = {
        name: texts if name in _LISTS else ", ".join(texts) for key, name in _IPTC.items() if (texts := parts.get(key))
    }
    day, time = (next(iter(parts.get(key, [])), "") for key in (_IPTC_DAY, _IPTC_TIME))
    found["taken_at"] = iso_date(f"{day}T{time}") or iso_date(day)
    return found


def _png_facts(image: Any) -> Facts:
    if image.format != "PNG":
        return {}
    texts = {
        str(name).casefold(): any_text(value) if isinstance(value, bytes) else value
        for name, value in image.info.items()
        if isinstance(value, str | bytes)
    }
    found: dict[str, Any] = {fact: texts[name] for name, fact in _PNG.items() if name in texts}
    if "keywords" in found:
        found["keywords"] = found["keywords"].split(",")
    found["taken_at"] = next(filter(None, (iso_date(texts.get(name, "")) for name in _PNG_DATES)), "")
    return found
