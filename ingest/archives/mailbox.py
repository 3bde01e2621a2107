"""Mailboxes (mbox) as archives of messages: each is a document, and keeps its name when others come and go."""

from __future__ import annotations

import hashlib
import io
import mmap
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO

from ingest.archives.containers import Limits, Member, Window
from ingest.paths import member_name

_BEGIN = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]{1,500}\n(?=[!-9;-~]{1,70}:|>From )")
_HEAD_BYTES = 65_536
_SUBJECT_CHARS = 60
_UNFIT = re.compile(r"[^\w\s.,()\[\]&+@#=-]+", re.UNICODE)


class MailboxArchive:
    """A mailbox on disk. Messages are named by day, subject and a digest of their own id.

    Raises:
        DocumentError: over the limits.
    """

    n_links = 0
    broken = ""

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self._members: list[Member] = []
        self._offsets: list[int] = []
        n_bytes = Path(path).stat().st_size
        with Path(path).open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as box:
            starts = []
            for found in _BEGIN.finditer(box):
                starts.append((found.start(), found.end()))
                limits.check_archive(members=len(starts), unpacked_bytes=0, packed_bytes=n_bytes)
            ends = [start for start, _ in starts[1:]] + [n_bytes]
            for (_, start), end in zip(starts, ends, strict=True):
                name = _name(box[start : min(end, start + _HEAD_BYTES)])
                self._members.append(Member(len(self._members), name, end - start))
                self._offsets.append(start)

    def members(self) -> Iterator[Member]:
        yield from self._members

    def open(self, index: int) -> IO[bytes]:
        return io.BufferedReader(Window(self._path, self._offsets[index], self._members[index].size_bytes))


def _name(head: bytes) -> str:
    end = re.search(rb"\r?\n\r?\n", head)
    block = head[: end.start()] if end else head
    message = message_from_bytes(block, policy=policy.compat32)
    own = str(message.get("message-id") or "").strip()
    digest = hashlib.sha256(own.encode("utf-8", "replace") if own else block).hexdigest()[:8]
    subject = _UNFIT.sub(" ", _decoded(str(message.get("subject") or "")))
    words = " ".join(subject.split())[:_SUBJECT_CHARS].strip(" .")
    parts = filter(None, (_day(str(message.get("date") or "")), words or "no subject", digest))
    return member_name(" ".join(parts) + ".eml") or f"{digest}.eml"


def _decoded(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (ValueError, LookupError, UnicodeError):
        return text


def _day(date: str) -> str:
    try:
        return parsedate_to_datetime(date).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
