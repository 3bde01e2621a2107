"""The manifest as one run sees it, and the list of what the run has to do, in a temporary SQLite file.

Memory stays the same for a thousand documents and for ten million. The manifest in the store is the only lasting
ledger: this file belongs to one run and is gone with it.
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from ingest.scan.sources import Source
from rag.types import Document

_SCHEMA = """
CREATE TABLE known (doc_id TEXT PRIMARY KEY, path TEXT, content_hash TEXT, state TEXT, row TEXT, seen INTEGER);
CREATE INDEX by_content ON known (content_hash);
CREATE TABLE todo (ordinal INTEGER PRIMARY KEY, doc_id TEXT UNIQUE, source BLOB);
CREATE TABLE planned (content_hash TEXT PRIMARY KEY, doc_id TEXT);
"""


class Ledger:
    """Thread-safe."""

    def __init__(self, documents: Iterable[Document]) -> None:
        # "" is SQLite's private temporary file, written only when it outgrows the cache.
        self._db = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;" + _SCHEMA)
        self._lock = threading.Lock()
        self._db.execute("BEGIN")
        for document in documents:
            self._put(document, seen=False)

    def close(self) -> None:
        self._db.close()

    def note(self, document: Document) -> None:
        """What the manifest holds for a document now."""
        self._put(document, seen=True)

    def get(self, doc_id: str) -> Document | None:
        rows = self._run("SELECT row FROM known WHERE doc_id = ?", doc_id)
        return _document(rows[0][0]) if rows else None

    def documents(self) -> Iterator[Document]:
        """All of them, by path."""
        last = ""
        while rows := self._run("SELECT path, row FROM known WHERE path > ? ORDER BY path LIMIT 100", last):
            last = rows[-1][0]
            yield from (_document(row) for _, row in rows)

    def roots(self) -> list[str]:
        """The folders by which earlier ingests named their sources."""
        rows = self._run("SELECT DISTINCT json_extract(row, '$.metadata.root') FROM known")
        return sorted(root for (root,) in rows if root)

    def add_work(self, doc_id: str, source: Source) -> None:
        """A source to look at. The first one counts where a document is listed twice."""
        self._run("INSERT OR IGNORE INTO todo (doc_id, source) VALUES (?,?)", doc_id, pickle.dumps(source))

    def work(self) -> Iterator[tuple[str, Source]]:
        """What to look at, in the order in which it was added."""
        last = 0
        while rows := self._run(
            "SELECT ordinal, doc_id, source FROM todo WHERE ordinal > ? ORDER BY ordinal LIMIT 100", last
        ):
            last = rows[-1][0]
            for _, doc_id, source in rows:
                yield doc_id, pickle.loads(source)  # noqa: S301 - our own temporary file

    def n_work(self) -> int:
        return int(self._run("SELECT count(*) FROM todo")[0][0])

    def has_work(self, doc_id: str) -> bool:
        return bool(self._run("SELECT 1 FROM todo WHERE doc_id = ?", doc_id))

    def plan(self, content_hash: str, doc_id: str) -> None:
        """This run has settled that the document has this content."""
        self._run("INSERT OR IGNORE INTO planned VALUES (?,?)", content_hash, doc_id)

    def duplicate_of(self, content_hash: str, doc_id: str) -> str | None:
        """Another document with this content that no later step of this run will change."""
        planned = self._run("SELECT doc_id FROM planned WHERE content_hash = ? AND doc_id != ?", content_hash, doc_id)
        if planned:
            return str(planned[0][0])
        rows = self._run(
            "SELECT doc_id FROM known WHERE content_hash = ? AND state = 'done' AND doc_id != ?"
            " AND doc_id NOT IN (SELECT doc_id FROM todo) ORDER BY doc_id LIMIT 1",
            content_hash,
            doc_id,
        )
        return str(rows[0][0]) if rows else None

    def see(self, doc_id: str) -> None:
        """The scan found it, or something wrong with it."""
        self._run("UPDATE known SET seen = 1 WHERE doc_id = ?", doc_id)

    def unseen(self) -> Iterator[Document]:
        """Documents of the manifest that the scan did not meet."""
        last = ""
        query = (
            "SELECT doc_id, row FROM known WHERE NOT seen AND doc_id NOT IN (SELECT doc_id FROM todo)"
            " AND doc_id > ? ORDER BY doc_id LIMIT 100"
        )
        while rows := self._run(query, last):
            last = rows[-1][0]
            yield from (_document(row) for _, row in rows)

    def _put(self, document: Document, *, seen: bool) -> None:
        row = json.dumps(asdict(document))
        self._run(
            "INSERT OR REPLACE INTO known VALUES (?,?,?,?,?,?)",
            *(document.doc_id, document.path, document.content_hash, document.state, row, seen),
        )

    def _run(self, query: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(query, values).fetchall()


def _document(row: str) -> Document:
    return Document(**json.loads(row))
