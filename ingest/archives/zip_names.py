"""Names in zip files: which letters were meant. Windows Explorer writes them in the code page of its country."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Sequence

from ingest.parse.encodings import guess

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
"""Info-ZIP's extra field: the name in UTF-8."""
_DOS = "cp437"
"""What the format says, and Python reads, where no flag tells; so it is what an identity is made from."""
_CODE_PAGES = (
    *("gb18030", "cp932", "cp949", "big5hkscs", "cp866", "cp1251", "cp437", "cp850", "cp852", "cp1250", "cp1253"),
    *("cp1255", "cp1256"),
)
_MOST_BYTES = 20_000


def identity_name(info: zipfile.ZipInfo) -> str:
    """The name that a member is known by, the same whatever else is in its archive: UTF-8, or else DOS."""
    if info.flag_bits & _UTF8_FLAG:
        return info.filename
    try:
        return info.filename.encode(_DOS).decode("utf-8")
    except UnicodeError:
        return info.filename


def meant_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The names with the letters that were meant, for people and for captions: a guess over all of them together."""
    names = [_unicode_path(info) or identity_name(info) for info in infos]
    raws = {at: raw for at, info in enumerate(infos) if (raw := _raw(info, names[at])) is not None}
    if raws:
        codec = guess(b"\n".join(raws.values())[:_MOST_BYTES], _CODE_PAGES, _DOS)
        for at, raw in raws.items():
            names[at] = raw.decode(codec, "replace")
            if "\ufffd" in names[at]:  # this one was not written by the same program
                names[at] = identity_name(infos[at])
    return names


def _raw(info: zipfile.ZipInfo, name: str) -> bytes | None:
    """The bytes of a name that nothing says the encoding of; None where something does, or it is ASCII."""
    if name.isascii() or info.flag_bits & _UTF8_FLAG or name != info.filename:
        return None
    try:
        return info.filename.encode(_DOS)
    except UnicodeError:
        return None


def _unicode_path(info: zipfile.ZipInfo) -> str:
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and size > 5:
            try:
                return extra[9 : 4 + size].decode("utf-8")
            except UnicodeDecodeError:
                return ""
        extra = extra[4 + size :]
    return ""
