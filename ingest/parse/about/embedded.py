"""The metadata blocks of picture files, opened: XMP packets and IPTC records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

_MOST_XMP_BYTES = 4 << 20
_IPTC_CHARSET = (1, 90)


def xmp_root(image: Any) -> Any | None:
    """The root of a picture's XMP packet; None where it has none, or more than 4 MB of it.

    Raises:
        lxml.etree.XMLSyntaxError: it is broken.
    """
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    if not packet and hasattr(image, "tag_v2"):
        packet = image.tag_v2.get(700) or b""
    packet = packet.encode() if isinstance(packet, str) else bytes(packet)
    return parsed_xmp(packet)


def parsed_xmp(packet: bytes) -> Any | None:
    """The root of an XMP packet; None where it is empty or has more than 4 MB.

    Raises:
        lxml.etree.XMLSyntaxError: it is broken.
    """
    if not 0 < len(packet) <= _MOST_XMP_BYTES:
        return None
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    return etree.fromstring(packet.strip(b"\0 \r\n"), parser)


def iptc_texts(image: Any) -> Mapping[tuple[int, int], list[str]]:
    """Texts of a JPEG's or TIFF's IPTC record by record and dataset number."""
    from PIL import IptcImagePlugin

    if image.format not in ("JPEG", "TIFF"):
        return {}
    parts: Mapping[tuple[int, int], Any] = IptcImagePlugin.getiptcinfo(image) or {}
    is_utf8 = parts.get(_IPTC_CHARSET) == b"\x1b%G"
    return {
        key: [
            one.decode("utf-8", "replace") if is_utf8 else any_text(one)
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, bytes)
        ]
        for key, value in parts.items()
    }


def any_text(raw: bytes) -> str:
    """A text in an encoding that nothing names."""
    from ingest.parse.decode import decode

    return decode(raw.strip(b"\0 "))[0]
