"""Messages by way of the standard library: headers, body, and attachments as documents under their names."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from urllib.parse import unquote

from ingest.parse.attachments import Attachments
from ingest.parse.blocks import assemble
from ingest.parse.clean import one_line
from ingest.parse.decode import decode, decode_html, decode_text
from ingest.parse.elements import DocumentInfo, Element, Resolved, TextElement
from ingest.parse.html.reader import parse_html
from ingest.parse.mail.headers import columns, header, shown
from ingest.parse.mail.quoted import readable
from ingest.parse.passed_over import PassedOver
from rag.errors import DocumentError

_MAX_PARTS = 1_000
_MAX_DEPTH = 20
_SIGNATURES = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/x-amp-html",
    "message/delivery-status", "text/rfc822-headers",
})  # fmt: skip
_ENCRYPTED = frozenset({"application/pgp-encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"})
_NO_CHARSETS = frozenset({"", "us-ascii", "ascii", "unknown-8bit"})
_EMLX = re.compile(rb"\s*(\d{1,12})\s*\n")
_EXTENSIONS = {"message/rfc822": ".eml", "text/calendar": ".ics", "text/html": ".html", "text/plain": ".txt"}


def parse_message(data: bytes, name: str, attached: Attachments) -> Iterator[Element]:
    """Elements: headers, body, then the attachments.

    Raises:
        DocumentError: it is encrypted, or nothing is in it.
    """
    message = read_message(data, name)
    yield DocumentInfo(header(message, "subject"), None, columns(message))
    yield from message_elements(message, attached)


def read_message(data: bytes, name: str) -> Message:
    """The message; Apple's `.emlx` has a line with its length before it, and mailboxes a `From ` line."""
    if name.lower().endswith(".emlx") and (size := _EMLX.match(data)):
        data = data[size.end() : size.end() + int(size[1])]
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:200]:
        data = decode(data)[0].encode("utf-8", "replace")
    return message_from_bytes(data.lstrip(b"\r\n"), policy=policy.compat32)


def message_elements(message: Message, attached: Attachments) -> Iterator[Element]:
    """Elements of a message that has been taken apart already."""
    parts = MessageParts(message)
    if parts.is_encrypted and not parts.bodies:
        raise DocumentError("the message is encrypted: decrypt it in a mail program, and save it there")
    if lines := "\n".join([*_subject(message), *shown(message)]):
        yield TextElement(lines)
    yield from parts.body()
    for part, file_name in parts.attachments:
        data = payload(part)
        if data:
            yield from attached.read(data, file_name)
        else:
            parts.passed_over.add("empty attachments", code="attachment_unread")
    yield from parts.passed_over.warnings()


class MessageParts:
    """The parts of a message, by what they are for.

    Attributes:
        bodies: the text that is shown, of each place the best of what it is given in.
        attachments: other files, with their names.
        inline: pictures and the like that an HTML body shows, by their ids and locations.
        passed_over: counts of what is not read.
    """

    def __init__(self, message: Message) -> None:
        self.bodies: list[Message] = []
        self.attachments: list[tuple[Message, str]] = []
        self.inline: dict[str, Message] = {}
        self.passed_over = PassedOver()
        self.is_encrypted = False
        self._n_parts = 0
        self._used: set[int] = set()
        self._take(message, 0)

    def body(self) -> Iterator[Element]:
        """Elements of what is shown. Pictures that no body shows become attachments."""
        for part in self.bodies:
            data = payload(part)
            if part.get_content_type() == "text/html":
                source = _declared(data, part, is_html=True)
                for element in parse_html(source.encode("utf-8", "replace"), self.resolve):
                    if not isinstance(element, DocumentInfo):
                        yield element
            else:
                yield from assemble(readable(_declared(data, part, is_html=False)), _nothing)
        left = {id(part): part for part in self.inline.values() if id(part) not in self._used}
        self.attachments.extend((part, _name(part, len(self.attachments))) for part in left.values())

    def resolve(self, ref: str) -> Resolved | None:
        """A picture inside the message, by `cid:` or by where it was."""
        part = self.inline.get(unquote(ref.removeprefix("cid:"))) or self.inline.get(ref)
        if part is None:
            return None
        self._used.add(id(part))
        return Resolved(payload(part), "")

    def _take(self, part: Message, depth: int) -> None:
        self._n_parts += 1
        if self._n_parts > _MAX_PARTS or depth > _MAX_DEPTH:
            self.passed_over.add(f"parts of a message beyond {_MAX_PARTS:,} or nested too deeply", code="over_limit")
            return
        kind = part.get_content_type()
        if kind in _SIGNATURES:
            return
        if kind in _ENCRYPTED:
            self.is_encrypted = True
        elif part.is_multipart() and kind != "message/rfc822":
            self._take_several(part, kind, depth)
        else:
            self._take_one(part, kind)

    def _take_several(self, part: Message, kind: str, depth: int) -> None:
        children = [child for child in part.get_payload() if isinstance(child, Message)]
        if kind == "multipart/alternative":
            shown = _best(children)
            children = [child for child in children if child is shown or not _is_text(child)]
        for child in children:
            self._take(child, depth + 1)

    def _take_one(self, part: Message, kind: str) -> None:
        file_name = part.get_filename()
        is_attached = part.get_content_disposition() == "attachment" or kind == "message/rfc822"
        if _is_text(part) and not is_attached and not (file_name and self.bodies):
            self.bodies.append(part)
            return
        keys = [header(part, "content-id").strip("<> "), header(part, "content-location")]
        for key in filter(None, keys):
            self.inline.setdefault(key, part)
        if not any(keys) or is_attached:
            self.attachments.append((part, _name(part, len(self.attachments))))
            self._used.add(id(part))


def payload(part: Message) -> bytes:
    """A part's bytes; a message's own source for a message. Nothing where its encoding is broken."""
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        if isinstance(inner, list):
            inner = inner[0] if inner else ""
        try:
            return inner.as_bytes() if isinstance(inner, Message) else str(inner).encode("utf-8", "surrogateescape")
        except (ValueError, LookupError, UnicodeError, AttributeError, TypeError):
            return b""
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError, UnicodeError, AssertionError):
        return b""
    return data if isinstance(data, bytes) else b""


def _is_text(part: Message) -> bool:
    return part.get_content_type() in {"text/plain", "text/html", "text/enriched", "text/richtext"}


def _best(children: list[Message]) -> Message | None:
    """Of several forms of one text: plain text, unless it is a stub beside a page."""
    plain = next((child for child in children if child.get_content_type() == "text/plain"), None)
    rich = next(
        (c for c in children if c.get_content_type() in {"text/html", "multipart/related", "multipart/mixed"}), None
    )
    if plain is None or rich is None:
        return plain or rich or next(iter(children), None)
    words = len(re.sub(r"https?://\S+|\W+", "", decode(payload(plain))[0]))
    page = re.sub(r"<style.*?</style>|<[^>]*>|\W+", "", decode(_html_of(rich))[0], flags=re.DOTALL | re.IGNORECASE)
    return rich if words < 0.5 * len(page) or rich.is_multipart() else plain


def _html_of(part: Message) -> bytes:
    found = next((child for child in part.walk() if child.get_content_type() == "text/html"), None)
    return payload(found)[:1_000_000] if found is not None else b""


def _declared(data: bytes, part: Message, *, is_html: bool) -> str:
    """Text in the charset that the part declares, or else as any file's."""
    charset = part.get_content_charset() or ""
    if charset in _NO_CHARSETS:
        return (decode_html if is_html else decode)(data)[0]
    return decode_text(data, charset).text


def _name(part: Message, number: int) -> str:
    name = part.get_filename() or part.get_param("name") or ""
    name = one_line(header_text(name))
    if name:
        return name
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        first = inner[0] if isinstance(inner, list) and inner else None
        subject = header(first, "subject") if isinstance(first, Message) else ""
        return f"{subject or 'message'}.eml"
    return f"attachment {number + 1}{_EXTENSIONS.get(part.get_content_type(), '')}"


def header_text(value: object) -> str:
    """A parameter, whose encoding RFC 2231 may keep beside it."""
    if isinstance(value, tuple):
        charset, _, text = value
        try:
            return str(text).encode("latin-1", "replace").decode(charset or "ascii", "replace")
        except LookupError:
            return str(text)
    holder = Message()
    holder["x"] = str(value).replace("\n", " ").replace("\r", " ")
    return header(holder, "x")


def _subject(message: Message) -> Iterator[str]:
    if subject := header(message, "subject"):
        yield f"Subject: {subject}"


def _nothing(_: str) -> None:
    return None
