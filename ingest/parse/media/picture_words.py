"""Captions inside picture files: IPTC, XMP, EXIF's ImageDescription, texts of PNG, comments of JPEG and GIF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.embedded import any_text, iptc_texts, parsed_xmp, xmp_root
from ingest.parse.about.values import checked
from ingest.parse.about.xmp import xmp_facts
from ingest.parse.clean import one_line, shorten
from ingest.parse.elements import OriginText
from rag.errors import ImageError
from rag.images.decode import DECODER_ERRORS, MAX_PIXELS, open_image, quietly

_MOST_CHARS = 4000
_DESCRIPTION, _XP_TITLE, _XP_COMMENT, _XP_SUBJECT = 0x010E, 0x9C9B, 0x9C9C, 0x9C9F
_EXIF_PART, _USER_COMMENT = 0x8769, 0x9286
_IPTC_TITLE, _IPTC_HEADLINE, _IPTC_CAPTION = (2, 5), (2, 105), (2, 120)
_PNG_TEXTS = ("Description", "Title", "Caption", "Headline", "Subject", "Comment", "ImageDescription")
_XMP_TEXTS = frozenset(
    {
        "{http://purl.org/dc/elements/1.1/}description",
        "{http://purl.org/dc/elements/1.1/}title",
        "{http://ns.adobe.com/photoshop/1.0/}Headline",
        "{http://ns.adobe.com/exif/1.0/}UserComment",
        "{http://ns.adobe.com/tiff/1.0/}ImageDescription",
        "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}AltTextAccessibility",
        "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}ExtDescrAccessibility",
    }
)
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_NO_CAPTION = re.compile(
    r"(?:olympus|sony|minolta|konica|konica minolta|samsung|kodak|nikon|canon|panasonic|fujifilm|jenoptik|maginon)?\s*"
    r"(?:digital (?:still )?camera|dsc|dcim\S*|exif[_ ]jpeg[_ ]picture|digimax.*|camera|screenshot|untitled|default"
    r"|image|picture|photo|bild)"
    r"|(?:created|made|edited|generated|saved|exported|converted|compressed|resized|optimized)\s"
    r"(?:with|by|using|from)\b.{0,120}|(?:creator|software|optimizer|xmp)\s*[:=].{0,200}|lead technologies.*"
    r"|file source:.*|ascii|unicode|\W*|https?://\S*|[\w-]+\.(?:png|jpe?g|gif|tiff?|psd|bmp|webp)",
    re.IGNORECASE | re.DOTALL,
)
"""What cameras and programs write where people would write a caption."""


def captions_inside(data: bytes) -> tuple[OriginText, ...]:
    """The words about it that a picture's file holds, each once; none where it cannot be read."""
    found: list[str] = []
    try:
        with open_image(data, MAX_PIXELS) as image, quietly():
            found = _captions(_texts(image))
    except (ImageError, *DECODER_ERRORS):
        pass
    return tuple(OriginText("picture file", text) for text in found)


def about_xmp(packet: bytes) -> tuple[list[str], dict[str, Any]] | None:
    """Captions in an XMP file and its columns, see `about_picture`; None where it is no XMP."""
    try:
        root = parsed_xmp(packet)
        if root is None or not root.tag.endswith(("}xmpmeta", "}RDF")):
            return None
        return _captions(xmp_words(root)), checked(xmp_facts(root))
    except (etree.XMLSyntaxError, ValueError):
        return None


def _captions(texts: Iterable[str]) -> list[str]:
    """What people wrote, each once."""
    found: list[str] = []
    for text in texts:
        text = shorten(one_line(text.replace("\\0", " ").replace("\0", " ")), _MOST_CHARS)
        if text and not _NO_CAPTION.fullmatch(text) and not any(text in other for other in found):
            found.append(text)
    return found


def _texts(image: Any) -> Iterator[str]:
    """Longest-lived first: what the others repeat, they shorten."""
    for read in (_iptc, _xmp, _exif, _info):
        try:
            yield from list(read(image))
        except (etree.XMLSyntaxError, *DECODER_ERRORS):
            continue  # one broken part does not cost the others


def _iptc(image: Any) -> Iterator[str]:
    parts = iptc_texts(image)
    for key in (_IPTC_CAPTION, _IPTC_HEADLINE, _IPTC_TITLE):
        yield from parts.get(key, ())


def _xmp(image: Any) -> Iterator[str]:
    root = xmp_root(image)
    return iter(()) if root is None else xmp_words(root)


def xmp_words(root: Any) -> Iterator[str]:
    """Captions and titles in an XMP packet."""
    for element in root.iter(etree.Element):
        yield from (value for name, value in element.attrib.items() if name in _XMP_TEXTS)
        if element.tag in _XMP_TEXTS:
            items = list(element.iter("{*}li")) or [element]
            items.sort(key=lambda item: item.get(_LANGUAGE) != "x-default")
            yield from ("".join(item.itertext()) for item in items)


def _exif(image: Any) -> Iterator[str]:
    exif = image.getexif()
    if isinstance(text := exif.get(_DESCRIPTION), str | bytes):
        # Pillow reads EXIF's texts as Latin-1, phones and programs write UTF-8.
        yield any_text(text.encode("latin-1", "replace") if isinstance(text, str) else text)
    for tag in (_XP_SUBJECT, _XP_COMMENT, _XP_TITLE):
        value = exif.get(tag)
        if isinstance(value, bytes | tuple):
            yield bytes(value).decode("utf-16-le", "replace")
    comment = exif.get_ifd(_EXIF_PART).get(_USER_COMMENT)
    if isinstance(comment, bytes):
        kind, body = comment[:8], comment[8:]
        if kind.startswith(b"UNICODE"):
            yield body.decode("utf-16-be" if exif.endian == ">" else "utf-16-le", "replace")
        elif kind.startswith(b"ASCII") or not kind.strip(b"\0"):
            yield any_text(body)


def _info(image: Any) -> Iterator[str]:
    if image.format == "PNG":
        by_name = {str(name).casefold(): value for name, value in image.info.items()}
        for name in _PNG_TEXTS:
            value = by_name.get(name.casefold())
            if isinstance(value, str | bytes):
                yield value if isinstance(value, str) else any_text(value)
    elif isinstance(comment := image.info.get("comment"), bytes | str):
        yield comment if isinstance(comment, str) else any_text(comment)
