"""Compound files: what Office wrote before 2007, Outlook's messages, and new documents with a password."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import olefile  # type: ignore[import-untyped]

from ingest.parse.attachments import Attachments
from ingest.parse.blocks import Title
from ingest.parse.clean import one_line
from ingest.parse.elements import Element
from rag.errors import DocumentError

BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, EOFError, RuntimeError, OverflowError)
"""What olefile and readers over it raise on broken files; its own errors are OSErrors."""
_MAX_STREAM_BYTES = 512 * 2**20


class CompoundFile:
    """A file system in a file.

    Raises:
        DocumentError: broken.
    """

    def __init__(self, data: bytes) -> None:
        self._size = len(data)
        try:
            self._ole = olefile.OleFileIO(io.BytesIO(data))
            names = self._ole.listdir(streams=True, storages=False)
        except BROKEN as error:
            raise broken(error) from error
        self.names = {"/".join(parts).lower() for parts in names}

    def read(self, name: str) -> bytes:
        """A stream; nothing where there is none.

        Raises:
            DocumentError: broken.
        """
        if name.lower() not in self.names:
            return b""
        try:
            with self._ole.openstream(name) as stream:
                return bytes(stream.read(min(_MAX_STREAM_BYTES, self._size)))
        except BROKEN as error:
            raise broken(error) from error

    def title(self, *, n_pages: int | None = None) -> Title:
        """Of the document's properties, as far as they can be read."""
        try:
            about = self._ole.get_metadata()
        except BROKEN:
            return Title("", {}, n_pages)
        found = {
            "author": _text(about.author, about.codepage),
            "keywords": _text(about.keywords, about.codepage),
            "created": _day(about.create_time),
            "modified": _day(about.last_saved_time),
        }
        metadata = {key: value for key, value in found.items() if value}
        return Title(_text(about.title, about.codepage), metadata, n_pages)


def parse_compound(data: bytes, attached: Attachments) -> Iterator[Element]:
    """Elements of whatever it is.

    Raises:
        DocumentError: broken, protected with a password, or of a kind that is not read.
    """
    file = CompoundFile(data)
    if file.names & {"encryptedpackage", "encryptioninfo"}:
        raise DocumentError("the document is protected with a password: save it without one")
    if "worddocument" in file.names:
        from ingest.parse.office.binary.word import parse_legacy_word

        return parse_legacy_word(file)
    if "powerpoint document" in file.names:
        from ingest.parse.office.binary.slides import parse_legacy_slides

        return parse_legacy_slides(file)
    if file.names & {"workbook", "book"}:
        from ingest.parse.office.binary.sheets import parse_legacy_sheets

        return parse_legacy_sheets(data)
    if any(name.startswith("__properties_version1") for name in file.names):
        from ingest.parse.mail.outlook import parse_outlook

        return parse_outlook(data, attached)
    raise DocumentError(_other(file.names))


def broken(error: BaseException) -> DocumentError:
    """For people."""
    told = one_line(str(error)) or type(error).__name__
    return DocumentError(f"the document is broken ({told}): save it again in an office program, or save it as PDF")


def _other(names: set[str]) -> str:
    kinds = (
        ("visiodocument", "a Visio drawing", "save it as PDF"),
        ("contents", "a Works or Publisher document", "save it as PDF or Word"),
        ("quill/quillsub/contents", "a Publisher document", "save it as PDF"),
        ("catalog", "a list of thumbnails", "it holds nothing of its own"),
        ("fileheader", "a Hangul document", "save it as PDF or Word"),
        ("pp40", "a PowerPoint 95 presentation", "save it as .pptx or PDF"),
    )
    for name, what, remedy in kinds:
        if name in names:
            return f"this is {what}: {remedy}"
    return "this is a compound file of another kind (an installer, a project, a drawing): save it as PDF"


def _text(value: Any, codepage: Any) -> str:
    if isinstance(value, bytes):
        encoding = {65001: "utf-8", 10000: "mac_roman", 1200: "utf-16-le"}.get(codepage, f"cp{codepage}")
        try:
            value = value.decode(encoding, "replace")
        except LookupError:
            value = value.decode("cp1252", "replace")
    return one_line(value) if isinstance(value, str) else ""


def _day(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") and getattr(value, "year", 0) > 1980 else ""
