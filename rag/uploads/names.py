"""Names of uploaded files: the true one, which people see, and a safe one, which any file system can hold."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import PurePosixPath

from rag.errors import ConfigError
from rag.text.quoting import plain

MAX_NAME_BYTES = 500
MAX_PART_BYTES = 200
"""File systems hold 255, some that encrypt 143 or fewer letters of several bytes; a digest has to fit too."""
MAX_DEPTH = 16
MAX_TRUE_CHARS = 4000
_RESERVED = re.compile(r'[<>:"|?*\\]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Windows takes these for devices, whatever follows the first dot."""
_MAX_SUFFIX_BYTES = 20


class BadUpload(ConfigError):
    """A file that is not taken as it was sent."""


def checked_name(name: str) -> str:
    """The true name of a file: relative, in NFC.

    Args:
        name: as a client sent it, perhaps with folders: `manuals/pump.pdf`.

    Raises:
        BadUpload: it leads elsewhere, or no person could read it.
    """
    true = unicodedata.normalize("NFC", name)
    if any(plain(part).strip() in ("", ".", "..") for part in true.split("/")):
        raise BadUpload(f"the file name {_quoted(name)} is not one inside the upload: no '..', no '/' at either end")
    if len(true) > MAX_TRUE_CHARS:
        raise BadUpload(f"the file name {_quoted(name)} has over {MAX_TRUE_CHARS} characters")
    return true


def safe_name(true: str) -> str:
    """The name under which any file system can hold a file; the true name itself, where that is one.

    Without what means something to Windows, is not seen, or takes too much room. Two true names may have the same safe
    name: see `digested`.

    Args:
        true: from `checked_name`.
    """
    parts = true.split("/")
    if len(parts) > MAX_DEPTH:
        parts = [f"deep{digest(true)}", parts[-1]]
    safe = "/".join(map(_safe_part, parts))
    if len(safe.encode()) <= MAX_NAME_BYTES:
        return safe
    return f"long{digest(true)}/{_safe_part(parts[-1])}"


def digested(safe: str, true: str) -> str:
    """A safe name that no other true name has: `a~1b2c3d4e.txt` for `a.txt`."""
    path = PurePosixPath(safe)
    suffix = path.suffix if len(path.suffix) < _MAX_SUFFIX_BYTES else ""
    return str(path.with_name(f"{path.name.removesuffix(suffix)}{digest(true)}{suffix}"))


def digest(true: str) -> str:
    return f"~{hashlib.sha256(true.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"


def is_hidden(name: str) -> bool:
    """Whether the file, or a folder it is in, is one that file managers hide: `.DS_Store`, `.git/config`."""
    return any(part.startswith(".") for part in name.split("/"))


def _safe_part(part: str) -> str:
    kept = plain(part).replace("\n", "_").replace("\t", "_")
    kept = _RESERVED.sub("_", kept).strip().rstrip(". !")
    if not kept or kept.startswith(".") or _DEVICE.fullmatch(kept.partition(".")[0].rstrip()):
        kept = f"_{kept}"
    if len(kept.encode()) <= MAX_PART_BYTES:
        return kept
    stem, dot, suffix = kept.rpartition(".")
    if not stem or len(suffix.encode()) > _MAX_SUFFIX_BYTES:
        stem, dot, suffix = kept, "", ""
    room = MAX_PART_BYTES - len(f"{digest(part)}{dot}{suffix}".encode())
    return f"{stem.encode()[:room].decode(errors='ignore').rstrip()}{digest(part)}{dot}{suffix}"


def _quoted(name: str) -> str:
    return repr(plain(name)[:80])
