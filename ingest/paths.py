"""Names of files and archive members: made safe to keep, to show and to compare. Nothing here touches a disk."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Iterator

MEMBER = "!/"
"""Between an archive's path and a member's: `/a/b.zip!/inner.png`."""

_JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information"})
_ESCAPED_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


def identity(path: str) -> str:
    """The path as valid Unicode: a byte that is not UTF-8 becomes `\\xff`, so that any store and JSON can keep it."""
    if path.isascii():
        return path
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which no file system gave
        raw = path.encode("utf-8", "backslashreplace")
    return raw.decode("utf-8", "backslashreplace")


def real_path(path: str) -> str:
    """Undoes `identity` for a path that was kept: the name to open."""
    raw = _ESCAPED_BYTE.sub(lambda m: bytes([int(m[1], 16)]).decode("utf-8", "surrogateescape"), path)
    return raw if not os.path.lexists(path) and os.path.lexists(raw) else path


def shown(path: str) -> str:
    """The path for people: control characters, line ends and direction marks become escapes."""
    safe = identity(path)
    if safe.isprintable():
        return safe
    return "".join(c if c.isprintable() else _escaped(c) for c in safe)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def compare_key(text: str) -> str:
    """What two spellings of one name share: NFC (zips made on a Mac hold NFD) and no case."""
    return text.casefold() if text.isascii() else unicodedata.normalize("NFC", identity(text)).casefold()


def is_hidden(name: str) -> bool:
    """Names that file managers hide, and the litter they leave: `.git`, `.DS_Store`, `__MACOSX`, `~$report.docx`."""
    return name.startswith((".", "~$")) or name.casefold() in _JUNK


def is_inside(path: str, prefix: str) -> bool:
    """Whether `path` is `prefix`, a file below it, or a member of it."""
    return path == prefix or path.startswith((prefix.rstrip("/") + "/", prefix + MEMBER))


def ancestors(path: str) -> Iterator[str]:
    """The path and everything it may lie in: its folders, and the archive for a member."""
    while True:
        yield path
        if path.endswith("!"):
            yield path[:-1]
        above = posixpath.dirname(path)
        if above in (path, ""):
            return
        path = above


def member_name(raw: str) -> str:
    """A member's name without what could leave the archive: drive, leading slashes, `.` and `..`."""
    parts = re.sub(r"^[A-Za-z]:", "", raw.replace("\\", "/")).split("/")
    return "/".join(part.replace("\0", "") for part in parts if part not in ("", ".", ".."))


def join_reference(folder: str, reference: str) -> str | None:
    """Where a relative link leads, both relative to one root; None for a URL, an absolute path or a way out."""
    reference = reference.replace("\\", "/")
    if not reference or "\0" in reference or reference.startswith("/") or _SCHEME.match(reference):
        return None
    target = posixpath.normpath(posixpath.join(folder, reference))
    return None if target.startswith("../") or target in ("..", ".") else target
