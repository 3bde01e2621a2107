"""Jobs on disk: a folder each, with what is known of it and the files that are not placed yet."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO

from pydantic import ValidationError

from rag.serve.jobs.job import Job
from rag.system import try_lock
from rag.uploads.json_file import write_json

log = logging.getLogger("rag.serve")
_FILE = "job.json"
_LOCK = "lock"


class JobFolder:
    """Every job of one server.

    Args:
        folder: of all jobs, on the disk of the uploads; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def claim(self) -> IO[bytes] | None:
        """A file to close when its jobs are this server's no more; None where they are another one's."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (self._folder / _LOCK).open("ab")
        with suppress(OSError):  # no such locks on this system
            if not try_lock(file.fileno()):
                file.close()
                return None
        return file

    def of(self, job: Job) -> Path:
        return self._folder / job.id

    def add(self, job: Job, incoming: Path | None = None) -> None:
        """Keeps a new job, in one step with the files that came for it.

        Args:
            job: the new one.
            incoming: a folder with the files; it becomes the job's.

        Raises:
            OSError: the disk is full or failed; then nothing is kept.
        """
        if incoming is None:
            self.save(job)
        else:
            write_json(incoming / _FILE, job.model_dump(mode="json"))
            incoming.rename(self.of(job))

    def save(self, job: Job) -> None:
        """Raises OSError: the disk is full or failed."""
        write_json(self.of(job) / _FILE, job.model_dump(mode="json"))

    def clear(self, job: Job) -> None:
        """Removes what is left of its files; what is known of it stays."""
        for path in self.of(job).glob("*"):
            if path.name != _FILE:
                path.unlink(missing_ok=True)

    def remove(self, job: Job) -> None:
        shutil.rmtree(self.of(job), ignore_errors=True)

    def load(self) -> Iterator[Job]:
        """Every job, the oldest first. One that cannot be read is said, and left where it is."""
        for folder in sorted(each for each in self._folder.glob("*") if each.is_dir()):
            try:
                job = Job.model_validate_json((folder / _FILE).read_bytes())
                if job.id != folder.name:
                    raise ValueError(f"it names itself {job.id}")
            except (OSError, ValidationError, ValueError) as error:
                log.error(
                    "a job cannot be read, and is left out: %s: %s. Send its files again, then remove that folder",
                    folder,
                    str(error).partition("\n")[0],
                )
                continue
            yield job
