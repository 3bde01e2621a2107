"""Zip and tar as folders: members are read where they lie, by position, and nothing is extracted under its own name."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from ingest.archives.zip_names import identity_name, meant_names
from ingest.parse.detect import BROKEN_ZIP
from ingest.paths import member_name
from rag.errors import DocumentError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

Format: TypeAlias = Literal["zip", "tar", "gz", "bz2", "xz", "mbox", "other"]
"""`gz`, `bz2` and `xz` hold a tar or one file; `other` is what libarchive opens: 7-Zip, RAR, CAB, LHA, Zstandard."""

OTHER_MAGIC = {
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"MSCF\0\0\0\0": "a Cabinet archive",
    b"xar!": "a xar archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard file",
}
"""What only libarchive opens, by its first bytes."""
_MAILBOX = re.compile(rb"From [^\n]{1,500}\n(?:[!-9;-~]{1,70}:|>From )")

HEAD_BYTES = 4096
"""What the type of a file is told by."""

DECOMPRESSORS: dict[Format, Any] = {"gz": gzip.open, "bz2": bz2.open, "xz": lzma.open}
_MAGIC: tuple[tuple[bytes, Format], ...] = ((b"\x1f\x8b", "gz"), (b"BZh", "bz2"), (b"\xfd7zXZ\0", "xz"))

ARCHIVE_NAMES = (".zip", ".7z", ".rar", ".tar", ".tgz", ".tbz2", ".txz", ".tar.gz", ".tar.bz2", ".tar.xz")
"""Files of these names held members once, even if they are too damaged now to be told by content."""

BROKEN = (*BROKEN_ZIP, tarfile.TarError, lzma.LZMAError, gzip.BadGzipFile, LookupError, OverflowError)
"""What the standard library raises on archives that are broken or use what it does not know."""

# Zip files that are documents of another kind, by a name that they must contain.
_NOT_A_FOLDER = frozenset(
    {
        "Index/Document.iwa",
        "Index.zip",
        "FixedDocumentSequence.fdseq",
        "[Content_Types].xml",
        "META-INF/container.xml",
        "META-INF/manifest.xml",
        "META-INF/MANIFEST.MF",
        "AndroidManifest.xml",
    }
)
_DIRECTORY_BYTES_A_MEMBER = 256


@dataclass(frozen=True, slots=True)
class Limits:
    """What a scan accepts; more is a problem that names both numbers.

    Attributes:
        file_bytes: a document, on disk or as a member: it is held in memory whole.
        members: entries of one archive and those inside it.
        archive_bytes: all members of one archive together, uncompressed.
        ratio: uncompressed over compressed size, of an archive that unpacks to over `ratio_from_bytes`.
        ratio_from_bytes: below this no ratio is suspicious (a blank bitmap packs 1000 : 1).
        nesting: archives within an archive.
    """

    file_bytes: int = 512 * 2**20
    members: int = 100_000
    archive_bytes: int = 20 * 2**30
    ratio: int = 200
    ratio_from_bytes: int = 256 * 2**20
    nesting: int = 2

    def check_archive(self, *, members: int, unpacked_bytes: int, packed_bytes: int) -> None:
        """Raises DocumentError where an archive has, or unpacks to, more than these limits."""
        if members > self.members:
            raise DocumentError(f"the archive has over {self.members:,} members; unpack it and ingest the folder")
        if unpacked_bytes > self.archive_bytes:
            raise DocumentError(
                f"the archive unpacks to over {unpacked_bytes:,} bytes, the limit is {self.archive_bytes:,}; "
                "unpack it and ingest the folder"
            )
        if unpacked_bytes > max(self.ratio_from_bytes, self.ratio * packed_bytes):
            raise DocumentError(
                f"the archive unpacks from {packed_bytes:,} to over {unpacked_bytes:,} bytes, "
                f"more than {self.ratio} : 1, as only archives made to do harm do; nothing was read"
            )


@dataclass(frozen=True, slots=True)
class Member:
    """An entry that is a file.

    Attributes:
        index: its index in the archive.
        name: by which it is known.
        size_bytes: uncompressed.
        problem: why it cannot be read.
        meant: the name as its letters were meant: zips do not name their encoding.
    """

    index: int
    name: str
    size_bytes: int
    problem: str = ""
    meant: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "meant", self.meant or self.name)


class Archive(Protocol):
    """An open archive. Safe for several threads.

    Attributes:
        n_links: links among the entries; they are never followed.
        broken: why the archive breaks off before its end; empty for a whole one.
    """

    n_links: int
    broken: str

    def members(self) -> Iterator[Member]:
        """Files in the archive's order, up to where it breaks off."""

    def open(self, index: int) -> IO[bytes]:
        """The member's bytes as a stream; here and while reading, one of `BROKEN` where they are damaged."""


def archive_format(head: bytes, name: str, open_file: Callable[[], IO[bytes]]) -> Format | None:
    """The kind of archive, by content; None for what is none.

    Args:
        head: the first `HEAD_BYTES` of the file.
        name: decides only where compressed data are too damaged to look into.
        open_file: the file from its start.
    """
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return "zip"
    if _is_tar(head):
        return "tar"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            try:
                with open_file() as packed, DECOMPRESSORS[kind](packed) as stream:
                    return kind if stream.read(512) else None
            except (OSError, DocumentError, *BROKEN):
                return kind if is_archive_name(name) else None
    if head.startswith(tuple(OTHER_MAGIC)) or head[2:7] in {b"-lh0-", b"-lh5-", b"-lh6-", b"-lh7-"}:
        return "other"
    return "mbox" if _MAILBOX.match(head) else None


def is_archive_name(name: str) -> bool:
    return name.casefold().endswith(ARCHIVE_NAMES)


class ZipArchive:
    """A zip file on disk.

    Raises:
        DocumentError: over the limits.
        BadZipFile: broken.
    """

    broken = ""

    def __init__(self, path: str, limits: Limits) -> None:
        packed_bytes = Path(path).stat().st_size
        _check_zip_directory(path, packed_bytes, limits)
        self._zip = zipfile.ZipFile(path)
        self._infos = self._zip.infolist()
        self.n_links = sum(_is_link(info) for info in self._infos)
        unpacked = sum(info.file_size for info in self._infos)
        limits.check_archive(members=len(self._infos), unpacked_bytes=unpacked, packed_bytes=packed_bytes)

    @property
    def is_folder(self) -> bool:
        """False for an office document, an e-book or a program, which only happen to be zips."""
        if not _NOT_A_FOLDER.isdisjoint(info.filename for info in self._infos):
            return False
        first = self._infos[0] if self._infos else None
        return first is None or first.filename != "mimetype" or first.compress_type != zipfile.ZIP_STORED

    def members(self) -> Iterator[Member]:
        meant = meant_names(self._infos)
        for index, info in enumerate(self._infos):
            name = member_name(identity_name(info))
            if name and not info.is_dir() and not _is_link(info):
                locked = "encrypted: unpack it with its password and ingest the folder" if info.flag_bits & 0x1 else ""
                yield Member(index, name, info.file_size, locked, member_name(meant[index]))

    def open(self, index: int) -> IO[bytes]:
        return self._zip.open(self._infos[index])


class TarArchive:
    """An uncompressed tar file on disk. DocumentError if it is over the limits."""

    def __init__(self, path: str, limits: Limits) -> None:
        self._path = path
        self._offsets: list[int] = []
        self._members: list[Member] = []
        self.n_links = 0
        self.broken = ""
        try:
            self._read_index(limits)
        except BROKEN as error:
            self.broken = str(error) or type(error).__name__

    def members(self) -> Iterator[Member]:
        yield from self._members

    def open(self, index: int) -> IO[bytes]:
        return io.BufferedReader(Window(self._path, self._offsets[index], self._members[index].size_bytes))

    def _read_index(self, limits: Limits) -> None:
        end = Path(self._path).stat().st_size
        n_entries = 0
        with tarfile.open(self._path, "r:") as tar:
            while info := tar.next():
                tar.members = []  # type: ignore[attr-defined]  # it would keep every header
                n_entries += 1
                limits.check_archive(members=n_entries, unpacked_bytes=0, packed_bytes=end)
                if info.isreg() and info.offset_data + info.size > end and not info.issparse():
                    raise tarfile.ReadError("the archive is cut off")
                self._add(info)
            _check_tar_end(self._path, tar.offset)

    def _add(self, info: tarfile.TarInfo) -> None:
        self.n_links += info.issym() or info.islnk()
        name = member_name(info.name)
        if info.isreg() and name:
            sparse = "stored as a sparse file, which cannot be read: pack it again" if info.issparse() else ""
            self._members.append(Member(len(self._members), name, info.size, sparse))
            self._offsets.append(info.offset_data)


class LoneFile:
    """One compressed file that is no archive, uncompressed on disk."""

    broken = ""
    n_links = 0

    def __init__(self, path: str, packed_name: str) -> None:
        self._path = path
        self._name = member_name(_without_suffix(packed_name)) or "file"

    def members(self) -> Iterator[Member]:
        yield Member(0, self._name, Path(self._path).stat().st_size)

    def open(self, index: int) -> IO[bytes]:
        return Path(self._path).open("rb")


def unpacked_archive(path: str, packed_name: str, limits: Limits) -> TarArchive | LoneFile:
    """What a compressed file held, once it lies uncompressed on disk."""
    with Path(path).open("rb") as file:
        is_tar = _is_tar(file.read(512))
    return TarArchive(path, limits) if is_tar or is_archive_name(packed_name) else LoneFile(path, packed_name)


def _without_suffix(name: str) -> str:
    """`a/notes.txt.gz` is `notes.txt`, `drawing.svgz` is `drawing.svg`."""
    stem, dot, suffix = name.rpartition("/")[2].rpartition(".")
    if not dot:
        return name
    return f"{stem}.{suffix[:-1]}" if suffix.lower() in {"svgz", "tgz", "emz", "wmz"} else stem


class Window(io.RawIOBase):
    """A part of a file, read from front to back."""

    def __init__(self, path: str, offset: int, size: int) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115
        self._file.seek(offset)
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)[: self._left]
        n = self._file.readinto(view)
        self._left -= n
        return n

    def close(self) -> None:
        self._file.close()
        super().close()


def _is_tar(head: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(head[:512], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 16) & 0o170000 == 0o120000


def _check_zip_directory(path: str, packed_bytes: int, limits: Limits) -> None:
    """Refuses a forged directory before zipfile, which reads all of it at once, fills the memory with it."""
    with Path(path).open("rb") as file:
        file.seek(max(0, packed_bytes - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\5\6")
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    if 0xFFFFFFFF > directory_bytes > limits.members * _DIRECTORY_BYTES_A_MEMBER:
        raise DocumentError(
            f"the zip's list of members has {directory_bytes:,} bytes, too many for {limits.members:,} members; "
            "unpack it and ingest the folder"
        )


def _check_tar_end(path: str, offset: int) -> None:
    """tarfile takes any rubbish between members for the end of the archive."""
    with Path(path).open("rb") as file:
        file.seek(offset)
        if file.read(512).strip(b"\0"):
            raise tarfile.ReadError(f"no member where one should begin, at byte {offset:,}")
