"""A lock for each collection, held against the other threads and, on the embedded store, against other processes.

The system frees a file's lock when its process ends, however it ends. Whoever waits for one stands in a gate that the
next has to pass too, so that a process which writes without a pause lets one request of another in between.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.system import try_lock, unlock

BETWEEN_PROCESSES = sys.platform != "win32"
_POLL_S = 0.001


class CollectionLocks:
    """Locks by collection, each re-entrant in its thread."""

    def __init__(self, folder: Path | None = None) -> None:
        """Args:
        folder: of the files that stand for the locks; without one they only keep threads apart.
        """
        self._folder = folder if BETWEEN_PROCESSES else None
        self._locks: dict[str, _Lock] = {}

    @contextmanager
    def held(self, collection: str, timeout_s: float) -> Iterator[None]:
        """Alone with the collection.

        Raises:
            TimeoutError: it was not free in time.
            OSError: its file cannot be opened.
        """
        lock = self._locks.get(collection)
        if lock is None:
            file = self._folder / collection if self._folder else None
            lock = self._locks.setdefault(collection, _Lock(file))
        lock.acquire(timeout_s)
        try:
            yield
        finally:
            lock.release()


class _Lock:
    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._threads = threading.RLock()
        self._depth = 0
        self._held = -1

    def acquire(self, timeout_s: float) -> None:
        deadline = time.monotonic() + timeout_s
        if not self._threads.acquire(timeout=timeout_s):
            raise TimeoutError
        try:
            if self._file and not self._depth:
                self._held = _lock_file(self._file, deadline)
            self._depth += 1
        except BaseException:
            self._threads.release()
            raise

    def release(self) -> None:
        self._depth -= 1
        if self._file and not self._depth:
            _unlock(self._held)
        self._threads.release()


def _lock_file(file: Path, deadline: float) -> int:
    gate = _wait_for(f"{file}.gate", deadline)
    try:
        return _wait_for(str(file), deadline)
    finally:
        _unlock(gate)


def _wait_for(file: str, deadline: float) -> int:
    """The descriptor that holds the lock. Asked for again and again: a lock that is waited for has no time-out."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            if try_lock(descriptor):
                return descriptor
            if time.monotonic() > deadline:
                raise TimeoutError
            time.sleep(_POLL_S)
    except BaseException:
        os.close(descriptor)
        raise


def _unlock(descriptor: int) -> None:
    unlock(descriptor)
    os.close(descriptor)
