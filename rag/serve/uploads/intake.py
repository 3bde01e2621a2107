"""Uploads wait for their turn, are put in their place and ingested, one upload after the other."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import mkdtemp

import anyio
from anyio import to_thread
from fastapi import HTTPException

from rag.config import Settings
from rag.serve.errors import RETRY_AFTER_S
from rag.serve.guard.admission import Admission
from rag.serve.uploads.form import Received
from rag.serve.uploads.process import IngestEvent, environment_of, run_ingest
from rag.system import module_command
from rag.uploads import Uploads

MAX_UPLOADS = 8
"""That come or wait at the same time; one at a time is ingested, for each takes all cores."""
INGEST = module_command("rag.serve.uploads.tethered", str(os.getpid()), "ingest")


class Intake:
    """Takes uploads in.

    Args:
        settings: of the server, and so of the ingest.
        command: runs an ingest.

    Attributes:
        uploads: the files.
    """

    def __init__(self, settings: Settings, command: Sequence[str] = INGEST) -> None:
        self.uploads = Uploads.of_settings(settings)
        self.uploads.sweep()
        self._settings, self._command = settings, command
        self._gate, self._turn = Admission(MAX_UPLOADS, 0), anyio.Semaphore(1)
        self._unchanged: defaultdict[str, anyio.Semaphore] = defaultdict(lambda: anyio.Semaphore(1))
        self._ingested: set[str] = set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[Path]:
        """A folder for what comes, gone at the end with what is still in it.

        Raises:
            TooBusy: too many uploads come or wait already.
        """
        async with self._gate.admit():
            folder = Path(
                await to_thread.run_sync(lambda: mkdtemp(prefix=f"{os.getpid()}-", dir=self.uploads.incoming()))
            )
            try:
                yield folder
            finally:
                with anyio.CancelScope(shield=True):
                    await to_thread.run_sync(partial(shutil.rmtree, folder, ignore_errors=True))

    @asynccontextmanager
    async def changing(self, kb: str) -> AsyncIterator[None]:
        """While nothing is ingested into the knowledge base from here; other such changes are waited for.

        Raises:
            HTTPException: 409, something is ingested.
        """
        self._refuse_while_ingested(kb)
        async with self._unchanged[kb]:
            self._refuse_while_ingested(kb)
            yield

    def _refuse_while_ingested(self, kb: str) -> None:
        if kb in self._ingested:
            message = f"documents are being ingested into '{kb}'; try again when that has ended"
            raise HTTPException(409, message, {"Retry-After": str(RETRY_AFTER_S)})

    @asynccontextmanager
    async def _ingesting(self, kb: str) -> AsyncIterator[None]:
        self._ingested.add(kb)
        try:
            yield
        finally:
            self._ingested.discard(kb)

    async def take_in(self, kb: str, received: Received, folder: Path) -> AsyncGenerator[IngestEvent, None]:
        """Ingests what came, when it is its turn; says what `run_ingest` does. Closing it stops the ingest.

        The whole folder of the knowledge base is ingested, not only what came: a list of captions or a linked picture
        may concern earlier files, an ingest that was stopped is completed, and what an archive no longer holds goes.

        Args:
            kb: knowledge base; made if it does not exist.
            received: what came.
            folder: may be written to.

        Raises:
            BadUpload: a file cannot be placed.
            IngestStopped: the ingest could not work.
        """
        yield {"stage": "waiting", "done": 0, "total": None}
        async with self._turn, self._unchanged[kb], self._ingesting(kb):
            received.ids = await to_thread.run_sync(self.uploads.store_files, kb, received.files)
            yield {"stage": "starting", "done": 0, "total": None}
            options = ("--kb", kb, "--prune", "--json", "--progress", "json")
            command = (*self._command, str(self.uploads.of(kb)), *options)
            told = run_ingest(command, environment_of(self._settings), folder / "report.json")
            async with aclosing(told):
                async for said in told:
                    yield said
