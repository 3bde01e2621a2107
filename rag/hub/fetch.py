"""The files of a model at one commit: what is there, what is lacking, and getting it.

Until everything is there and checked, the folder is called `<commit>.part`, and a file `<name>.partial`. Another pull
goes on with both.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.hub.files import HubFile, is_as_listed, sha256_of, wanted_files
from rag.hub.lockfile import COMMIT_SHOWN, FileFacts, Snapshot, snapshot_folder

if TYPE_CHECKING:
    from rag.hub.api import Hub, Listing
    from rag.ports import Progress

_PARTIAL = ".partial"


class Fetching:
    """Brings the folder of one commit into order.

    Args:
        models_dir: where pulled models are kept.
        listing: what the hub has.
        known: what was recorded of this commit, here or on the machine that `models.lock.json` came from.
        hub: to fetch from.
        progress: told of bytes, with the file that they are of.

    Raises:
        ModelError: no weights that can be used.
    """

    def __init__(
        self, models_dir: Path, listing: Listing, known: Snapshot | None, hub: Hub, progress: Progress
    ) -> None:
        self._listing, self._known, self._hub, self._progress = listing, known, hub, progress
        self._files = wanted_files(listing.name, listing.files)
        self.folder = snapshot_folder(models_dir, listing.name, listing.commit)
        self._part = self.folder.with_name(f"{self.folder.name}.part")

    def fill(self) -> tuple[int, Snapshot]:
        """Fetches and converts what is lacking; how many bytes came, and what is there then."""
        lacking = self._lacking(self.folder)
        if self._known and not lacking:
            return 0, self._known
        if self.folder.is_dir():  # damaged, or not on record
            shutil.rmtree(self._part, ignore_errors=True)
            self.folder.replace(self._part)
        self._part.mkdir(parents=True, exist_ok=True)
        lacking = self._lacking(self._part)
        to_fetch = [file for file in lacking if not is_as_listed(self._part / file.path, file)]
        to_convert = [file for file in lacking if file.is_pickle]
        self._check_room(
            sum(file.size_bytes - self._came_bytes(file) for file in to_fetch)
            + sum(file.size_bytes for file in to_convert)
        )
        fetched_bytes = sum(self._fetch(file) for file in to_fetch)
        for file in to_convert:
            self._convert(file)
        facts = {
            file.target: (None if file in lacking else self._facts(file)) or self._new_facts(file)
            for file in self._files
        }
        return fetched_bytes, Snapshot(licence=self._listing.licence, files=facts)

    def finish(self) -> None:
        """Without pickles and leftovers, `.part` becomes the folder."""
        if self.folder.is_dir():
            return
        wanted = {self._part / file.target for file in self._files}
        for path in list(self._part.rglob("*")):
            if path.is_file() and path not in wanted:
                path.unlink()
        self._part.replace(self.folder)

    def _lacking(self, folder: Path) -> list[HubFile]:
        """Files that are missing, or not as they were recorded, or, where nothing is recorded, as the hub has them."""
        return [file for file in self._files if not self._is_done(folder, file)]

    def _is_done(self, folder: Path, file: HubFile) -> bool:
        path, facts = folder / file.target, self._facts(file)
        if facts is None:
            return not file.is_pickle and is_as_listed(path, file)
        self._progress(f"{self._listing.name}: checking what is here", 0, None)
        return path.is_file() and path.stat().st_size == facts.size_bytes and sha256_of(path) == facts.sha256

    def _facts(self, file: HubFile) -> FileFacts | None:
        """What is recorded of a file."""
        return self._known.files.get(file.target) if self._known else None

    def _check_room(self, needed_bytes: int) -> None:
        free_bytes = shutil.disk_usage(self._part).free
        if needed_bytes > free_bytes:
            raise ModelError(
                f"pulling '{self._listing.name}' needs {needed_bytes / 1e9:.1f} GB in '{self._part.parent}' and "
                f"{free_bytes / 1e9:.1f} GB are free. Make room, or set RAG_MODELS_DIR to a folder on another disk"
            )

    def _fetch(self, file: HubFile) -> int:
        """Bytes that came."""
        label, partial, had_bytes = f"{self._listing.name}: {file.path}", self._partial(file), self._came_bytes(file)
        partial.parent.mkdir(parents=True, exist_ok=True)
        self._hub.fetch(self._listing, file, partial, lambda done: self._progress(label, done, file.size_bytes))
        self._check(partial, file)
        partial.replace(self._part / file.path)
        return file.size_bytes - had_bytes

    def _partial(self, file: HubFile) -> Path:
        return self._part / (file.path + _PARTIAL)

    def _came_bytes(self, file: HubFile) -> int:
        """That an earlier pull received of the file; what is longer than the file is not of it."""
        path = self._partial(file)
        size_bytes = path.stat().st_size if path.is_file() else 0
        return size_bytes if size_bytes <= file.size_bytes else 0

    def _check(self, partial: Path, file: HubFile) -> None:
        """Deletes what is not as the hub announced it, or as it was when somebody pulled the same commit before."""
        facts = self._facts(file)
        recorded = (facts.converted_from or facts.sha256) if facts else ""
        if not is_as_listed(partial, file):
            reason = (
                "is not what the hub announced. Run the command again; if it happens again, a proxy or mirror on the "
                "way changes files (see HTTPS_PROXY, HF_ENDPOINT)"
            )
        elif recorded not in ("", file.sha256) and recorded != sha256_of(partial):
            reason = (
                f"is not what models.lock.json records for commit {self._listing.commit[:COMMIT_SHOWN]}. A commit "
                "never changes, so one of the two is not to be trusted"
            )
        else:
            return
        partial.unlink()
        raise ModelError(f"what arrived as {file.path} of '{self._listing.name}' was deleted: it {reason}")

    def _convert(self, file: HubFile) -> None:
        from rag.nn.convert import to_safetensors

        self._progress(f"{self._listing.name}: converting {file.path} to safetensors", 0, None)
        to_safetensors(self._part / file.path, self._part / file.target)

    def _new_facts(self, file: HubFile) -> FileFacts:
        path, size_bytes = self._part / file.target, (self._part / file.target).stat().st_size
        came_as = file.sha256 or sha256_of(self._part / file.path)
        if file.is_pickle:
            return FileFacts(sha256=sha256_of(path), size_bytes=size_bytes, converted_from=came_as)
        return FileFacts(sha256=came_as, size_bytes=size_bytes)
