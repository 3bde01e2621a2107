"""Which kinds of documents can be read here: what needs a package or a library of its own, and whether it is there."""

from __future__ import annotations

import ctypes.util
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec

from rag.health.finding import Finding
from rag.installation import extra_command

ALWAYS = (
    "pictures, PDF, Office old and new, OpenDocument, RTF, EPUB, HTML, Markdown, mail, notebooks, XML, TeX, subtitles, "
    "SVG, tables and text"
)


@dataclass(frozen=True, slots=True)
class OptionalReader:
    """`module` comes with the extra `extra`; `library` is the system's."""

    what: str
    module: str
    extra: str
    library: str = ""
    how_to_install_library: str = ""


OPTIONAL = (
    OptionalReader("HEIC pictures", "pi_heif", "heic"),
    OptionalReader(
        "7-Zip, RAR, CAB and Zstandard archives",
        "libarchive",
        "archives",
        "archive",
        "apt install libarchive13, or brew install libarchive",
    ),
)


def find_readers() -> Iterator[Finding]:
    """One finding for what is always read, and one for each reader that may be missing."""
    yield Finding("readers", "ok", f"{ALWAYS} (docs/formats.md)")
    for reader in OPTIONAL:
        if find_spec(reader.module) is None:
            remedy = f"to read them: {extra_command(reader.extra)}"
            if reader.library:
                remedy = f"{remedy}, and {reader.how_to_install_library}"
            yield Finding("readers", "info", f"{reader.what} are not read", remedy)
        elif reader.library and ctypes.util.find_library(reader.library) is None:
            missing = f"{reader.what} are not read: the system's lib{reader.library} is missing"
            yield Finding("readers", "info", missing, reader.how_to_install_library)
        else:
            yield Finding("readers", "ok", f"{reader.what}, too")
