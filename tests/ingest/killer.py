"""Run as a program: ingests a dump into Milvus Lite and kills itself, or waits to be killed.

    python -m tests.ingest.killer STORE DUMP WHEN [real]

WHEN is the number of the call to the store or the asset store before which it kills itself; 0 runs to the end. It
prints the number of calls it made. With `real` documents are read in worker processes.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

import ingest.pipeline
from ingest.assets.writer import AssetStore
from rag.ports import KbSpec
from rag.store import connect
from tests.ingest.doubles import CornerEmbedder, FakeKb, HashEmbedder, InlinePool

KB = "killed"
SPEC = KbSpec(HashEmbedder.fingerprint, HashEmbedder.dim, CornerEmbedder.fingerprint, CornerEmbedder.dim)
_WATCHED = frozenset(["put_documents", "upsert", "delete_records", "delete_documents", "optimize", "create_kb"])


class Bomb:
    """Counts calls, and kills this process before the n-th."""

    def __init__(self, at: int) -> None:
        self.n_calls = 0
        self._at = at

    def tick(self) -> None:
        self.n_calls += 1
        if self.n_calls == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A store whose writes tick."""

    def __init__(self, store: Any, bomb: Bomb) -> None:
        self._store, self._bomb = store, bomb

    def __getattr__(self, name: str) -> Any:
        if name in _WATCHED:
            self._bomb.tick()
        return getattr(self._store, name)


def main(store: str, dump: str, when: str, pool: str = "inline") -> None:
    bomb = Bomb(int(when))
    write = AssetStore._write

    def ticking_write(self: AssetStore, *args: Any, **kwargs: Any) -> None:
        bomb.tick()
        write(self, *args, **kwargs)

    AssetStore._write = ticking_write  # type: ignore[method-assign]
    if pool == "inline":
        ingest.pipeline.WorkerPool = InlinePool  # type: ignore[assignment, misc]
    folder = Path(store)
    folder.mkdir(exist_ok=True)
    watched = Watched(connect(str(folder / "milvus.db")), bomb)
    watched.create_kb(KB, SPEC)
    kb: Any = FakeKb(folder, store=watched, name=KB)
    report = ingest.pipeline.ingest_paths(kb, [dump], prune=True)
    watched.close()
    print(bomb.n_calls, report.n_failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
