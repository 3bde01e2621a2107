"""What a picture's file says of itself: when and where it was taken, with what, by whom, of whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.about.embedded import any_text, iptc_texts, xmp_root
from ingest.parse.about.exif import exif_facts
from ingest.parse.about.values import LISTS, checked
from ingest.parse.about.xmp import xmp_facts
from rag.errors import ImageError
from rag.images.decode import DECODER_ERRORS, MAX_PIXELS, open_image, quietly

Facts: TypeAlias = Mapping[str, Any]
_IPTC = {
    (2, 80): "author",
    (2, 116): "copyright",
    (2, 25): "keywords",
    (2, 90): "place",
    (2, 95): "region",
    (2, 101): "country",
}
_IPTC_DAY, _IPTC_TIME = (2, 55), (2, 60)
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
    return checked(found)


def _read(read: Callable[[Any], Facts], image: Any) -> Facts:
    """One broken block costs itself."""
    try:
        return {name: value for name, value in read(image).items() if value not in (None, "", [])}
    except (etree.XMLSyntaxError, ValueError, ArithmeticError, TypeError, *DECODER_ERRORS):
        return {}


def _xmp_facts(image: Any) -> Facts:
    root = xmp_root(image)
    return {} if root is None else xmp_facts(root)


def _iptc_facts(image: Any) -> Facts:
    parts = iptc_texts(image)
    found: dict[str, Any] = {
        name: texts if name in LISTS else ", ".join(texts) for key, name in _IPTC.items() if (texts := parts.get(key))
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
