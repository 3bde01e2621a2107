"""Messages that Outlook saves (.msg), by way of python-oxmsg."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from typing import Any

from ingest.parse.attachments import Attachments
from ingest.parse.blocks import assemble
from ingest.parse.clean import one_line
from ingest.parse.elements import DocumentInfo, Element, Resolved, TextElement
from ingest.parse.html.reader import parse_html
from ingest.parse.mail.headers import columns, shown
from ingest.parse.mail.quoted import readable
from ingest.parse.office.binary.compound import BROKEN, broken
from ingest.parse.passed_over import PassedOver

_MAX_ATTACHMENTS = 500
_CONTENT_ID, _DISPLAY_NAME, _RTF = 0x3712, 0x3001, 0x1009
_ERRORS = (*BROKEN, AssertionError, KeyError)


def parse_outlook(data: bytes, attached: Attachments) -> Iterator[Element]:
    """Elements: headers, body, then the attachments.

    Raises:
        DocumentError: broken.
    """
    import oxmsg

    try:
        source = oxmsg.Message.load(data)
        message, body, page = _message(source), source.body or "", _page(source)
        attachments = list(source.attachments)[:_MAX_ATTACHMENTS]
        rtf = b"" if body or page else _unpacked(source.properties.binary_prop_value(_RTF) or b"")
    except _ERRORS as error:
        raise broken(error) from error
    passed_over = PassedOver()
    files = [file for file in map(_file, attachments) if file]
    n_others = len(attachments) - len(files)
    passed_over.add("attachments that are Outlook items or links", n_others, code="attachment_unread")
    subject = one_line(str(message.get("subject") or ""))
    yield DocumentInfo(subject, None, columns(message))
    if lines := "\n".join([f"Subject: {subject}", *shown(message)] if subject else shown(message)):
        yield TextElement(lines)
    used: set[str] = set()

    def resolve(ref: str) -> Resolved | None:
        for name, content, content_id in files:
            if ref.removeprefix("cid:") in {content_id, name}:
                used.add(name)
                return Resolved(content, "")
        return None

    if body.strip():
        yield from assemble(readable(body), lambda _: None)
    elif page:
        yield from (e for e in parse_html(page.encode("utf-8", "replace"), resolve) if not isinstance(e, DocumentInfo))
    elif rtf:
        yield from attached.read(rtf, "body.rtf", heading="Body")
    for name, content, _ in files:
        if name not in used:
            yield from attached.read(content, name)
    yield from passed_over.warnings()


def _message(source: Any) -> Message:
    """Its headers as those of any message."""
    message = Message()
    headers = {key.lower(): value for key, value in source.message_headers.items()}
    recipients = ", ".join(f"{r.name} <{r.email_address}>" for r in source.recipients)
    sent = source.sent_date
    found = {
        "from": headers.get("from") or source.sender,
        "to": headers.get("to") or recipients,
        "cc": headers.get("cc"),
        "subject": source.subject,
        "date": headers.get("date") or (sent.strftime("%a, %d %b %Y %H:%M:%S %z") if sent else ""),
        **{name: headers.get(name) for name in ("message-id", "in-reply-to", "references")},
    }
    for name, value in found.items():
        if value:
            message[name] = one_line(str(value))
    return message


def _page(source: Any) -> str:
    try:
        return source.html_body or ""
    except (LookupError, UnicodeDecodeError):
        return ""


def _file(attachment: Any) -> tuple[str, bytes, str] | None:
    try:
        content = attachment.file_bytes
        name = attachment.file_name or attachment.properties.str_prop_value(_DISPLAY_NAME) or "without a name"
        content_id = attachment.properties.str_prop_value(_CONTENT_ID) or ""
    except _ERRORS:
        return None
    return (one_line(name), content, content_id) if content else None


_RTF_HEAD = 16
_LZ_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    b"\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def _unpacked(data: bytes) -> bytes:
    """RTF as Outlook packs it ([MS-OXRTFCP] 2.1.3): LZ77 over 4,096 bytes that are not empty at first."""
    if data[8:12] == b"MELA":
        return data[_RTF_HEAD:]
    if data[8:12] != b"LZFu":
        return b""
    window = bytearray(_LZ_DICTIONARY.ljust(4096, b"\0"))
    write, at, out = len(_LZ_DICTIONARY), _RTF_HEAD, bytearray()
    size = int.from_bytes(data[4:8], "little")
    while at < len(data) and len(out) < size:
        control, at = data[at], at + 1
        for bit in range(8):
            if at >= len(data):
                break
            if not control >> bit & 1:
                chunk, at = data[at : at + 1], at + 1
            else:
                token, at = int.from_bytes(data[at : at + 2], "big"), at + 2
                start, n_bytes = token >> 4, (token & 0xF) + 2
                if start == write:
                    return bytes(out)
                chunk = b""
                for offset in range(n_bytes):
                    byte = window[(start + offset) % 4096]
                    window[(write + offset) % 4096] = byte
                    chunk += bytes([byte])
            for byte in chunk:
                window[write] = byte
                write = (write + 1) % 4096
            out += chunk
    return bytes(out)
