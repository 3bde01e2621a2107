from __future__ import annotations

import pytest

from ingest.parse.elements import DocumentInfo
from rag.errors import DocumentError
from tests.ingest.parse.conftest import Read
from tests.ingest.parse.offices import png, zipped

CONTAINER = b"""<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
  <rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
BOOK = b"""<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:title>Pumps</dc:title><dc:creator>Ann</dc:creator></metadata>
  <manifest><item id="two" href="text/second%20part.xhtml"/><item id="one" href="text/first.xhtml"/>
    <item id="p" href="pictures/rotor.png"/></manifest>
  <spine><itemref idref="one"/><itemref idref="two"/></spine></package>"""
FIRST = b"""<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>First file</title></head>
  <body><h1>Care</h1><p>Check the seal.</p><img src="../pictures/rotor.png" alt="the rotor"/></body></html>"""
SECOND = b"<html><body><h1>Repair</h1><p>Change the seal.</p><img src='http://elsewhere/a.png'/></body></html>"


def book(**parts: bytes) -> bytes:
    """Its parts by name, `__` for `/` and `_` for a blank."""
    whole = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": BOOK,
        "OEBPS/text/first.xhtml": FIRST,
        "OEBPS/text/second part.xhtml": SECOND,
        "OEBPS/pictures/rotor.png": png().getvalue(),
    }
    return zipped({**whole, **{name.replace("__", "/").replace("_", " "): data for name, data in parts.items()}})


def test_chapters_are_read_in_the_order_of_the_book_with_their_pictures(read: Read) -> None:
    found = read(book(), "a.epub")
    assert found.info == DocumentInfo("Pumps", metadata={"author": "Ann"})
    assert found.sections == [((), "author: Ann"), (("Care",), "Check the seal."), (("Repair",), "Change the seal.")]
    assert (found.image.name, found.image.heading_path) == ("OEBPS/pictures/rotor.png", ("Care",))
    assert found.words("alt") == ["the rotor"]
    assert found.warnings == ["pictures left out, remote or absolute links are not fetched: 1"]


def test_a_protected_book_says_so(read: Read) -> None:
    lock = b"""<encryption><EncryptedData><CipherData><CipherReference URI="OEBPS/text/first.xhtml"/></CipherData>
      </EncryptedData></encryption>"""
    with pytest.raises(DocumentError, match="protected"):
        read(book(**{"META-INF__encryption.xml": lock}), "a.epub")


def test_hidden_fonts_protect_nothing(read: Read) -> None:
    fonts = b"<encryption><EncryptedData><CipherReference URI='OEBPS/font.otf'/></EncryptedData></encryption>"
    assert len(read(book(**{"META-INF__encryption.xml": fonts}), "a.epub").texts) == 3


@pytest.mark.parametrize("package", [b"", b"no xml", b"<package/>"])
def test_a_book_without_chapters_is_broken(read: Read, package: bytes) -> None:
    with pytest.raises(DocumentError, match="lists no chapters"):
        read(book(**{"OEBPS__book.opf": package}), "a.epub")


def test_a_chapter_that_is_gone_costs_itself(read: Read) -> None:
    listed = BOOK.replace(b"text/first.xhtml", b"text/lost.xhtml")
    found = read(book(**{"OEBPS__book.opf": listed}), "a.epub")
    assert found.texts == ["author: Ann", "Change the seal."]
    assert "chapter OEBPS/text/lost.xhtml is missing" in found.warnings


def test_a_book_zipped_by_hand_is_a_book(read: Read) -> None:
    whole = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": BOOK, "OEBPS/text/first.xhtml": FIRST}
    for late in (zipped({**whole, "mimetype": b"application/epub+zip"}), zipped(whole)):
        assert "Check the seal." in read(late, "a.epub").texts


COVER = b"""<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
  <dc:title>Bells</dc:title><dc:creator>Ann</dc:creator><dc:creator>Bo</dc:creator><dc:subject>casting</dc:subject>
  <dc:description>How &lt;b&gt;bells&lt;/b&gt; are cast.</dc:description><dc:date>1921-05-04</dc:date>
  <meta name="cover" content="c"/></metadata><manifest><item id="one" href="text/first.xhtml"/>
    <item id="c" href="pictures/rotor.png" media-type="image/png"/>
    <item id="l" href="pictures/lost.png" media-type="image/png"/>
    <item id="pic" href="pictures/page.png" media-type="image/png"/>%s</manifest>
  <spine><itemref idref="one"/><itemref idref="pic"/></spine></package>"""


def test_cover_picture_pages_and_what_no_page_shows(read: Read) -> None:
    page = b"<html><body><p>Text.</p><svg><image xlink:href='../pictures/svg.png'/></svg></body></html>"
    pictures = {
        f"OEBPS__pictures__{name}.png": png(size=(60 + n, 60)).getvalue() for n, name in enumerate(("svg", "page"))
    }
    found = read(
        book(OEBPS__book_opf=b"", **{"OEBPS__book.opf": COVER % b"", "OEBPS__text__first.xhtml": page}, **pictures), "a"
    )
    assert [image.name for image in found.images] == [
        "OEBPS/pictures/svg.png", "OEBPS/pictures/page.png", "OEBPS/pictures/rotor.png"
    ]  # fmt: skip
    assert "Cover of Bells" in found.words("alt")
    assert found.info.metadata == {
        "author": ["Ann", "Bo"],
        "keywords": "casting",
        "description": "How bells are cast.",
        "published": "1921-05-04",
    }
    assert found.texts[0] == "How bells are cast.\nauthor: Ann, Bo\nkeywords: casting"
    assert "passed over, pictures of the book that no page shows or that cannot be used: 1" in found.warnings
