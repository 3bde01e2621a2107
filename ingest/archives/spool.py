"""Opening archives again in any process, in bounded time.

Reading one member of a compressed tar means decompressing all before it, so n members would cost n squared. Such a tar,
and an archive inside an archive, is decompressed once into a spool file under a neutral name; a member is then a seek.
A process that finds no spool file (the scan that made it is over) makes its own, once.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from ingest.archives.containers import (
    BROKEN,
    DECOMPRESSORS,
    Archive,
    Format,
    Limits,
    Member,
    TarArchive,
    ZipArchive,
    unpacked_archive,
)
from ingest.archives.mailbox import MailboxArchive
from ingest.archives.repack import repacked
from ingest.paths import identity
from ingest.scratch import ScratchFolder
from rag.errors import DocumentError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveRef:
    """How to open an archive, in any process.

    Attributes:
        file: the outermost archive on disk.
        format: of this archive.
        parent: the archive it lies in, None for the outermost.
        index: its index in the parent.
        name: what it is called there.
        spooled: the uncompressed copy, where one is needed and was made.
        limits: for a copy that has to be made again.
    """

    file: str
    format: Format
    parent: ArchiveRef | None = None
    index: int = 0
    name: str = ""
    spooled: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def needs_spool(self) -> bool:
        return self.parent is not None or self.format in DECOMPRESSORS or self.format == "other"

    @property
    def own_name(self) -> str:
        """Its name in its parent, or on disk."""
        return self.name or self.file


class Spool:
    """Uncompressed copies of archives in a temporary folder, removed on `close` or with this object."""

    def __init__(self) -> None:
        self._folder: ScratchFolder | None = None

    def fill(self, ref: ArchiveRef) -> tuple[ArchiveRef, int, str]:
        """Makes the copy that an archive needs.

        Returns:
            The archive with its copy, the copy's size in bytes, and why the stream broke off early (empty if it did
            not): what came before is kept.

        Raises:
            DocumentError: over the limits; nothing is kept.
            OSError: the archive cannot be read, or the disk is full.
        """
        if self._folder is None:
            self._folder = ScratchFolder("ingest-")
        handle, path = tempfile.mkstemp(dir=self._folder.path)
        try:
            if ref.format == "other":
                os.close(handle)
                size, broken = self._repack(ref, path)
            else:
                with os.fdopen(handle, "wb") as out, _packed(ref) as (stream, packed_bytes):
                    size, broken = _copy(stream, out, packed_bytes, ref.limits)
        except BaseException:
            Path(path).unlink()
            raise
        return replace(ref, spooled=path), size, broken

    def _repack(self, ref: ArchiveRef, path: str) -> tuple[int, str]:
        """Writes what libarchive reads to a tar; it wants a file of its own to seek in."""
        if ref.parent is None:
            return repacked(ref.file, path, ref.own_name, ref.limits)
        handle, copy = tempfile.mkstemp(dir=Path(path).parent)
        try:
            with os.fdopen(handle, "wb") as out, open_member(ref.parent, ref.index) as stream:
                shutil.copyfileobj(stream, out, _BLOCK_BYTES)
            return repacked(copy, path, ref.own_name, ref.limits)
        finally:
            Path(copy).unlink()

    def close(self) -> None:
        if self._folder is not None:
            self._folder.close()
        self._folder = None


def open_archive(ref: ArchiveRef) -> Archive:
    """The archive, opened at most once a process: its list of members is read once and not once a member.

    Raises:
        DocumentError: broken, or over the limits.
        OSError: the file cannot be read.
    """
    status = Path(ref.file).stat()
    return _opened(ref, (status.st_mtime_ns, status.st_size), os.getpid())[0]


def member_named(ref: ArchiveRef, name: str) -> Member | None:
    """The archive's member of this name, as it is known or was meant; the last of several. Raises as `open_archive`."""
    status = Path(ref.file).stat()
    archive, by_name = _opened(ref, (status.st_mtime_ns, status.st_size), os.getpid())
    if not by_name:
        members = list(archive.members())
        by_name.update((identity(member.meant), member) for member in members)
        by_name.update((identity(member.name), member) for member in members)
    return by_name.get(name)


def open_member(ref: ArchiveRef, index: int) -> IO[bytes]:
    """A member's bytes as a stream, which raises DocumentError where they are damaged. Raises as `open_archive`."""
    archive = open_archive(ref)
    try:
        return io.BufferedReader(_Checked(archive.open(index)))
    except BROKEN as error:
        raise _damaged(error) from error


def read_member(ref: ArchiveRef, index: int, size_bytes: int = -1) -> bytes:
    """The first `size_bytes` of a member, all of it by default.

    Raises:
        DocumentError: the archive or the member is broken, or over the limits.
        OSError: the file cannot be read.
    """
    with open_member(ref, index) as stream:
        return stream.read(size_bytes)


class _Checked(io.RawIOBase):
    """The standard library's many errors as one."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._stream.read(len(view))
        except BROKEN as error:
            raise _damaged(error) from error
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._stream.close()
        super().close()


def _damaged(error: Exception) -> DocumentError:
    return DocumentError(f"cannot be read from its archive: {str(error) or type(error).__name__}")


# The process is part of the key: after a fork, two processes would share one file position.
@lru_cache(maxsize=4)
def _opened(ref: ArchiveRef, stamp: tuple[int, int], process: int) -> tuple[Archive, dict[str, Member]]:
    path = ref.file
    if ref.needs_spool:
        path = ref.spooled if Path(ref.spooled).is_file() else _own_spool(process).fill(ref)[0].spooled
    try:
        return _archive(ref, path), {}
    except BROKEN as error:
        raise DocumentError(f"broken ({str(error) or type(error).__name__}): copy or download it again") from error


def _archive(ref: ArchiveRef, path: str) -> Archive:
    if ref.format == "zip":
        return ZipArchive(path, ref.limits)
    if ref.format == "mbox":
        return MailboxArchive(path, ref.limits)
    if ref.format in DECOMPRESSORS:
        return unpacked_archive(path, ref.own_name, ref.limits)
    return TarArchive(path, ref.limits)


@lru_cache(maxsize=1)
def _own_spool(process: int) -> Spool:
    return Spool()


@contextmanager
def _packed(ref: ArchiveRef) -> Iterator[tuple[IO[bytes], int]]:
    """The archive's own bytes, decompressed where it is a compressed tar, and its size as it lies there."""
    with Path(ref.file).open("rb") if ref.parent is None else open_member(ref.parent, ref.index) as stream:
        packed_bytes = Path(ref.file).stat().st_size
        if ref.format in DECOMPRESSORS:
            with DECOMPRESSORS[ref.format](stream) as plain:
                yield plain, packed_bytes
        else:
            yield stream, packed_bytes


def _copy(stream: IO[bytes], out: IO[bytes], packed_bytes: int, limits: Limits) -> tuple[int, str]:
    size = 0
    while True:
        try:
            block = stream.read(_BLOCK_BYTES)
        except (OSError, DocumentError, *BROKEN) as error:
            return size, str(error) or type(error).__name__
        if not block:
            return size, ""
        size += len(block)
        limits.check_archive(members=0, unpacked_bytes=size, packed_bytes=packed_bytes)
        out.write(block)
