"""What a scan has listed, in a temporary SQLite file: memory stays the same for a thousand files and for ten million.

The file belongs to one scan and is gone with it; nothing is ever resumed from it.
"""

from __future__ import annotations

import json
import pickle
import posixpath
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ingest.archives.spool import ArchiveRef, open_member
from ingest.paths import DumpPath, compare_key

_SCHEMA = """
CREATE TABLE files (
    id INTEGER PRIMARY KEY, path TEXT UNIQUE, raw BLOB, meant TEXT, source TEXT, root TEXT, size INTEGER,
    archive INTEGER, member INTEGER, name TEXT, picture INTEGER, wanted INTEGER, consumed INTEGER DEFAULT 0,
    key TEXT, folder_key TEXT, name_key TEXT, stem_key TEXT);
CREATE INDEX by_key ON files (key) WHERE picture;
CREATE INDEX by_name ON files (name_key, key) WHERE picture;
CREATE INDEX by_stem ON files (stem_key, key) WHERE picture;
CREATE INDEX by_folder ON files (folder_key, stem_key) WHERE picture;
CREATE TABLE archives (id INTEGER PRIMARY KEY, ref BLOB);
CREATE TABLE given (
    ordinal INTEGER PRIMARY KEY, file INTEGER, giver INTEGER, is_table INTEGER, texts TEXT, columns TEXT);
CREATE TABLE rests (file INTEGER PRIMARY KEY, data BLOB);
CREATE INDEX given_to ON given (file);
CREATE INDEX given_by ON given (giver);
"""
_COLUMNS = "files.id, raw, path, meant, source, root, size, archive, member, name"
SIDECAR_NAMES = ("txt", "json", "xmp")
TABLE_NAMES = ("csv", "tsv", "tab", "json", "jsonl", "ndjson", "txt")
_AFTER_ALL = "\U0010ffff"
_MOST_CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or a member of an archive.

    Attributes:
        id: within this catalogue.
        path: where it is.
        size_bytes: uncompressed.
        archive: where it is a member.
        member: its index in the archive.
        name: its name within the archive.
    """

    id: int
    path: DumpPath
    size_bytes: int
    archive: ArchiveRef | None = None
    member: int = 0
    name: str = ""

    def open(self) -> IO[bytes]:
        """Its bytes from the start. OSError or DocumentError, here or while reading, where they cannot be had."""
        return Path(self.path.raw).open("rb") if self.archive is None else open_member(self.archive, self.member)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A picture that a caption may mean: its path as it was meant, and the same made comparable."""

    id: int
    path: str
    key: str


class Catalog:
    """The listed files of one scan, and what was said about them."""

    def __init__(self) -> None:
        # "" is SQLite's private temporary file: it is written only when it outgrows the cache.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;" + _SCHEMA)
        self._db.execute("BEGIN")
        self._archives: dict[int, ArchiveRef] = {}

    def close(self) -> None:
        self._db.close()

    def add_archive(self, ref: ArchiveRef) -> int:
        return int(self._db.execute("INSERT INTO archives (ref) VALUES (?)", (pickle.dumps(ref),)).lastrowid or 0)

    def add(self, entry: Entry, *, archive: int | None, picture: bool, wanted: bool) -> None:
        """Lists a file; the same path again replaces it, as a later member of an archive does."""
        path = entry.path
        key = compare_key(path.meant)
        folder, name = posixpath.split(key)
        row = {
            "path": path.identity,
            "raw": path.raw.encode(errors="surrogatepass"),
            "meant": path.meant,
            "source": path.source,
            "root": path.root,
            "size": entry.size_bytes,
            "archive": archive,
            "member": entry.member,
            "name": entry.name,
            "picture": picture,
            "wanted": wanted,
            "key": key,
            "folder_key": folder,
            "name_key": name,
            "stem_key": posixpath.splitext(name)[0],
        }
        columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
        self._db.execute(f"INSERT OR REPLACE INTO files ({columns}) VALUES ({values})", row)  # noqa: S608

    def has(self, path: str) -> bool:
        return self._db.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone() is not None

    def sidecars(self) -> Iterator[Entry]:
        """What could be one, by name, in order."""
        return self._entries(f"WHERE NOT picture AND NOT consumed AND {_named(SIDECAR_NAMES)} ORDER BY path")

    def tables(self) -> Iterator[Entry]:
        """What could be a caption table, by name, in order."""
        return self._entries(f"WHERE NOT picture AND NOT consumed AND {_named(TABLE_NAMES)} ORDER BY path")

    def wanted(self) -> Iterator[Entry]:
        """What to ingest, in order: the wanted files, and the pictures that a wanted caption table speaks of."""
        return self._entries(
            "WHERE NOT consumed AND (wanted OR EXISTS (SELECT 1 FROM given JOIN files giver ON giver.id = given.giver"
            " WHERE given.file = files.id AND giver.wanted)) ORDER BY path"
        )

    def pictures_at(self, path: str) -> list[Candidate]:
        return self._candidates("key = ?", compare_key(path))

    def pictures_named(self, name: str, scope: str) -> list[Candidate]:
        """Pictures of this file name at or below the path `scope`."""
        key = compare_key(scope)
        return self._candidates("name_key = ? AND key >= ? AND key < ?", compare_key(name), key, key + _AFTER_ALL)

    def pictures_with_stem(self, stem: str, scope: str) -> list[Candidate]:
        """Pictures of this file name without its extension, at or below the path `scope`."""
        key = compare_key(scope)
        return self._candidates("stem_key = ? AND key >= ? AND key < ?", compare_key(stem), key, key + _AFTER_ALL)

    def pictures_beside(self, folder: str, stem: str) -> list[Candidate]:
        """Pictures of that very folder whose name without its extension is `stem`."""
        return self._candidates("folder_key = ? AND stem_key = ?", compare_key(folder), compare_key(stem))

    def pictures_beginning(self, folder: str, stem: str) -> list[Candidate]:
        """Pictures of that very folder whose name begins so."""
        in_folder, key = compare_key(folder), compare_key(stem)
        where = "folder_key = ? AND stem_key >= ? AND stem_key < ?"
        return self._candidates(where, in_folder, key, key + _AFTER_ALL)

    def give(self, file: int, giver: int, texts: list[Any], columns: Mapping[str, Any], *, is_table: bool) -> None:
        """Keeps words and columns about a picture; the first ones given come first."""
        self._db.execute(
            "INSERT INTO given (file, giver, is_table, texts, columns) VALUES (?,?,?,?,?)",
            (file, giver, is_table, json.dumps(texts), json.dumps(columns)),
        )

    def given(self, file: int) -> Iterator[tuple[list[Any], dict[str, Any], bool]]:
        """Words, columns, and whether a table gave them."""
        for texts, columns, is_table in self._db.execute(
            "SELECT texts, columns, is_table FROM given WHERE file = ? ORDER BY ordinal", (file,)
        ):
            yield json.loads(texts), json.loads(columns), bool(is_table)

    def n_given_twice(self, giver: int) -> int:
        """Pictures that one table gave words to more than once."""
        repeated = "SELECT 1 FROM given WHERE giver = ? AND texts != '[]' GROUP BY file HAVING count(*) > 1"
        query = f"SELECT count(*) FROM ({repeated})"  # noqa: S608
        return int(self._db.execute(query, (giver,)).fetchone()[0])

    def consume(self, file: int) -> None:
        """The file is a caption table or a sidecar: no document of its own."""
        self._db.execute("UPDATE files SET consumed = 1 WHERE id = ?", (file,))

    def keep_rest(self, file: int, data: bytes) -> None:
        """Of a caption table, these rows stay a document: what they say went to no picture."""
        self._db.execute("INSERT OR REPLACE INTO rests (file, data) VALUES (?, ?)", (file, data))

    def rest(self, file: int) -> bytes | None:
        """What is left of a caption table; None for any other file."""
        found = self._db.execute("SELECT data FROM rests WHERE file = ?", (file,)).fetchone()
        return bytes(found[0]) if found else None

    def pictures_left_out(self) -> Iterator[str]:
        """Sources of pictures without words, in folders where a caption table gave words to others."""
        rows = self._db.execute(
            "SELECT source FROM files WHERE picture AND folder_key IN (SELECT folder_key FROM files JOIN given"
            " ON given.file = files.id WHERE is_table) AND NOT EXISTS (SELECT 1 FROM given WHERE file = files.id"
            " AND texts != '[]') ORDER BY path"
        )
        return (source for (source,) in rows)

    def _candidates(self, where: str, *values: str) -> list[Candidate]:
        query = f"SELECT id, meant, key FROM files WHERE picture AND {where} ORDER BY path LIMIT {_MOST_CANDIDATES}"  # noqa: S608
        return [Candidate(*row) for row in self._db.execute(query, values)]

    def _entries(self, rest: str) -> Iterator[Entry]:
        for row in self._db.execute(f"SELECT {_COLUMNS} FROM files {rest}"):  # noqa: S608
            id_, raw, *named, size, archive, member, name = row
            path = DumpPath(raw.decode(errors="surrogatepass"), *named)
            yield Entry(id_, path, size, self._archive(archive), member, name)

    def _archive(self, id_: int | None) -> ArchiveRef | None:
        if id_ is None:
            return None
        if id_ not in self._archives:
            if len(self._archives) > 1000:
                self._archives.clear()
            (blob,) = self._db.execute("SELECT ref FROM archives WHERE id = ?", (id_,)).fetchone()
            self._archives[id_] = pickle.loads(blob)  # noqa: S301 - our own temporary file
        return self._archives[id_]


def _named(extensions: tuple[str, ...]) -> str:
    return "(" + " OR ".join(f"name_key LIKE '%.{extension}'" for extension in extensions) + ")"
