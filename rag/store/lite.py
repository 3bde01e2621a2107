"""The embedded engine: one for each path and process, shared by all stores that open the path.

Milvus Lite 3 serves gRPC from threads of this process, on a random loopback port. It lets one process at a time into
its folder. Its writes are not safe beside each other, and a search that meets a flush can miss rows (the memtable is
swapped before its segment is listed), so every request to a collection takes that collection's lock.
"""

from __future__ import annotations

import atexit
import logging
import re
import shutil
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import faiss
from milvus_lite.adapter.grpc.server import start_server_in_thread
from milvus_lite.exceptions import DataDirLockedError, MilvusLiteError

from rag.errors import StoreError, StoreFormatError, StoreLocked

_SQLITE = b"SQLite format 3\0"
_engines: dict[Path, LiteEngine] = {}
_engines_lock = threading.Lock()


@dataclass(eq=False)
class LiteEngine:
    """An open folder. `locks` has one re-entrant lock for each collection."""

    path: Path
    uri: str
    locks: defaultdict[str, threading.RLock] = field(default_factory=lambda: defaultdict(threading.RLock))
    n_users: int = 0
    _server: Any = None
    _db: Any = None

    def sweep(self, collection: str) -> None:
        """Removes what a kill in the middle of a creation leaves: a folder without a schema, which blocks the name."""
        if collection in self.half_made():
            shutil.rmtree(self.path / "collections" / collection)

    def half_made(self) -> list[str]:
        """Collections that a kill left so."""
        folders = (self.path / "collections").glob("*/")
        return [folder.name for folder in folders if not (folder / "schema.json").exists()]

    def release(self) -> None:
        """Gives up one use; the last one writes everything out and frees the folder."""
        with _engines_lock:
            self.n_users -= 1
            if self.n_users == 0:
                del _engines[self.path]
                self._shut()

    def _shut(self) -> None:
        self._server.stop(grace=2).wait(timeout=10)
        self._db.close()


def open_lite(path: Path) -> LiteEngine:
    """The engine for a path, opened or shared; `release` it.

    Raises:
        StoreLocked, StoreFormatError: see `rag.store.connect`.
        StoreError: the folder cannot be written.
    """
    with _engines_lock:
        engine = _engines.get(path)
        if engine is None:
            engine = _engines[path] = _start(path)
        engine.n_users += 1
        return engine


def _start(path: Path) -> LiteEngine:
    logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)  # its tracebacks reach us as status codes
    _check_format(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        server, db, port = start_server_in_thread(str(path))
    except DataDirLockedError:
        raise StoreLocked(
            f"{path} is open in another process{_holder(path)}; the embedded store lets one in at a time. "
            "Wait for it or stop it; for several at once run a Milvus server and set RAG_STORE_URI=http://host:19530."
        ) from None
    except (OSError, MilvusLiteError) as error:
        raise StoreError(f"cannot open the embedded store {path}: {error}") from error
    return LiteEngine(path, f"http://127.0.0.1:{port}", _server=server, _db=db)


def _check_format(path: Path) -> None:
    if path.is_file():
        with path.open("rb") as file:
            old = file.read(len(_SQLITE)) == _SQLITE
        what = "a database of Milvus Lite 2.x, which Milvus Lite 3 cannot open" if old else "a file, not a store"
        raise StoreFormatError(
            f"{path} is {what}. Move it away and ingest again, or set RAG_STORE_URI to another path."
        )
    if path.is_dir() and any(path.iterdir()) and not (path / "collections").is_dir():
        raise StoreFormatError(
            f"{path} is a folder with other things in it, not a store. Set RAG_STORE_URI to a path of its own."
        )


def _holder(path: Path) -> str:
    """Who holds the lock, where the system tells (Linux)."""
    try:
        inode = (path / "LOCK").stat().st_ino
        locks = re.findall(r"FLOCK\s+ADVISORY\s+WRITE\s+(\d+)\s+\w+:\w+:(\d+)\s", Path("/proc/locks").read_text())
        pid = next(pid for pid, locked in locks if int(locked) == inode)
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except (OSError, StopIteration):
        return ""
    return f" (process {pid}: {re.sub(r'[^ -~]', '?', command)[:80]})"


@atexit.register
def _close_all() -> None:
    """A program that ends without closing its stores still writes them out."""
    with _engines_lock:
        for engine in _engines.values():
            engine._shut()
        _engines.clear()


_IndexIVFFlat = faiss.IndexIVFFlat


def _quiet_index(*args: Any) -> Any:
    index = _IndexIVFFlat(*args)
    index.cp.min_points_per_centroid = 1
    return index


# FAISS writes "WARNING clustering 30 points ..." to stderr for every small segment, and Milvus Lite, which makes the
# index, has no setting for it.
setattr(faiss, "IndexIVFFlat", _quiet_index)  # noqa: B010
