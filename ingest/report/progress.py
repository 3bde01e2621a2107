"""Progress on stderr: a bar with rate and time left on a terminal, a line now and then in a log, JSON for programs."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.report.ingest_report import Failure
    from rag.ports import Progress

LINE_EVERY_S = 10.0
JSON_EVERY_S = 0.2


@contextmanager
def progress(kb: str, *, as_json: bool = False, begins: str = "listing files") -> Iterator[Progress]:
    """Something to tell of finished documents, drawn as long as the block runs.

    Args:
        kb: what is filled.
        as_json: lines `{"stage": "documents", "done": 3, "total": 10}`, at most five a second and one at the end.
        begins: what is done until the first document is.
    """
    if as_json:
        yield _JsonLines()
        return
    if not sys.stderr.isatty():
        yield _Lines(kb)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"{kb}: {begins}", total=None, rate="")
        clock = _Clock()

        def draw(stage: str, done: int, total: int | None) -> None:
            bar.update(task, description=f"{kb}: {stage}", completed=done, total=total, rate=clock.rate(done))

        yield draw


class _Clock:
    def __init__(self) -> None:
        self._began = time.monotonic()

    def rate(self, done: int) -> str:
        seconds = time.monotonic() - self._began
        return f"{done / seconds:.1f}/s" if seconds > 1 else ""

    def left(self, done: int, total: int | None) -> str:
        if not total or not done:
            return ""
        seconds = (time.monotonic() - self._began) * (total - done) / done
        return f"{seconds:.0f} s left" if seconds < 120 else f"{seconds / 60:.0f} min left"


class _Lines:
    def __init__(self, kb: str) -> None:
        self._kb = kb
        self._clock = _Clock()
        self._last = time.monotonic()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._last < LINE_EVERY_S:
            return
        self._last = now
        facts = (f"{done} of {total} {stage}", self._clock.rate(done), self._clock.left(done, total))
        print(f"{self._kb}: {', '.join(filter(None, facts))}", file=sys.stderr, flush=True)


def tell_failure(failure: Failure) -> None:
    """A document that cannot be ingested, as a line of JSON on stderr: `{"failed": {"source", "reason", ...}}`."""
    print(json.dumps({"failed": asdict(failure)}), file=sys.stderr, flush=True)


class _JsonLines:
    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now < self._next and done != total:
            return
        self._next = now + JSON_EVERY_S
        print(json.dumps({"stage": stage, "done": done, "total": total}), file=sys.stderr, flush=True)
