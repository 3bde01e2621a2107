"""`models.lock.json`: which commit of each model is in use, and the sha256 of every file that was pulled.

A hub's main branch moves; vectors of two revisions do not meet. So the commit of the first pull stays until
`rag models pull --upgrade`. The file can be copied to another machine, which then pulls the very same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, ValidationError

from rag.errors import ConfigError

LOCK_NAME = "models.lock.json"
COMMIT_SHOWN = 12
"""Digits of a commit in names of folders and fingerprints."""
_COMMIT_MIN = 7
"""Digits that a user must give of a commit, as git does."""

Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^(?:[A-Za-z0-9_]+/)?[A-Za-z0-9_][A-Za-z0-9_.+-]*$")]
"""At most one folder deep, never outside."""


class FileFacts(BaseModel, frozen=True, extra="forbid"):
    """A file as it lies on this machine.

    Attributes:
        converted_from: sha256 of the pickle that it was made from; None: it is as the hub gave it.
    """

    sha256: Sha256
    size_bytes: int = Field(ge=0)
    converted_from: Sha256 | None = None


class Snapshot(BaseModel, frozen=True, extra="forbid"):
    """The files of a model at one commit; the licence as its card says."""

    licence: str = ""
    files: Mapping[FileName, FileFacts]

    @property
    def size_bytes(self) -> int:
        return sum(facts.size_bytes for facts in self.files.values())


class ModelLock(BaseModel, frozen=True, extra="forbid"):
    """What `models.lock.json` holds.

    Attributes:
        commits: of each name that was pulled, as the settings write it (`org/name`, `org/name@revision`).
        snapshots: by `org/name@commit`, the commit in full.
    """

    version: Literal[1] = 1
    commits: Mapping[str, Commit] = {}
    snapshots: Mapping[str, Snapshot] = {}

    def commit_of(self, name: str, revision: str = "") -> str:
        """In full; empty where nothing was pulled under that name or under a commit that begins so."""
        if found := self.commits.get(_key(name, revision) if revision else name):
            return found
        if len(revision) < _COMMIT_MIN:
            return ""
        matching = {key.removeprefix(f"{name}@") for key in self.snapshots if key.startswith(f"{name}@{revision}")}
        return matching.pop() if len(matching) == 1 else ""

    def snapshot(self, name: str, commit: str) -> Snapshot | None:
        return self.snapshots.get(_key(name, commit))

    def with_commit(self, name: str, commit: str) -> ModelLock:
        """The same, with another commit for a name as the settings write it."""
        return self.model_copy(update={"commits": {**self.commits, name: commit}})

    def with_snapshot(self, name: str, commit: str, snapshot: Snapshot) -> ModelLock:
        return self.model_copy(update={"snapshots": {**self.snapshots, _key(name, commit): snapshot}})


def read_pins(models_dir: Path) -> ModelLock:
    """Empty where nothing was pulled yet.

    Raises:
        ConfigError: the file is damaged, or from another version of this program.
    """
    path = models_dir / LOCK_NAME
    try:
        return ModelLock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return ModelLock()
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(
            f"'{path}' is damaged: {key}: {first['msg']}. Restore it, or move it away and pull the models again"
        ) from error


def write_pins(models_dir: Path, pins: ModelLock) -> None:
    """At once: a reader sees the old file or the new one."""
    path = models_dir / LOCK_NAME
    fresh = path.with_name(f"{LOCK_NAME}.partial")
    fresh.write_text(pins.model_dump_json(indent=1, exclude_none=True) + "\n", encoding="utf-8")
    fresh.replace(path)


def snapshot_folder(models_dir: Path, name: str, commit: str) -> Path:
    """`<models_dir>/<org>--<name>/<first digits of the commit>`"""
    return models_dir / name.replace("/", "--") / commit[:COMMIT_SHOWN]


def lacking(folder: Path, snapshot: Snapshot) -> list[str]:
    """Files that are missing or have another size. Their bytes are not read: `rag models pull` does that."""
    return [name for name, facts in snapshot.files.items() if _size(folder / name) != facts.size_bytes]


def _size(path: Path) -> int | None:
    return path.stat().st_size if path.is_file() else None


def _key(name: str, revision: str) -> str:
    return f"{name}@{revision}"
