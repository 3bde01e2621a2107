"""What a scan finds, sorted into files, problems and what is left out on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ingest.archives.containers import Limits, Member
from ingest.archives.spool import ArchiveRef, Spool
from ingest.catalog.catalog import Catalog, Entry
from ingest.paths import DumpPath, ancestors, identity
from rag.images.mime import EXTENSIONS, OTHER_EXTENSIONS, mime_of

_PICTURE_NAMES = tuple(f".{extension}" for extension in (*EXTENSIONS.values(), *OTHER_EXTENSIONS))
_N_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was asked for and cannot be read.

    Attributes:
        path: where.
        message: why, and what to do.
        transient: it may pass by itself (permissions, I/O).
    """

    path: DumpPath
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
        wanted: identities of what was asked for; what else is listed only serves to join captions.
        roots: identities of the folders by which sources are named; the longest that holds a file counts.
        names: identities, each with the one that was meant and that no file system could hold.

    Attributes:
        skipped: what was left out without being a problem, by reason.
        incomplete: identities of what was not seen, or not with everything below it.
        guessed_names: members whose names are in an encoding that nothing tells.
    """

    def __init__(
        self,
        catalog: Catalog,
        spool: Spool,
        limits: Limits,
        *,
        wanted: Iterable[str],
        roots: Iterable[str],
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.catalog = catalog
        self.spool = spool
        self.limits = limits
        self.skipped: dict[str, Tally] = {}
        self.incomplete: list[str] = []
        self.guessed_names = Tally()
        self._wanted = set(wanted)
        self._above_wanted = {above for path in self._wanted for above in ancestors(path)}
        self._roots = set(roots)
        self._names = names or {}

    def path(self, raw: str, meant: str = "") -> DumpPath:
        """A path that the walk meets, absolute, as it is spelled and, in an archive, as its letters were meant."""
        return DumpPath.below(self._roots, raw, self._named(identity(meant or raw)))

    def _named(self, path: str) -> str:
        """With the name that was meant, of the file itself or of what it is in."""
        kept = next((above for above in ancestors(path) if above in self._names), "") if self._names else ""
        return self._names[kept] + path[len(kept) :] if kept else path

    def concerns(self, path: DumpPath) -> bool:
        """Whether the path was asked for, or something below it was."""
        return path.identity in self._above_wanted or self.is_wanted(path)

    def is_wanted(self, path: DumpPath) -> bool:
        return not self._wanted.isdisjoint(path.ancestors)

    def add(
        self, path: DumpPath, head: bytes, size_bytes: int, location: MemberLocation | None = None
    ) -> Iterator[Problem]:
        """Lists a file on disk, or a member of an archive, if it is not too large.

        Args:
            path: where it is.
            head: the first bytes, which tell a picture.
            size_bytes: uncompressed.
            location: of a member.
        """
        limit = self.limits.file_bytes
        if size_bytes > limit:
            yield from self.problem(path, f"has {size_bytes:,} bytes, the limit for a document is {limit:,}; split it")
            return
        entry = Entry(id=0, path=path, size_bytes=size_bytes)
        if location:
            member = location.member
            entry = replace(entry, archive=location.archive, member=member.index, name=identity(member.name))
            if self.catalog.has(path.identity):
                self.skip("member that a later one of the same name replaces", path)
        is_wanted = self.is_wanted(path)
        if location and path.meant != self._named(path.identity):
            self.guessed_names.add(path.source)
            is_wanted = is_wanted or not self._wanted.isdisjoint(ancestors(path.meant))
        picture = mime_of(head) is not None or path.identity.casefold().endswith(_PICTURE_NAMES)
        archive_id = location.archive_id if location else None
        self.catalog.add(entry, archive=archive_id, picture=picture, wanted=is_wanted)

    def skip(self, reason: str, path: DumpPath) -> None:
        if self.is_wanted(path):
            self.skipped.setdefault(reason, Tally()).add(path.source)

    def problem(self, path: DumpPath, message: str, *, transient: bool = False) -> Iterator[Problem]:
        """The problem, where the path was asked for."""
        if self.concerns(path):
            self.incomplete.append(path.identity)
            yield Problem(path, message, transient)
