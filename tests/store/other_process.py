"""Another process that uses a store, and does what it is told."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_SCRIPT = """
import sys
import time
from rag.ports import KbSpec
from rag.store import connect
from rag.types import Document
from tests.store.conftest import record, unit
store = connect(sys.argv[1])

def hold(collection):
    with store._client.exclusive(collection):
        print("holds", flush=True)
        time.sleep(600)

def work(kb, who, n):
    "Writes and finds; whether each row was found right after it was written."
    found = []
    for i in range(n):
        store.kb(kb).upsert([record(f"{who}_{i}_{j}") for j in range(5)])
        if i % 20 == 7:
            store.kb(kb).optimize()
        found.append(store.kb(kb).search("text", unit(f"{who}_{i}_3"), limit=1)[0].record.id == f"{who}_{i}_3")
    return all(found)

print("open", flush=True)
for line in sys.stdin:
    try:
        print(repr(eval(line)), flush=True)
    except Exception as error:
        print(f"{type(error).__name__}: {error}", flush=True)
store.close()
"""


class Other:
    """The process. `store` is the name of its store in what it is told."""

    def __init__(self, uri: str | Path, *, cwd: Path | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _SCRIPT, str(uri)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd,
            env=None if cwd is None else {"PYTHONPATH": str(Path.cwd()), "PATH": "/usr/bin:/bin"},
        )  # fmt: skip
        assert self.answer() == "open"

    def does(self, expression: str) -> str:
        """The value of a Python expression there as `repr` shows it, or the error."""
        self.starts(expression)
        return self.answer()

    def starts(self, expression: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(expression + "\n")
        self._process.stdin.flush()

    def answer(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().rstrip("\n")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()

    def end(self) -> int:
        """As a program ends: its store is closed. The exit status."""
        self._process.communicate("")
        return self._process.returncode


@contextmanager
def other_process(uri: str | Path, **options: Any) -> Iterator[Other]:
    other = Other(uri, **options)
    try:
        yield other
    finally:
        other.kill()
