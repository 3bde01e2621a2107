"""Everything to ingest under the given paths, one source at a time, with the captions that belong to it.

Two passes: the first lists all files (`walk`, `members`) so that captions can be joined to pictures that come before
them; the second hands out sources in the order of their paths.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote

from ingest.archives.containers import Limits
from ingest.archives.spool import ArchiveRef, Spool, member_named, open_archive, read_member
from ingest.captions.join import Given, given_to, join_captions
from ingest.catalog.catalog import Catalog
from ingest.catalog.listing import Listing, Problem
from ingest.parse.elements import Resolved
from ingest.parse.pictures import ANYWHERE
from ingest.paths import DumpPath, identity, is_inside, join_reference, real_path
from ingest.scan.plan import ScanPlan, make_plan
from ingest.scan.vault import find_below, nearest
from ingest.scan.walk import list_file, list_folder
from rag.errors import DocumentError, TransientError

__all__ = ["Coverage", "Given", "Limits", "Problem", "Scan", "Source", "scan"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of an archive, to be read in any process.

    Attributes:
        path: where it is.
        size_bytes: when it was listed.
        given: captions and columns that the user gave for it.
        archive: where it is a member.
        member: its name in the archive.
        limit_bytes: `read` refuses more.
        rest: of a caption table, the rows that went to no picture: they are the document.
    """

    path: DumpPath
    size_bytes: int
    given: Given
    archive: ArchiveRef | None = None
    member: str = ""
    limit_bytes: int = Limits().file_bytes
    rest: bytes | None = None

    def read(self) -> bytes:
        """The document's bytes.

        Raises:
            DocumentError: damaged in its archive, or larger than the limit.
            TransientError: not readable now, or gone since it was listed.
        """
        if self.rest is not None:
            return self.rest
        try:
            return self._read_file(self.path.raw) if self.archive is None else self._read_member(self.member)
        except FileNotFoundError as error:
            raise TransientError("gone since the folder was listed") from error
        except OSError as error:
            raise TransientError(f"cannot be read: {error.strerror or error}") from error

    def resolve(self, reference: str) -> Resolved | None:
        """A linked picture of the same dump, or of the same archive; `**/name` lies in any folder of it.

        None for what is missing, too large or unreadable, and for anything outside: a URL, an absolute path, `..`
        above the root, a symbolic link that leads out.
        """
        if reference.startswith(ANYWHERE):
            return self._resolve_anywhere(reference.removeprefix(ANYWHERE))
        plain = unquote(reference.partition("#")[0].partition("?")[0])
        for spelling in dict.fromkeys((reference, plain)):
            try:
                found = self._linked_file(spelling) if self.archive is None else self._linked_member(spelling)
            except (OSError, ValueError, DocumentError):
                continue
            if found is not None:
                return found
        return None

    def _resolve_anywhere(self, reference: str) -> Resolved | None:
        """A picture of this name in any folder of the dump, or of the archive."""
        try:
            if self.archive is None:
                root, folder = real_path(self.path.folder_root), posixpath.dirname(self.path.raw)
                found = find_below(root, reference, folder)
                back = found and posixpath.relpath(found, os.path.relpath(folder, root))
                return self._linked_file(real_path(back)) if back else None
            folder = posixpath.dirname(self.path.meant.removeprefix(self.path.archive))
            names = (member.meant for member in open_archive(self.archive).members())
            found = nearest(names, reference, folder)
            return self._linked_member(posixpath.relpath(found, folder or ".")) if found else None
        except (OSError, ValueError, DocumentError):
            return None

    def _linked_file(self, reference: str) -> Resolved | None:
        root = real_path(self.path.folder_root)
        target = join_reference(os.path.relpath(posixpath.dirname(self.path.raw), root), reference)
        if target is None:
            return None
        file = posixpath.join(root, target)
        real = os.path.realpath(file)
        if not is_inside(real, os.path.realpath(root)) or not Path(real).is_file():
            return None
        return Resolved(self._read_file(real), identity(file))

    def _linked_member(self, reference: str) -> Resolved | None:
        archive = self.path.identity.removesuffix(self.member)
        for member in dict.fromkeys((self.member, self.path.meant.removeprefix(self.path.archive))):
            target = join_reference(posixpath.dirname(member), reference)
            found = target and self.archive and member_named(self.archive, target)
            if found and self.archive:
                data = self._checked(read_member(self.archive, found.index, self.limit_bytes + 1))
                return Resolved(data, archive + identity(found.name))
        return None

    def _read_file(self, path: str) -> bytes:
        with Path(path).open("rb") as file:
            return self._checked(file.read(self.limit_bytes + 1))

    def _read_member(self, name: str) -> bytes:
        assert self.archive is not None
        member = member_named(self.archive, name)
        if member is None:
            raise FileNotFoundError(name)
        return self._checked(read_member(self.archive, member.index, self.limit_bytes + 1))

    def _checked(self, data: bytes) -> bytes:
        if len(data) > self.limit_bytes:
            raise DocumentError(f"has over {self.limit_bytes:,} bytes, the limit for a document; split it")
        return data


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far a scan can vouch for what it did not find.

    Attributes:
        given: identities of the given paths that exist.
        incomplete: identities of what was not seen, or not with everything below it.
    """

    given: frozenset[str] = frozenset()
    incomplete: frozenset[str] = frozenset()

    def reaches(self, above: Collection[str]) -> bool:
        """Whether a path was asked for; `above` is it and everything it lies in."""
        return not self.given.isdisjoint(above)

    def proves_gone(self, above: Collection[str]) -> bool:
        """Whether a document that this scan did not hand out is surely no longer there.

        False below a folder or archive that could not be read in full, and for everything outside the given paths.
        """
        return self.reaches(above) and self.incomplete.isdisjoint(above)


def scan(
    paths: Sequence[str | Path],
    *,
    roots: Iterable[str] = (),
    limits: Limits | None = None,
    names: Mapping[str, str] | None = None,
) -> Scan:
    """Lists files, folders and archives.

    Args:
        paths: files and folders; a member is `archive.zip!/name`.
        roots: `DumpPath.root` of earlier ingests, so that sources keep their names and captions their scope.
        limits: what is accepted.
        names: absolute paths, each with the one that was meant and that no file system could hold.

    Returns:
        What was met; its sources, sorted by path, come by iterating it.
    """
    return Scan(paths, tuple(roots), limits or Limits(), names or {})


class Scan:
    """What lies under the given paths: iterate it once for its sources, and close it when they have been read.

    It holds the unpacked copies of compressed archives. Sources can still be read after `close`, only slower.

    Attributes:
        problems: what was asked for and cannot be read.
        captions: how captions were joined to pictures.
        skipped: what was left out on purpose, by reason.
        coverage: what the scan can vouch for.
    """

    def __init__(
        self, paths: Sequence[str | Path], roots: Sequence[str], limits: Limits, names: Mapping[str, str]
    ) -> None:
        self._spool = Spool()
        self._catalog = Catalog()
        self._limits = limits
        try:
            self._list(make_plan(paths, roots), names)
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[Source]:
        for entry in self._catalog.wanted():
            rest = self._catalog.rest(entry.id)
            yield Source(
                entry.path,
                entry.size_bytes if rest is None else len(rest),
                given_to(entry, self._catalog),
                archive=entry.archive,
                member=entry.name,
                limit_bytes=self._limits.file_bytes,
                rest=rest,
            )

    def __enter__(self) -> Scan:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._catalog.close()
        self._spool.close()

    def _list(self, plan: ScanPlan, names: Mapping[str, str]) -> None:
        named = {identity(path): identity(meant) for path, meant in names.items()}
        listing = Listing(self._catalog, self._spool, self._limits, wanted=plan.wanted, roots=plan.roots, names=named)
        self.problems = [Problem(listing.path(path), reason, transient=False) for path, reason in plan.problems.items()]
        self.problems += _listed(plan, listing)
        self.captions = join_captions(self._catalog)
        self.captions.guessed_names = listing.guessed_names
        self.skipped = listing.skipped
        self.coverage = Coverage(frozenset(plan.wanted), frozenset(listing.incomplete))


def _listed(plan: ScanPlan, listing: Listing) -> Iterator[Problem]:
    for folder in plan.empty:
        path = listing.path(folder)
        listing.skip("empty folder (nothing below it is taken for removed)", path)
        listing.incomplete.append(path.identity)
    for folder in plan.folders:
        yield from list_folder(folder, listing)
    for folder, files in sorted(plan.files.items()):
        yield from list_folder(folder, listing, deep=False, leave_out=frozenset(files))
        for file in sorted(files):
            yield from list_file(listing.path(file), listing)
