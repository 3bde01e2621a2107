"""The embedded store: a folder that one process has open, which lets the others in.

Within a process, all stores that open a path share what has it open.
"""

from __future__ import annotations

import atexit
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import StoreError, StoreFormatError, StoreLocked
from rag.store.lite.guest import Guest, clear, find_host, is_coming_or_going, publish, withdraw
from rag.store.lite.locks import CollectionLocks

if TYPE_CHECKING:
    from rag.store.lite.engine import LiteServer

_PATIENCE_S = 3.0
_LONG_PATIENCE_S = 30.0
"""For a process that is about to let others in, or that writes everything out before it ends."""
_POLL_S = 0.05
_LOCKS = "locks"
_SQLITE = b"SQLite format 3\0"
_hosts: dict[Path, Host] = {}
_locks: dict[Path, CollectionLocks] = {}
_lock = threading.Lock()


@dataclass(eq=False)
class Host:
    """A store that this process has open."""

    path: Path
    server: LiteServer
    n_users: int = 0

    @property
    def address(self) -> str:
        return self.server.address

    def gone(self) -> None:
        """It is this process."""

    def release(self) -> None:
        """Gives up one use; the last one writes everything out and frees the folder."""
        with _lock:
            self.n_users -= 1
            if self.n_users == 0:
                del _hosts[self.path]
                self.shut()

    def shut(self) -> None:
        withdraw(self.path)
        self.server.stop()


def locks_of(path: Path) -> CollectionLocks:
    """The locks of the collections of the store at a path."""
    with _lock:
        if path not in _locks:
            _locks[path] = CollectionLocks(path / _LOCKS)
        return _locks[path]


def open_embedded(path: Path) -> Host | Guest:
    """The store at a path, to be released: opened, or as a guest of the process that has it open.

    Args:
        path: absolute, without symbolic links.

    Raises:
        StoreLocked, StoreFormatError: see `rag.store.connect`.
        StoreError: the folder cannot be written.
    """
    began = time.monotonic()
    while True:
        with _lock:
            try:
                link = _hosts.get(path) or find_host(path) or _open(path)
            except StoreLocked:
                patience_s = _LONG_PATIENCE_S if is_coming_or_going(path) else _PATIENCE_S
                if time.monotonic() - began > patience_s:
                    raise _locked(path) from None
            else:
                if isinstance(link, Host):
                    link.n_users += 1
                return link
        time.sleep(_POLL_S)


def _open(path: Path) -> Host:
    _check_format(path)
    with _small_memtable():
        from rag.store.lite.engine import (
            LiteServer,  # FAISS and Arrow, which neither a guest nor a server's client needs
        )

    host = Host(path, LiteServer(path))
    try:
        (path / _LOCKS).mkdir(mode=0o700, exist_ok=True)
        clear(path)
        if host.server.socket:
            publish(path, host.server.socket)
    except OSError as error:
        host.server.stop()
        raise StoreError(f"cannot open the embedded store {path}: {error}") from error
    _hosts[path] = host
    return host


@contextmanager
def _small_memtable() -> Iterator[None]:
    """Milvus Lite searches rows that are not in a segment yet one by one, and makes one of 128 MiB by default.

    With 4 MB a search during an ingest of 30,000 rows takes 46 ms instead of 558, and the ingest as a whole is faster
    (11.1 s instead of 13.9). The setting is read once, from the environment.
    """
    name = "MILVUS_LITE_MEMTABLE_MEMORY_LIMIT_BYTES"
    if name in os.environ:
        yield
        return
    os.environ[name] = "4000000"
    try:
        yield
    finally:
        del os.environ[name]


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


def _locked(path: Path) -> StoreLocked:
    return StoreLocked(
        f"{path} is open in another process{_holder(path)} that cannot be asked from here: another user's, or in "
        "another container. Wait for it or stop it; for several at once run a Milvus server and set RAG_STORE_URI=http://host:19530."
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
    with _lock:
        for host in _hosts.values():
            host.shut()
        _hosts.clear()
