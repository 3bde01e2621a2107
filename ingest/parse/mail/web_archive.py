"""Pages that browsers save as one file (.mht, .mhtml): a message whose parts are the page and its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from ingest.parse.decode import decode_html
from ingest.parse.elements import DocumentInfo, Element, Resolved
from ingest.parse.html.reader import parse_html
from ingest.parse.mail.headers import header, moment
from ingest.parse.mail.message import MessageParts, payload, read_message
from rag.errors import DocumentError


def parse_web_archive(data: bytes) -> Iterator[Element]:
    """Elements of the page, with its pictures.

    Raises:
        DocumentError: no page is in it.
    """
    message = read_message(data, "")
    pages = [part for part in message.walk() if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    page = next((part for part in pages if payload(part).strip()), None)
    if page is None:
        raise DocumentError("the web archive is broken (no page is in it): save the page again, as HTML or PDF")
    parts = MessageParts(message)
    base = header(page, "content-location") or header(message, "snapshot-content-location")

    def resolve(ref: str) -> Resolved | None:
        return parts.resolve(ref) or parts.resolve(urljoin(base, ref))

    about = {"created": moment(header(message, "date")), "url": base if base.startswith("http") else ""}
    metadata = {key: value for key, value in about.items() if value}
    subject = header(message, "subject")
    has_info = False
    charset = page.get_content_charset() or ""
    source = _with_parts(_page(payload(page), charset), list(parts.inline))
    for element in parse_html(source, resolve):
        if isinstance(element, DocumentInfo):
            element = DocumentInfo(element.title or subject, element.n_pages, metadata | element.metadata)
            has_info = True
        elif not has_info:
            yield DocumentInfo(subject, None, metadata)
            has_info = True
        yield element


def _with_parts(page: bytes, locations: list[str]) -> bytes:
    """The page with `cid:` before each address that a part of the archive is from: nothing else is fetched."""
    addresses = {address.encode() for address in locations if address.startswith(("http://", "https://"))}
    addresses |= {address.replace(b"&", b"&amp;") for address in addresses}
    if not addresses:
        return page
    longest_first = sorted(addresses, key=len, reverse=True)
    return re.sub(b"|".join(map(re.escape, longest_first)), lambda found: b"cid:" + found[0], page)


def _page(data: bytes, charset: str) -> bytes:
    try:
        return data.decode(charset or "utf-8").encode("utf-8", "replace")
    except (LookupError, UnicodeDecodeError):
        return decode_html(data)[0].encode("utf-8", "replace")
