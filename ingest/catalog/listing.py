"""What a scan finds, sorted into files, problems and what is left out on purpose."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ingest.archives.containers import Limits, Member
from ingest.archives.spool import ArchiveRef, Spool
from ingest.catalog.catalog import Catalog, Entry
from ingest.paths import ancestors, identity, shown
from rag.images.mime import EXTENSIONS, OTHER_EXTENSIONS, mime_of

_PICTURE_NAMES = tuple(f".{extension}" for extension in (*EXTENSIONS.values(), *OTHER_EXTENSIONS))
_N_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was asked for and cannot be read.

    Attributes:
        path: absolute, as the manifest keeps it.
        source: for people.
        message: why, and what to do.
        transient: it may pass by itself (permissions, I/O).
    """

    path: str
    source: str
    message: str
    transient: bool


@dataclass(slots=True)
class Tally:
    """A count with its first few cases, for a report."""

    count: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, example: str) -> None:
        self.count += 1
        if len(self.examples) < _N_EXAMPLES:
            self.examples.append(example)

    def include(self, other: Tally) -> None:
        self.count += other.count
        self.examples.extend(other.examples[: _N_EXAMPLES - len(self.examples)])


@dataclass(frozen=True, slots=True)
class MemberLocation:
    """Where a member lies. `archive_id` is the catalogue's."""

    archive: ArchiveRef
    archive_id: int
    member: Member


class Listing:
    """Collects for one scan.

    Args:
        catalog: where the files go.
        spool: where compressed archives are unpacked to.
        limits: what is accepted.
        wanted: paths that were asked for; what else is listed only serves to join captions.
        roots: folders by which sources are named; the longest that holds a file counts.

    Attributes:
        skipped: what was left out without being a problem, by reason.
        incomplete: paths that were not seen, or not with everything below them.
        guessed_names: members whose names are in an encoding that nothing tells.
    """

    def __init__(
        self, catalog: Catalog, spool: Spool, limits: Limits, *, wanted: Iterable[str], roots: Iterable[str]
    ) -> None:
        self.catalog = catalog
        self.spool = spool
        self.limits = limits
        self.skipped: dict[str, Tally] = {}
        self.incomplete: list[str] = []
        self.guessed_names = Tally()
        self._wanted = {identity(path) for path in wanted}
        self._above_wanted = {above for path in self._wanted for above in ancestors(path)}
        self._roots = {identity(root) for root in roots}

    def concerns(self, path: str) -> bool:
        """Whether the path was asked for, or something below it was."""
        return identity(path) in self._above_wanted or self.is_wanted(path)

    def is_wanted(self, path: str) -> bool:
        return not self._wanted.isdisjoint(ancestors(identity(path)))

    def add(
        self, path: str, head: bytes, size_bytes: int, location: MemberLocation | None = None, meant: str = ""
    ) -> Iterator[Problem]:
        """Lists a file on disk, or a member of an archive, if it is not too large.

        Args:
            path: absolute, as found.
            head: the first bytes, which tell a picture.
            size_bytes: uncompressed.
            location: of a member.
            meant: the path as its letters were meant, where that may be another spelling.
        """
        limit = self.limits.file_bytes
        if size_bytes > limit:
            yield from self.problem(path, f"has {size_bytes:,} bytes, the limit for a document is {limit:,}; split it")
            return
        kept, archive = identity(path), location.archive if location else None
        meant = identity(meant) if meant else kept
        entry = Entry(
            id=0,
            path=kept,
            source=self.source(path, meant),
            root=self._root_of(path),
            file=archive.file if archive else path,
            size_bytes=size_bytes,
            archive=archive,
            member=location.member.index if location else 0,
            name=identity(location.member.name) if location else "",
            meant=meant,
        )
        if meant != kept:
            self.guessed_names.add(entry.source)
        if location and self.catalog.has(kept):
            self.skip("member that a later one of the same name replaces", path)
        picture = mime_of(head) is not None or kept.casefold().endswith(_PICTURE_NAMES)
        archive_id = location.archive_id if location else None
        self.catalog.add(
            entry, archive=archive_id, picture=picture, wanted=self.is_wanted(path) or self.is_wanted(meant)
        )

    def skip(self, reason: str, path: str) -> None:
        if self.is_wanted(path):
            self.skipped.setdefault(reason, Tally()).add(self.source(path))

    def problem(self, path: str, message: str, *, transient: bool = False) -> Iterator[Problem]:
        """The problem, where the path was asked for."""
        if self.concerns(path):
            self.incomplete.append(identity(path))
            yield Problem(identity(path), self.source(path), message, transient)

    def source(self, path: str, meant: str = "") -> str:
        """The path for people: the root's name and what follows, with the letters that were meant."""
        above = posixpath.dirname(self._root_of(path))
        kept = meant if meant.startswith(above) else identity(path)
        return shown(kept[len(above) :].lstrip("/"))

    def _root_of(self, path: str) -> str:
        path = identity(path)
        return next((above for above in ancestors(path) if above in self._roots), posixpath.dirname(path))
