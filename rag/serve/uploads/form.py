"""A form of files, written to disk piece by piece as it comes: neither a file nor the form is ever whole in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from anyio import to_thread
from fastapi import HTTPException, Request
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from rag.serve.errors import ClientGone
from rag.uploads import BadUpload, checked_name, is_hidden

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_FILES = 1000
_FORM = b"multipart/form-data"
_FIELD = b"files"


@dataclass
class Received:
    """What came.

    Attributes:
        files: true names, each with the file that holds its content.
        refused: names that cannot be taken, each with why.
        hidden: names that were passed over: `.DS_Store` and its like.
    """

    files: dict[str, Path] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)


async def receive(request: Request, folder: Path) -> Received:
    """Writes the files of a form below a folder.

    Args:
        request: its body is a form with one or more `files`.
        folder: takes the files, numbered.

    Raises:
        BadUpload: no form, or no file that can be taken.
        HTTPException: 413 too many files, 507 no room on the disk.
        ClientGone: before all had come.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != _FORM or not options.get(b"boundary"):
        raise BadUpload("send the documents as multipart/form-data, each in a field 'files' with its file name")
    writer = _Writer(folder)
    try:
        parser = MultipartParser(options[b"boundary"], writer.callbacks())
        async for piece in request.stream():
            await to_thread.run_sync(parser.write, piece)
        await to_thread.run_sync(parser.finalize)
    except ClientDisconnect as error:
        raise ClientGone from error
    except FormParserError as error:
        raise BadUpload(f"the form cannot be read: {error}") from error
    except OSError as error:
        raise HTTPException(507, f"the upload cannot be kept: {error.strerror or 'the disk failed'}") from error
    finally:
        writer.close()
    if not writer.complete:
        raise BadUpload("the form ends before its last boundary: a part of it is missing")
    if not writer.received.files:
        why = next(iter(writer.received.refused.values()), "send each in a field 'files' with its file name")
        raise BadUpload(f"no document came: {why}")
    return writer.received


class _Writer:
    """Told by the parser what it finds."""

    def __init__(self, folder: Path) -> None:
        self.received, self.complete = Received(), False
        self._folder, self._n_files = folder, 0
        self._header, self._value, self._disposition = b"", b"", b""
        self._file: IO[bytes] | None = None

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._open,
            "on_part_data": self._data,
            "on_part_end": self.close,
            "on_end": self._end,
        }

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def _begin(self) -> None:
        self._header = self._value = self._disposition = b""

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _open(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") != _FIELD or b"filename" not in options:
            raise BadUpload("the form has a field that is not 'files' with a file name; send nothing else")
        self._n_files += 1
        if self._n_files > MAX_FILES:
            raise HTTPException(413, f"more than {MAX_FILES} files; send them in several uploads, or as a zip")
        sent = options[b"filename"].decode(errors="backslashreplace")
        try:
            name = checked_name(sent)
        except BadUpload as error:
            self.received.refused[sent] = str(error)
            return
        if is_hidden(name):
            self.received.hidden.append(name)
        elif name in self.received.files:
            self.received.refused[name] = "another file of this upload has the same name"
        else:
            file = self.received.files[name] = self._folder / str(self._n_files)
            self._file = file.open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._file.write(data[start:end])

    def _end(self) -> None:
        self.complete = True
