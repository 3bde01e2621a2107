"""XMP inside of a PDF, which programs write beside, or instead of, its information dictionary."""

from __future__ import annotations

from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from ingest.parse.about.dates import iso_date
from ingest.parse.about.embedded import parsed_xmp
from ingest.parse.about.values import checked
from ingest.parse.about.xmp import property_texts, xmp_facts

_BEGIN, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
_DATES = {
    "created": "{http://ns.adobe.com/xap/1.0/}CreateDate",
    "modified": "{http://ns.adobe.com/xap/1.0/}ModifyDate",
}
_OF_PDF = b"http://ns.adobe.com/pdf/1.3/"
"""In a document's packet; those of its pictures speak of no PDF."""
_MOST_PACKETS = 50
_LANGUAGE = "{http://purl.org/dc/elements/1.1/}language"
_KEPT = ("author", "keywords", "copyright")


def about_pdf(data: bytes) -> dict[str, Any]:
    """Columns `author`, `keywords`, `copyright`, `language`, `created`, `modified`.

    A packet of more than 4 MB, or a broken one, says nothing. Source: XMP part 3: packets are kept plain to be found.
    """
    try:
        root = parsed_xmp(_packet(data))
        if root is None:
            return {}
        facts = xmp_facts(root)
        found = {name: facts[name] for name in _KEPT if facts.get(name)}
        texts = property_texts(root, {*_DATES.values(), _LANGUAGE})
    except (etree.XMLSyntaxError, ValueError):
        return {}
    found |= {name: iso_date(next(iter(texts.get(tag, [])), "")) for name, tag in _DATES.items()}
    found["language"] = ", ".join(texts.get(_LANGUAGE, []))
    return checked(found)


def _packet(data: bytes) -> bytes:
    """The last one that is about the document: what is changed is written behind the rest."""
    end = len(data)
    for _ in range(_MOST_PACKETS):
        end = data.rfind(_END, 0, end)
        begin = data.rfind(_BEGIN, 0, end) if end >= 0 else -1
        if begin < 0:
            break
        packet = data[begin : end + len(_END)]
        if _OF_PDF in packet:
            return packet
        end = begin
    return b""
