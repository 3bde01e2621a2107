"""The jobs of one server: kept, run in their order, followed, cancelled."""

from __future__ import annotations

import logging
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import anyio
from anyio import to_thread
from anyio.abc import TaskGroup

from rag.errors import RagError
from rag.serve.errors import unexpected, without_paths
from rag.serve.guard.admission import Admission, TooBusy
from rag.serve.jobs.folder import JobFolder
from rag.serve.jobs.job import Job, JobFile, JobState
from rag.serve.jobs.work import INGEST, Work
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.uploads.form import Received
from rag.serve.uploads.process import IngestStopped
from rag.text.quoting import plain
from rag.uploads import Uploads

log = logging.getLogger("rag.serve")

MAX_RECEIVED = 8
"""Uploads that come at the same time."""
MAX_ACTIVE = 1000
MAX_KEPT = 100
"""Jobs that have ended."""
_LOOK_S = 1.0
"""Who follows a job looks up so often, whether anything has changed or not: the server may be about to leave."""


class Jobs:
    """What is to be ingested, one job at a time a knowledge base, several knowledge bases at the same time.

    All of it happens in the server's event loop; what takes time is done in threads.

    Args:
        library: what is filled.
        command: runs an ingest.

    Attributes:
        uploads: the files.
    """

    def __init__(self, library: OpenKnowledgeBases, command: Sequence[str] = INGEST) -> None:
        settings = library.settings
        self.uploads = Uploads.of_settings(settings)
        self.uploads.sweep()
        self._folder = JobFolder(settings.data_dir / "uploads" / ".jobs")
        self._work = Work(library, self.uploads, self._folder, command)
        self._n_at_once = settings.serve_jobs
        self._gate = Admission(MAX_RECEIVED, 0)
        self._at_start: list[Job] = []
        self._jobs: dict[str, Job] = {}
        self._running: dict[str, tuple[Job, anyio.CancelScope]] = {}
        self._held: Counter[str] = Counter()
        self._locks: defaultdict[str, anyio.Lock] = defaultdict(anyio.Lock)
        self._group: TaskGroup | None = None
        self._changed: anyio.Event | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Works while the block lasts; goes on with what an earlier server had not ended.

        At the end what runs is stopped, and left for the next server.
        """
        claimed = await to_thread.run_sync(self._folder.claim)
        if claimed is None:
            log.error("another server has this data folder, and runs its jobs; here nothing can be uploaded")
            yield
            return
        with claimed:
            async with self._running_here():
                yield

    @asynccontextmanager
    async def _running_here(self) -> AsyncIterator[None]:
        for job in await to_thread.run_sync(lambda: list(self._folder.load())):
            if job.is_active:
                job.state = "waiting"
            self._jobs[job.id] = job
        async with anyio.create_task_group() as self._group:
            for job in self._at_start:
                if not any(each.is_active and each.folder == job.folder for each in self._jobs.values()):
                    await self._submit(job)
            self._start_next()
            try:
                yield
            finally:
                group, self._group = self._group, None
                group.cancel_scope.cancel()

    def at_start(self, job: Job) -> None:
        """A job for when `running` begins, unless an earlier server has left the same."""
        self._at_start.append(job)

    def all(self) -> Iterator[Job]:
        """The newest first."""
        return reversed(list(self._jobs.values()))

    def n_in(self, state: JobState) -> int:
        return sum(job.state == state for job in list(self._jobs.values()))

    def get(self, id_: str) -> Job | None:
        return self._jobs.get(id_)

    def ahead(self) -> dict[str, int]:
        """Of each job that waits, how many come before it: those of the same knowledge base."""
        found, n_before = dict[str, int](), Counter[str]()
        for job in self._jobs.values():
            if job.state == "waiting":
                found[job.id] = n_before[job.kb]
            n_before[job.kb] += job.is_active
        return found

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[Path]:
        """A folder for what comes, gone at the end with what is still in it.

        Raises:
            TooBusy: too many uploads come, or too many jobs wait already.
            IngestStopped: another server runs the jobs.
        """
        if self._group is None:
            raise IngestStopped("another server has this data folder, and runs its jobs; send the documents there")
        if sum(job.is_active for job in self._jobs.values()) >= MAX_ACTIVE:
            raise TooBusy(f"{MAX_ACTIVE} jobs wait already; try again when some have ended")
        async with self._gate.admit():
            folder = Path(
                await to_thread.run_sync(lambda: mkdtemp(prefix=f"{os.getpid()}-", dir=self.uploads.incoming()))
            )
            try:
                yield folder
            finally:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(partial(shutil.rmtree, folder, ignore_errors=True))

    async def submit_upload(self, kb: str, received: Received, folder: Path) -> Job:
        """A job for files that came; the folder becomes the job's.

        Raises:
            OSError: the disk is full or failed.
        """
        files = [JobFile(name=name, content=file.name) for name, file in received.files.items()]
        files += [JobFile(name=name, state="failed", error=why) for name, why in received.refused.items()]
        files += [JobFile(name=name, state="hidden") for name in received.hidden]
        return await self._submit(Job(kb=kb, files=files), folder)

    async def submit_update(self, kb: str) -> None:
        """A job that looks at all uploads of a knowledge base again, unless one is about to."""
        if not any(job.state == "waiting" and job.kb == kb and not job.folder for job in self._jobs.values()):
            await self._submit(Job(kb=kb, kind="update"))

    async def _submit(self, job: Job, incoming: Path | None = None) -> Job:
        await to_thread.run_sync(self._folder.add, job, incoming)
        self._jobs[job.id] = job
        self._start_next()
        return job

    async def retry(self, job: Job) -> None:
        """Tries again what did not go in."""
        job.again()
        self._jobs[job.id] = self._jobs.pop(job.id)  # behind those that wait
        await to_thread.run_sync(self._folder.save, job)
        self._start_next()
        self._tell()

    async def cancel(self, job: Job) -> None:
        """Stops it. What was read before is kept, the files that were not are removed."""
        if job.id in self._running:
            self._running[job.id][1].cancel()
            async for _ in self.follow(job):
                pass
        elif job.is_active:
            job.end("cancelled")
            await self._settle(job)

    async def forget(self, job: Job) -> None:
        """Removes a job that has ended from the list."""
        self._jobs.pop(job.id, None)
        await to_thread.run_sync(self._folder.remove, job)

    async def follow(self, job: Job) -> AsyncGenerator[None, None]:
        """Gives something whenever anything may have changed, once at least, until the job has ended."""
        while True:
            changed = self._changed = self._changed or anyio.Event()
            yield
            if not job.is_active:
                return
            with anyio.move_on_after(_LOOK_S):
                await changed.wait()

    @asynccontextmanager
    async def changing(self, kb: str) -> AsyncIterator[None]:
        """While single documents are removed, one after the other; an ingest may go on beside that."""
        async with self._locks[kb]:
            try:
                yield
            finally:
                self._work.removed.add(kb)

    @asynccontextmanager
    async def alone(self, kb: str) -> AsyncIterator[None]:
        """While nothing else changes the knowledge base: its jobs are cancelled, new ones wait."""
        self._held[kb] += 1
        try:
            for job in [each for each in self._jobs.values() if each.kb == kb and each.is_active]:
                await self.cancel(job)
            async with self._locks[kb]:
                yield
        finally:
            self._held[kb] -= 1
            self._start_next()

    def _start_next(self) -> None:
        busy = {job.kb for job, _ in self._running.values()}
        for job in list(self._jobs.values()):
            if self._group is None or len(self._running) >= self._n_at_once:
                return
            if job.state == "waiting" and job.kb not in busy and not self._held[job.kb]:
                busy.add(job.kb)
                self._running[job.id] = job, anyio.CancelScope()
                self._group.start_soon(self._run, job)

    async def _run(self, job: Job) -> None:
        scope = self._running[job.id][1]
        try:
            with scope:
                await self._worked(job)
            if scope.cancelled_caught:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(self._work.take_back, job)
                job.end("cancelled")
            await self._settle(job)
        finally:
            del self._running[job.id]
            self._start_next()
            self._tell()

    async def _worked(self, job: Job) -> None:
        job.begin()
        try:
            await to_thread.run_sync(self._folder.save, job)
            self._tell()
            job.report = await self._work.do(job, self._locks[job.kb], self._tell)
            job.end("done")
        except RagError as error:
            job.end("failed", {"type": error.code, "message": without_paths(plain(str(error)))})
        except OSError as error:
            log.error("a job failed: %s", error)
            job.end("failed", {"type": "no_room", "message": f"the disk failed: {error.strerror or 'it says not how'}"})
        except Exception as error:  # noqa: BLE001 - the other jobs have to go on
            job.end("failed", unexpected(error)["error"])

    async def _settle(self, job: Job) -> None:
        """Keeps how it ended, and forgets the oldest that have."""
        with anyio.CancelScope(shield=True):
            try:
                await to_thread.run_sync(self._folder.save, job)
                if job.state != "failed":  # which may be tried again with what came for it
                    await to_thread.run_sync(self._folder.clear, job)
            except OSError as error:  # a full disk: the next server does it again
                log.error("how a job ended cannot be kept: %s", error)
            ended = [each for each in self._jobs.values() if not each.is_active]
            for old in ended[: max(0, len(ended) - MAX_KEPT)]:
                await self.forget(old)
        self._tell()

    def _tell(self) -> None:
        """Wakes those that follow."""
        if self._changed is not None:
            self._changed.set()
            self._changed = None
