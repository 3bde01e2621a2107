"""Names of files and archive members: made safe to keep, to show and to compare. Nothing here touches a disk."""

from __future__ import annotations

import os
import posixpath
import re
import unicodedata
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property

MEMBER = "!/"
"""Between an archive's path and a member's: `/a/b.zip!/inner.png`."""

_JUNK = frozenset({"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information"})
_ESCAPED_BYTE = re.compile(r"\\x([89a-f][0-9a-f])")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass(frozen=True)
class DumpPath:
    """A file of a dump, or a member of an archive: `/a/b.zip!/inner.png`. Made once, where the walk meets it.

    Attributes:
        raw: absolute, as the file system and the archive spell it: what to open.
        identity: `raw` as valid Unicode: what the manifest keeps.
        meant: `identity` with the letters that were meant, where an archive does not name its encoding; captions and
            links go by it.
        source: for people: the root's name and what follows, nothing in it that a terminal would obey.
        root: identity of the folder that was given, now or in an earlier ingest; of a file that was given by itself,
            the file.
    """

    raw: str
    identity: str
    meant: str
    source: str
    root: str

    @classmethod
    def below(cls, roots: Container[str], raw: str, meant: str = "") -> DumpPath:
        """The path as it is named by the innermost of `roots`, which are identities; by its own folder in none."""
        safe = identity(raw)
        meant = identity(meant) if meant else safe
        root = next((above for above in ancestors(safe) if above in roots), posixpath.dirname(safe))
        top = posixpath.dirname(root)
        named = meant if meant.startswith(top) else safe
        return cls(raw, safe, meant, shown(named[len(top) :].lstrip("/")), root)

    @cached_property
    def ancestors(self) -> tuple[str, ...]:
        """Identities of the path and of everything it lies in, innermost first."""
        return tuple(ancestors(self.identity))

    @property
    def folder_root(self) -> str:
        """The root; for a file that was given by itself, the folder it is in."""
        return posixpath.dirname(self.root) if self.root == self.identity else self.root

    @property
    def archive(self) -> str:
        """Identity of the archive with its separator, as `meant` begins; empty for a file on disk."""
        head, inside, _ = self.meant.rpartition(MEMBER)
        return head + inside


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


def folder_of(source: str) -> str:
    """The folders above a document in its dump, with those inside of archives; empty at the top."""
    return posixpath.dirname(source.replace(MEMBER, "/"))
