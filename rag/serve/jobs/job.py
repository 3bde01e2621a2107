"""One job: what came, how far it is, how it ended."""

from __future__ import annotations

import secrets
import time
from collections import deque
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from rag.serve.uploads.report import FileOut, FileState, ReportOut

JobKind = Literal["upload", "update", "demo"]
"""`upload`: files came. `update`: what was removed concerns other documents. `demo`: the sample dump."""
JobState = Literal["waiting", "running", "done", "failed", "cancelled"]
ID = r"[0-9]{8}-[0-9]{6}-[0-9a-f]{12}"
_WINDOW_S = 30.0
_MIN_WINDOW_S = 2.0
"""The rate is that of so long; unchanged documents at the beginning go by too fast to say anything of the rest."""


class JobFile(BaseModel):
    """A file that came.

    Attributes:
        name: the true one.
        content: its name in the job's folder, until the file is placed.
        path: its place below the uploads of the knowledge base.
        state: as in `FileOut`; `waiting` until it is known.
    """

    name: str
    content: str = ""
    path: str = ""
    doc_id: str | None = None
    state: FileState = "waiting"
    n_records: int = 0
    error: str = ""

    def out(self) -> FileOut:
        return FileOut(**self.model_dump(exclude={"content", "path"}))


class Job(BaseModel):
    """As it is kept on disk, and, beside that, how far it is now.

    Attributes:
        folder: what to ingest; empty: the uploads of the knowledge base.
        files: that came.
        retry: only what failed is tried again.
        error: why it failed: `type` for programs, `message` for people.
        report: of the ingest, once it has ended.
        stage, done, total: what it said last; documents of the whole folder, since all are looked at.
    """

    id: str = Field(default_factory=lambda: _new_id(), pattern=f"^{ID}$")
    kb: str
    kind: JobKind = "upload"
    state: JobState = "waiting"
    created: datetime = Field(default_factory=lambda: now())
    started: datetime | None = None
    ended: datetime | None = None
    folder: str = ""
    files: list[JobFile] = []
    retry: bool = False
    error: dict[str, str] | None = None
    report: ReportOut | None = None
    _stage: str = PrivateAttr("waiting")
    _done: int = PrivateAttr(0)
    _total: int | None = PrivateAttr(None)
    _n_failed: int = PrivateAttr(0)
    _n_failed_at_end: int | None = PrivateAttr(None)
    _sources: dict[str, JobFile] | None = PrivateAttr(None)
    _marks: deque[tuple[float, int]] = PrivateAttr(default_factory=deque)

    @property
    def is_active(self) -> bool:
        return self.state in ("waiting", "running")

    @property
    def stage(self) -> str:
        return self._stage

    @property
    def progress(self) -> tuple[str, int, int | None]:
        return self._stage, self._done, self._total

    @property
    def n_failed(self) -> int:
        """Documents of what came that did not go in, as far as that is known."""
        if self._n_failed_at_end is not None:
            return self._n_failed_at_end
        n_told = self._n_failed
        if self.report is not None:
            n_told = sum(self._concerns(failure.source) for failure in self.report.failed)
        n_failed = max(n_told, sum(file.state == "failed" for file in self.files))
        if not self.is_active:  # lists of jobs are asked for again and again
            self._n_failed_at_end = n_failed
        return n_failed

    @property
    def may_retry(self) -> bool:
        """Whether another try may bring in what is not."""
        n_refused = sum(file.state == "failed" and file.doc_id is None for file in self.files)
        return self.state == "failed" or (self.state == "done" and self.n_failed > n_refused)

    def _concerns(self, source: str) -> bool:
        """Whether a document is one of the files that came, or in one."""
        if self._sources is None:
            self._sources = {f"{self.kb}/{file.name}": file for file in self.files}
        return not self._sources or not self._sources.keys().isdisjoint({source, source.partition("!/")[0]})

    @property
    def rate(self) -> float | None:
        """Documents a second, lately; None while it is not known."""
        if len(self._marks) < 2:
            return None
        (began, before), (ended, done) = self._marks[0], self._marks[-1]
        return (done - before) / (ended - began) if ended - began >= _MIN_WINDOW_S and done > before else None

    @property
    def left_s(self) -> float | None:
        """Seconds it will take from here, at this rate."""
        rate = self.rate
        return None if rate is None or self._total is None else (self._total - self._done) / rate

    def begin(self) -> None:
        self.state, self.started, self.ended, self.error, self.report = "running", now(), None, None, None
        self.say("starting", 0, None)
        self._n_failed, self._n_failed_at_end = 0, None
        self._marks.clear()

    def end(self, state: JobState, error: dict[str, str] | None = None) -> None:
        self.state, self.ended, self.error = state, now(), error
        self._stage = state

    def again(self) -> None:
        """Waits for another try: of what failed where it had ended, of all where it had not."""
        self.retry = self.state == "done"
        self.state, self.started, self.ended, self.error, self.report = "waiting", None, None, None, None
        for file in self.files:
            if file.state in ("failed", "writing") and file.doc_id is not None:
                file.state, file.error = "waiting", ""
        self._n_failed_at_end = None
        self.say("waiting", 0, None)

    def say(self, stage: str, done: int, total: int | None) -> None:
        self._stage, self._done, self._total = stage, done, total
        if stage == "documents":
            at = time.monotonic()
            self._marks.append((at, done))
            while at - self._marks[0][0] > _WINDOW_S:
                self._marks.popleft()

    def fail(self, source: str, reason: str) -> None:
        """A document that cannot be ingested; the file that it is of knows why at once."""
        self._n_failed += self._concerns(source)
        if self._sources and (file := self._sources.get(source)) is not None:
            file.state, file.error = "failed", reason


class JobOut(BaseModel):
    """A job as it is now.

    `n_files` came; `done`, `waiting` and `total` count documents of the whole folder, null while they are not known;
    `failed` of them did not go in. `rate` is documents a second, `left_s` what is left at that rate. `ahead`: jobs that
    are before it.
    """

    id: str
    kb: str
    kind: JobKind
    state: JobState
    stage: str
    created: datetime
    started: datetime | None
    ended: datetime | None
    n_files: int
    done: int
    waiting: int | None
    total: int | None
    failed: int
    rate: float | None
    left_s: float | None
    ahead: int
    may_retry: bool
    error: dict[str, str] | None


class JobFull(JobOut):
    """With what became of each file (`waiting`: not known yet), and the report of its ingest at the end."""

    files: list[FileOut]
    report: ReportOut | None


def job_facts(job: Job, ahead: int) -> dict[str, Any]:
    """The values of a `JobOut`."""
    stage, done, total = job.progress
    rate, left_s = job.rate, job.left_s
    return {
        **job.model_dump(include={"id", "kb", "kind", "state", "created", "started", "ended", "error"}),
        "stage": stage,
        "n_files": len(job.files),
        "done": done,
        "waiting": None if total is None else max(0, total - done),
        "total": total,
        "failed": job.n_failed,
        "rate": None if rate is None else round(rate, 3),
        "left_s": None if left_s is None or not job.is_active else round(left_s, 1),
        "ahead": ahead,
        "may_retry": job.may_retry,
    }


def now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return f"{now():%Y%m%d-%H%M%S}-{secrets.token_hex(6)}"
