"""Everything to ingest under the given paths, one source at a time, with the captions that belong to it.

Two passes: the first lists all files (`walk`, `members`) so that captions can be joined to pictures that come before
them; the second hands out sources in the order of their paths.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import TypeAlias
from urllib.parse import unquote

from ingest.archives.containers import Limits
from ingest.archives.spool import ArchiveRef, Spool, member_named, open_archive, read_member
from ingest.captions.join import CaptionReport, Given, given_to, join_captions
from ingest.catalog.catalog import Catalog
from ingest.catalog.listing import Listing, Problem, Tally
from ingest.parse.elements import Resolved
from ingest.parse.pictures import ANYWHERE
from ingest.paths import MEMBER, ancestors, identity, is_inside, join_reference, real_path
from ingest.scan.plan import ScanPlan, make_plan
from ingest.scan.vault import find_below, nearest
from ingest.scan.walk import list_file, list_folder
from rag.errors import DocumentError, TransientError

__all__ = ["Given", "Item", "Joined", "Limits", "Problem", "Scan", "Scanned", "Source", "scan"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or a member of an archive, to be read in any process.

    Attributes:
        path: absolute, valid Unicode: what the manifest keeps. `/a/b.zip!/inner.png` for a member.
        source: for people: the root's name and what follows, nothing in it that a terminal would obey.
        root: absolute path of the folder that was given, now or in an earlier ingest; for a file that was given by
            itself, the file.
        size_bytes: when it was listed.
        given: captions and columns that the user gave for it.
        file: what to open on disk.
        archive: where it is a member.
        member: its name in the archive.
        limit_bytes: `read` refuses more.
        rest: of a caption table, the rows that went to no picture: they are the document.
        meant: `path` with the letters that were meant, where an archive does not name its encoding: for people.
    """

    path: str
    source: str
    root: str
    size_bytes: int
    given: Given
    file: str
    archive: ArchiveRef | None = None
    member: str = ""
    limit_bytes: int = Limits().file_bytes
    rest: bytes | None = None
    meant: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "meant", self.meant or self.path)

    def read(self) -> bytes:
        """The document's bytes.

        Raises:
            DocumentError: damaged in its archive, or larger than the limit.
            TransientError: not readable now, or gone since it was listed.
        """
        if self.rest is not None:
            return self.rest
        try:
            return self._read_file(self.file) if self.archive is None else self._read_member(self.member)
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
                root = real_path(posixpath.dirname(self.root) if self.root == self.path else self.root)
                found = find_below(root, reference, posixpath.dirname(self.file))
                back = found and posixpath.relpath(found, os.path.relpath(posixpath.dirname(self.file), root))
                return self._linked_file(real_path(back)) if back else None
            folder = posixpath.dirname(self.meant.rpartition(MEMBER)[2])
            names = (member.meant for member in open_archive(self.archive).members())
            found = nearest(names, reference, folder)
            return self._linked_member(posixpath.relpath(found, folder or ".")) if found else None
        except (OSError, ValueError, DocumentError):
            return None

    def _linked_file(self, reference: str) -> Resolved | None:
        root = real_path(posixpath.dirname(self.root) if self.root == self.path else self.root)
        target = join_reference(os.path.relpath(posixpath.dirname(self.file), root), reference)
        if target is None:
            return None
        file = posixpath.join(root, target)
        real = os.path.realpath(file)
        if not is_inside(real, os.path.realpath(root)) or not Path(real).is_file():
            return None
        return Resolved(self._read_file(real), identity(file))

    def _linked_member(self, reference: str) -> Resolved | None:
        archive = self.path[: len(self.path) - len(self.member)]
        for member in dict.fromkeys((self.member, self.meant.rpartition(MEMBER)[2])):
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
class Joined:
    """How captions were joined to pictures."""

    report: CaptionReport


@dataclass(frozen=True, slots=True)
class Scanned:
    """The last item: how far the scan can vouch for what it did not find.

    Attributes:
        prefixes: the given paths that exist.
        incomplete: paths that were not seen, or not with everything below them.
        skipped: what was left out on purpose, by reason.
    """

    prefixes: frozenset[str]
    incomplete: frozenset[str] = frozenset()
    skipped: dict[str, Tally] = field(default_factory=dict)

    def proves_gone(self, path: str) -> bool:
        """Whether a document that this scan did not yield is surely no longer there.

        False below a folder or archive that could not be read in full, and for everything outside the given paths.
        """
        above = set(ancestors(path))
        return not self.prefixes.isdisjoint(above) and self.incomplete.isdisjoint(above)


Item: TypeAlias = Source | Problem | Joined | Scanned


def scan(paths: Sequence[str | Path], *, roots: Iterable[str] = (), limits: Limits | None = None) -> Scan:
    """Lists files, folders and archives.

    Args:
        paths: files and folders; a member is `archive.zip!/name`.
        roots: `Source.root` of earlier ingests, so that sources keep their names and captions their scope.
        limits: what is accepted.

    Returns:
        Problems as they are met, then sources sorted by path, then one `Joined`, then one `Scanned`.
    """
    return Scan(paths, tuple(roots), limits or Limits())


class Scan:
    """A running scan: iterate it once, and close it when its sources have been read.

    It holds the unpacked copies of compressed archives. Sources can still be read after `close`, only slower.
    """

    def __init__(self, paths: Sequence[str | Path], roots: Sequence[str], limits: Limits) -> None:
        self._spool = Spool()
        self._items = self._run(make_plan(paths, roots), limits)

    def __iter__(self) -> Iterator[Item]:
        return self._items

    def __next__(self) -> Item:
        return next(self._items)

    def __enter__(self) -> Scan:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._items.close()
        self._spool.close()

    def _run(self, plan: ScanPlan, limits: Limits) -> Generator[Item, None, None]:
        with closing(Catalog()) as catalog:
            listing = Listing(catalog, self._spool, limits, wanted=plan.wanted, roots=plan.roots)
            for path, reason in plan.problems.items():
                yield Problem(identity(path), listing.source(path), reason, transient=False)
            yield from _list(plan, listing)
            report = join_captions(catalog)
            report.guessed_names = listing.guessed_names
            for entry in catalog.wanted():
                rest = catalog.rest(entry.id)
                yield Source(
                    path=entry.path,
                    source=entry.source,
                    root=entry.root,
                    size_bytes=entry.size_bytes if rest is None else len(rest),
                    given=given_to(entry, catalog),
                    file=entry.file,
                    archive=entry.archive,
                    member=entry.name,
                    limit_bytes=limits.file_bytes,
                    rest=rest,
                    meant=entry.meant,
                )
            yield Joined(report)
            incomplete = frozenset((*listing.incomplete, *map(identity, plan.empty)))
            yield Scanned(frozenset(map(identity, plan.wanted)), incomplete, listing.skipped)


def _list(plan: ScanPlan, listing: Listing) -> Iterator[Problem]:
    for folder in plan.empty:
        listing.skip("empty folder (nothing below it is taken for removed)", folder)
    for folder in plan.folders:
        yield from list_folder(folder, listing)
    for folder, files in sorted(plan.files.items()):
        yield from list_folder(folder, listing, deep=False, leave_out=frozenset(files))
        for file in sorted(files):
            yield from list_file(file, listing)
