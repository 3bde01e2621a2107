"""A message's headers: words of the document, and columns that name its thread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from ingest.parse.clean import one_line

_SHOWN = (("From", "from"), ("To", "to"), ("Cc", "cc"), ("Date", "date"), ("Reply-To", "reply-to"))
_MAX_CHARS = 2_000
_ID = re.compile(r"<([^<>\s]{1,400})>")
_REPLY = re.compile(r"^(?:(?:re|aw|fw|fwd|wg|sv|vs|rv|tr|antw|odp)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def header(message: Message, name: str) -> str:
    """A header as people read it, whatever it was encoded with; empty where there is none."""
    try:
        raw = message.get(name)
    except Exception:  # noqa: BLE001 - the library raises whatever it meets in a broken header
        raw = next((value for key, value in message.raw_items() if key.lower() == name), "")
    if raw is None:
        return ""
    text = str(raw)
    try:
        if "=?" in text:
            text = str(make_header(decode_header(text)))
    except (ValueError, LookupError, UnicodeError):
        pass
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return one_line(text)[:_MAX_CHARS]


def columns(message: Message) -> dict[str, str]:
    """What the headers say, by the names under which it can be filtered.

    `thread` is the same for a message and all answers to it: the first message that it refers to, or its own id.
    """
    own = _ID.findall(header(message, "message-id"))
    above = _ID.findall(header(message, "references")) or _ID.findall(header(message, "in-reply-to"))
    answered = _ID.findall(header(message, "in-reply-to")) or above[-1:]
    found = {
        "author": names(header(message, "from")),
        "to": names(header(message, "to")),
        "cc": names(header(message, "cc")),
        "created": moment(header(message, "date")),
        "subject": header(message, "subject"),
        "message_id": own[0] if own else "",
        "in_reply_to": answered[0] if answered else "",
        "thread": (above or own or [""])[0],
        "thread_subject": _REPLY.sub("", header(message, "subject")),
        "keywords": header(message, "x-gmail-labels") or header(message, "keywords"),
    }
    return {key: value for key, value in found.items() if value}


def shown(message: Message) -> Iterator[str]:
    """The headers that people see above a message, a line each; without its subject, which is its title."""
    for label, name in _SHOWN:
        value = header(message, name)
        if value and not (name == "reply-to" and value == header(message, "from")):
            yield f"{label}: {value}"


def names(addresses: str) -> str:
    """Names where there are any, else addresses, with commas between."""
    found = (one_line(name) or address for name, address in getaddresses([addresses]))
    return ", ".join(filter(None, found))


def moment(date: str) -> str:
    """A date as ISO writes it, with the sender's own zone; empty where it is none."""
    try:
        when = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()
