"""Lists what is in archives, and in archives inside them, within one budget for all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ingest.archives.containers import HEAD_BYTES, Archive, Limits, ZipArchive, archive_format
from ingest.archives.spool import ArchiveRef, open_archive, open_member, read_member
from ingest.catalog.listing import Listing, MemberLocation, Problem
from ingest.paths import MEMBER, DumpPath, is_hidden
from rag.errors import DocumentError


def list_archive(ref: ArchiveRef, path: DumpPath, head: bytes, size_bytes: int, listing: Listing) -> Iterator[Problem]:
    """Lists the members of an archive on disk; a document that only is stored as a zip is listed as itself."""
    lister = _Lister(listing)
    yield from lister.archive(ref, path, 1, lambda: listing.add(path, head, size_bytes))


class _Lister:
    """One archive on disk with all inside it. Its limits shrink as it goes: otherwise nesting would multiply them."""

    def __init__(self, listing: Listing) -> None:
        self._listing = listing
        self._limits = listing.limits

    def archive(
        self, ref: ArchiveRef, path: DumpPath, depth: int, as_document: Callable[[], Iterator[Problem]]
    ) -> Iterator[Problem]:
        """Lists one archive.

        Args:
            ref: how to open it.
            path: of the archive.
            depth: 1 for a file on disk.
            as_document: lists it as a document of its own.
        """
        try:
            ref, cut_off = self._unpacked(replace(ref, limits=self._limits))
            archive = open_archive(ref)
        except (DocumentError, OSError) as error:
            yield from self._unreadable(path, error)
            return
        if isinstance(archive, ZipArchive) and not archive.is_folder:
            yield from as_document()
            return
        yield from self._members(archive, ref, path, depth)
        if cut_off or archive.broken:
            message = f"broken archive, only its beginning was read: {cut_off or archive.broken}"
            yield from self._listing.problem(path, message)

    def _unpacked(self, ref: ArchiveRef) -> tuple[ArchiveRef, str]:
        if not ref.needs_spool:
            return ref, ""
        ref, spooled_bytes, cut_off = self._listing.spool.fill(ref)
        self._spend(spooled_bytes=spooled_bytes)
        return ref, cut_off

    def _members(self, archive: Archive, ref: ArchiveRef, path: DumpPath, depth: int) -> Iterator[Problem]:
        number = self._listing.catalog.add_archive(ref)
        for _ in range(archive.n_links):
            self._listing.skip("link in an archive", path)
        for member in archive.members():
            self._spend(members=1)
            inner = self._listing.path(f"{path.raw}{MEMBER}{member.name}", f"{path.meant}{MEMBER}{member.meant}")
            if any(is_hidden(part) for part in member.name.split("/")):
                self._listing.skip("hidden", inner)
            elif not member.size_bytes:
                self._listing.skip("empty", inner)
            elif member.problem:
                yield from self._listing.problem(inner, member.problem)
            else:
                yield from self._member(MemberLocation(ref, number, member), inner, depth)

    def _member(self, location: MemberLocation, path: DumpPath, depth: int) -> Iterator[Problem]:
        ref, member = location.archive, location.member
        try:
            head = read_member(ref, member.index, HEAD_BYTES)
        except (DocumentError, OSError) as error:
            yield from self._unreadable(path, error)
            return
        kind = archive_format(head, path.raw, lambda: open_member(ref, member.index))
        if kind is None:
            yield from self._listing.add(path, head, member.size_bytes, location)
        elif depth > self._listing.limits.nesting:
            yield from self._listing.problem(
                path, f"archive inside {depth} others, the limit is {depth - 1}; unpack the outer ones"
            )
        else:
            inner = ArchiveRef(ref.file, kind, parent=ref, index=member.index, name=member.name)
            yield from self.archive(
                inner, path, depth + 1, lambda: self._listing.add(path, head, member.size_bytes, location)
            )

    def _unreadable(self, path: DumpPath, error: DocumentError | OSError) -> Iterator[Problem]:
        if isinstance(error, DocumentError):
            return self._listing.problem(path, str(error))
        return self._listing.problem(path, f"cannot be read: {error.strerror or error}", transient=True)

    def _spend(self, *, members: int = 0, spooled_bytes: int = 0) -> None:
        limits: Limits = self._limits
        left_bytes = limits.archive_bytes - spooled_bytes
        self._limits = replace(limits, members=limits.members - members, archive_bytes=left_bytes)
