"""The files that came over HTTP: kept below the data folder, one folder a knowledge base, under names made safe."""

from __future__ import annotations

import os
import re
import shutil
import time
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from rag.errors import ConfigError
from rag.text.quoting import plain
from rag.types import document_id

if TYPE_CHECKING:
    from rag.config import Settings

MAX_NAME_BYTES = 500
MAX_PART_BYTES = 200
MAX_DEPTH = 16
LEFT_AFTER_S = 24 * 3600
_RESERVED = re.compile(r'[<>:"|?*\\]')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])", re.IGNORECASE)
"""Windows takes these for devices, whatever follows the first dot."""
MEMBER = "!/"
"""Between an archive's path and a member's, as the manifest has it."""


class BadUpload(ConfigError):
    """A file that is not taken as it was sent."""


def safe_name(name: str) -> str:
    """A name as it is kept: relative, NFC, without what means something to Windows.

    Args:
        name: as a client sent it, perhaps with folders: `manuals/pump.pdf`.

    Raises:
        BadUpload: it leads elsewhere, cannot be shown, is a device's, or is too long.
    """
    parts = [_safe_part(part, name) for part in unicodedata.normalize("NFC", name).split("/")]
    kept = "/".join(parts)
    if len(parts) > MAX_DEPTH or len(kept.encode()) > MAX_NAME_BYTES:
        raise BadUpload(
            f"the file name {_quoted(name)} is too long: at most {MAX_DEPTH} folders and {MAX_NAME_BYTES} bytes"
        )
    return kept


def is_hidden(name: str) -> bool:
    """Whether the file, or a folder it is in, is one that file managers hide: `.DS_Store`, `.git/config`."""
    return any(part.startswith(".") for part in name.split("/"))


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

    def store_files(self, kb: str, files: Mapping[str, Path]) -> dict[str, str]:
        """Moves complete files to their places; one of the same name replaces the earlier one.

        Args:
            kb: knowledge base.
            files: safe names, each with where the file lies now.

        Returns:
            The id that the document of each name has.

        Raises:
            BadUpload: a file is where a folder is needed, or the other way round; then nothing was moved.
        """
        top = self.of(kb)
        for name in files:
            if not files.keys().isdisjoint(map(str, PurePosixPath(name).parents)):
                raise BadUpload(f"{_quoted(name)}: one of the files of this upload has the name of its folder")
            self._check_free(top, name)
        for name, file in files.items():
            target = top / name
            target.parent.mkdir(parents=True, exist_ok=True)
            file.replace(target)
        return {name: document_id(kb, str(top / name)) for name in files}

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

    def find(self, kb: str, doc_id: str) -> Path | None:
        """The file whose document would have this id: also one that became no document, such as an archive."""
        return next((file for file in self._files(kb) if document_id(kb, str(file)) == doc_id), None)

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

    def _files(self, kb: str) -> Iterator[Path]:
        return (file for file in self.of(kb).rglob("*") if file.is_file())

    def _check_free(self, top: Path, name: str) -> None:
        target = top / name
        if not target.resolve().is_relative_to(top.resolve()):  # somebody put a link there
            raise BadUpload(f"{_quoted(name)} leads out of the folder of uploads")
        above = next((folder for folder in (target.parent, *target.parent.parents) if folder.exists()), top)
        if target.is_dir() or not above.is_dir():
            raise BadUpload(f"{_quoted(name)}: there is a folder of that name, or a file where its folder would be")


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


def _safe_part(part: str, name: str) -> str:
    if part in ("", ".", ".."):
        raise BadUpload(f"the file name {_quoted(name)} is not one inside the upload: no '..', no '/' at either end")
    if part != plain(part) or "\n" in part or "\t" in part:
        raise BadUpload(f"the file name {_quoted(name)} has characters that cannot be shown")
    kept = _RESERVED.sub("_", part).strip().rstrip(". !")
    if not kept or len(kept.encode()) > MAX_PART_BYTES:
        raise BadUpload(f"the file name {_quoted(name)} is empty or has over {MAX_PART_BYTES} bytes between two '/'")
    if _DEVICE.fullmatch(kept.partition(".")[0].rstrip()):
        raise BadUpload(f"the file name {_quoted(name)} is one that Windows keeps for a device; give it another")
    return kept


def _quoted(name: str) -> str:
    return repr(plain(name)[:80])


def _readings(path: str) -> Iterator[Path]:
    """The path itself, and the archives that its marks of members may speak of."""
    yield Path(path)
    yield from (Path(path[: match.start()]) for match in re.finditer(re.escape(MEMBER), path))
