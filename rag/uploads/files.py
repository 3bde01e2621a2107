"""The files that came over HTTP: kept below the data folder, one folder a knowledge base, under names made safe."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rag.text.quoting import plain
from rag.types import document_id
from rag.uploads.kept_names import KeptNames, read_names
from rag.uploads.names import BadUpload

if TYPE_CHECKING:
    from rag.config import Settings

LEFT_AFTER_S = 24 * 3600
MEMBER = "!/"
"""Between an archive's path and a member's, as the manifest has it."""


@dataclass
class Stored:
    """What became of files that came.

    Attributes:
        ids: by true name, the id that the document of each has.
        paths: by true name, where each is, below the folder of the knowledge base.
        refused: by true name, why a file could not be kept.
    """

    ids: dict[str, str] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


class Uploads:
    """The uploaded files of every knowledge base. What is placed here is not seen half-written.

    Args:
        folder: of all uploads; made when the first one comes.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of_settings(cls, settings: Settings) -> Uploads:
        return cls(settings.data_dir / "uploads")

    def of(self, kb: str) -> Path:
        """The folder of one knowledge base, to be ingested as a whole."""
        return self._folder / kb

    def incoming(self) -> Path:
        """Where files are written while they come, on the same disk. No knowledge base can be called so."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = self._folder / ".incoming"
        folder.mkdir(exist_ok=True)
        return folder

    def sweep(self) -> None:
        """Removes what a server that was killed has left half-received; called before this one receives anything."""
        long_ago = time.time() - LEFT_AFTER_S
        for folder in self._folder.glob(".incoming/*"):
            if folder.lstat().st_mtime < long_ago or not _is_elsewhere(folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def store_files(self, kb: str, files: Mapping[str, Path]) -> Stored:
        """Moves complete files to their places; one of the same name replaces the earlier one.

        Done again after a kill it completes what is missing: a file that is not there any more lies in its place.

        Args:
            kb: knowledge base.
            files: true names, each with where the file lies now.
        """
        stored, names = Stored(), KeptNames(self.of(kb), self._names_file(kb))
        places = {true: names.place(true) for true in files}
        names.save()  # first: a file under a safe name whose true one is not known would be called by the safe one
        for true, file in files.items():
            target = self.of(kb) / places[true]
            try:
                if not target.resolve().is_relative_to(self.of(kb).resolve()):  # somebody put a link there
                    raise BadUpload(f"{plain(true)[:80]!r} leads out of the folder of uploads")
                if file.exists() or not target.is_file():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    file.replace(target)
                stored.ids[true], stored.paths[true] = document_id(kb, str(target)), places[true]
            except BadUpload as error:
                stored.refused[true] = str(error)
            except OSError as error:
                stored.refused[true] = f"it cannot be kept: {error.strerror or error}"
        return stored

    def true_names(self, kb: str) -> dict[str, str]:
        """Of the files whose true name is another: paths below the folder of the knowledge base, each with it."""
        return read_names(self._names_file(kb))

    def holds(self, kb: str, path: str) -> bool:
        """Whether a document of this path was read from an uploaded file."""
        return path.startswith(f"{self.of(kb)}/")

    def file_of(self, kb: str, path: str) -> Path | None:
        """The uploaded file that a document was read from, itself or the archive it is in.

        Args:
            kb: knowledge base.
            path: of the document, as the manifest has it.
        """
        if not self.holds(kb, path):
            return None
        file = next((file for file in _readings(path) if file.is_file()), None)
        return file if file and file.resolve().is_relative_to(self.of(kb).resolve()) else None

    def true_name(self, kb: str, file: Path) -> str:
        """Of an uploaded file, perhaps with folders."""
        kept = file.relative_to(self.of(kb)).as_posix()
        return self.true_names(kb).get(kept, kept)

    def files(self, kb: str) -> Iterator[Path]:
        """Every uploaded file, in no order."""
        return (file for file in self.of(kb).rglob("*") if file.is_file())

    def find(self, kb: str, doc_id: str) -> Path | None:
        """The file whose document would have this id: also one that became no document, such as an archive."""
        return next((file for file in self.files(kb) if document_id(kb, str(file)) == doc_id), None)

    def remove(self, kb: str, file: Path) -> None:
        """Removes a file, and the folders that are empty then."""
        file.unlink(missing_ok=True)
        for folder in file.parents:
            if folder == self.of(kb) or any(folder.iterdir()):
                return
            folder.rmdir()

    def drop(self, kb: str) -> None:
        """Removes all files of a knowledge base."""
        shutil.rmtree(self.of(kb), ignore_errors=True)
        self._names_file(kb).unlink(missing_ok=True)

    def _names_file(self, kb: str) -> Path:
        return self._folder / ".names" / f"{kb}.json"


def _is_elsewhere(name: str) -> bool:
    """Whether the folder `<process id>-...` belongs to another server that runs; others are left until they are old."""
    pid = name.partition("-")[0]
    if not pid.isdecimal():
        return True
    if int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _readings(path: str) -> Iterator[Path]:
    """The path itself, and the archives that its marks of members may speak of."""
    yield Path(path)
    yield from (Path(path[: match.start()]) for match in re.finditer(re.escape(MEMBER), path))
