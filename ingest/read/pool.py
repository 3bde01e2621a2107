"""Worker processes that may hang, crash or be killed: a document is lost by that, never the ingest."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessPool

from ingest.read.worker import Outcome, Task, read_document, start
from ingest.scan.sources import Source
from ingest.scratch import ScratchFolder
from rag.system import owns

TASKS_A_WORKER = 200
"""A worker is replaced after so many documents: what a library leaks goes with it."""

TIMEOUT_S = 300.0
SECONDS_A_MEGABYTE = 10.0
"""A document may take `TIMEOUT_S`, and this much longer for each megabyte."""


_PREFIX = "ingest-elements-"


class WorkerPool:
    """Reads documents in worker processes.

    Args:
        assets: the asset store's address.
        describe: part of each content hash.
        n_workers: processes.
        timeout_s: for a small document.
    """

    def __init__(self, assets: str, describe: str, *, n_workers: int, timeout_s: float = TIMEOUT_S) -> None:
        self._assets = assets
        self._describe = describe
        self._n_workers = n_workers
        self._timeout_s = timeout_s
        _sweep()
        self._folder = ScratchFolder(f"{_PREFIX}{os.getpid()}-")
        self._pool: ProcessPool | None = None
        self._n_files = 0
        self._closed = threading.Event()

    def submit(self, source: Source) -> Reading:
        """Begins to read a document."""
        self._n_files += 1
        out = str(Path(self._folder.path) / str(self._n_files))
        timeout_s = self._timeout_s + SECONDS_A_MEGABYTE * source.size_bytes / 2**20
        task = Task(source, out, self._assets, self._describe)
        try:
            future = self._running().schedule(read_document, args=(task,), timeout=timeout_s)
        except RuntimeError:  # the pool broke, which it only says to the next comer
            self._stop()
            future = self._running().schedule(read_document, args=(task,), timeout=timeout_s)
        return Reading(future, out, timeout_s, self._closed)

    def close(self) -> None:
        """Ends the workers at once and removes their files; nobody waits for them any longer."""
        self._closed.set()
        self._stop()
        self._folder.close()

    def _running(self) -> ProcessPool:
        if self._pool is None:
            self._pool = ProcessPool(
                max_workers=self._n_workers,
                max_tasks=TASKS_A_WORKER,
                initializer=start,
                context=_Context(),
            )
        return self._pool

    def _stop(self) -> None:
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None


class Reading:
    """A document that is being read.

    Args:
        future: of its outcome.
        elements: the file that will hold its elements.
        timeout_s: for the message.
        closed: set when the pool ends, which leaves futures as they are.
    """

    def __init__(self, future: Future[Outcome], elements: str, timeout_s: float, closed: threading.Event) -> None:
        self._future = future
        self.elements = elements
        self._timeout_s = timeout_s
        self._closed = closed

    def outcome(self) -> Outcome:
        """Waits for it. A worker that hung or died is a transient failure."""
        while not self._future.done() and not self._closed.is_set():
            wait([self._future], timeout=0.5)
        if not self._future.done():
            return Outcome(error="the ingest was stopped", transient=True)
        try:
            return self._future.result()
        except TimeoutError:
            return Outcome(error=f"reading it took over {self._timeout_s:.0f} s and was stopped", transient=True)
        except ProcessExpired as error:
            return Outcome(error=f"the process that read it died (exit code {error.exitcode})", transient=True)
        except (BrokenProcessPool, CancelledError) as error:
            return Outcome(error=f"the process that read it could not work: {error}", transient=True)

    def discard(self) -> None:
        """Its elements are no longer needed."""
        Path(self.elements).unlink(missing_ok=True)


class _Process(SpawnProcess):
    """Starts without the program's main module, which spawn would run again in every worker.

    A script that calls `ingest_paths` at its top level would otherwise start an ingest in each, and standard input or
    a notebook has no file to run. Workers only need what they import.
    """

    @staticmethod
    def _Popen(process_obj: BaseProcess) -> Any:  # noqa: N802 - multiprocessing's name
        with _main_module_hidden():
            return SpawnProcess._Popen(process_obj)


class _Context(SpawnContext):
    Process = _Process


_hiding = threading.Lock()


@contextlib.contextmanager
def _main_module_hidden() -> Iterator[None]:
    main = sys.modules["__main__"]
    with _hiding:
        kept: dict[str, Any] = {name: vars(main)[name] for name in ("__spec__", "__file__") if name in vars(main)}
        try:
            vars(main).update(dict.fromkeys(kept))
            yield
        finally:
            vars(main).update(kept)


def _sweep() -> None:
    """Removes what ingests that were killed have left behind; others may be running."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        number = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if number.isdecimal() and owns(folder.stat().st_uid) and not _is_running(int(number)):
                shutil.rmtree(folder, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def usual_workers() -> int:
    """Reading is quick beside OCR: more than four would only take memory."""
    return max(1, min(4, multiprocessing.cpu_count()))
