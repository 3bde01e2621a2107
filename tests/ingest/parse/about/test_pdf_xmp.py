"""A PDF's own XMP packet, among those of its pictures and behind older ones."""

from __future__ import annotations

import pytest

from ingest.parse.about.pdf_xmp import about_pdf

HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
)
OF_PDF = 'xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '


def packet(author: str, created: str = "2018-03-04T10:00:00+01:00", of: str = OF_PDF, more: str = "") -> bytes:
    said = (
        f'{HEAD}{of}xmp:CreateDate="{created}"><dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>'
        "<dc:subject><rdf:Bag><rdf:li>pump</rdf:li><rdf:li>valve</rdf:li></rdf:Bag></dc:subject>"
        f"<dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>{more}</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return said.encode()


def test_the_last_packet_about_the_document_counts() -> None:
    data = b"%PDF" + packet("Old") + b"..." + packet("H. Vosper") + b"\xff\xd8" + packet("A camera", of="") + b"%%EOF"
    assert about_pdf(data) == {
        "author": "H. Vosper",
        "created": "2018-03-04T10:00:00+01:00",
        "keywords": ["pump", "valve"],
        "language": "en",
    }


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"</x:xmpmeta>" * 1000,
        b"<x:xmpmeta" * 1000,
        b"<x:xmpmeta http://ns.adobe.com/pdf/1.3/ \x00\xff</x:xmpmeta>",
        packet("x", more="<a>" * 100_000),
        packet("x", of=""),
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + packet("x", of=""),
        b"<x:xmpmeta" + b" " * (5 << 20) + OF_PDF.encode() + b"</x:xmpmeta>",
    ],
)
def test_broken_hostile_and_endless_packets_cost_themselves(data: bytes) -> None:
    assert set(about_pdf(data)) <= {"author", "created", "keywords", "language"}


def test_impossible_dates_are_none() -> None:
    assert "created" not in about_pdf(packet("x", created="0000-00-00"))
