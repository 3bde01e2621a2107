"""Models of a hub: how the settings name them, and where their files are on this machine.

Nothing here touches the network: files come by `rag models pull` (`rag.hub.pull`) and by nothing else.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ConfigError, ModelError
from rag.hub.lockfile import COMMIT_SHOWN, lacking, read_pins, snapshot_folder

_PART = r"[A-Za-z0-9_](?:[A-Za-z0-9_]|[.-](?![.-]))*"
"""No two of `.` and `-` in a row: a hub refuses them, and `--` joins the two parts in a folder's name."""
_HUB_NAME = re.compile(rf"(?P<name>{_PART}/{_PART})(?:@(?P<revision>[A-Za-z0-9_]+(?:[./-][A-Za-z0-9_]+)*))?")
_FOLDER_STARTS = ("/", "./", "../", "~", ".\\", "..\\")
_TRUE = {"1", "ON", "YES", "TRUE"}


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model on a hub.

    Attributes:
        name: `org/name`.
        revision: branch, tag or commit; empty: the main branch.
    """

    name: str
    revision: str = ""

    def __str__(self) -> str:
        return f"{self.name}@{self.revision}" if self.revision else self.name


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model whose files are on this machine.

    Attributes:
        name: as the settings have it.
        folder: holds the files.
        revision: the hub's commit, in full; empty where it is the user's own folder.
        identity: `org/name@` and the commit's first 12 digits; empty as above.
    """

    name: str
    folder: Path
    revision: str = ""
    identity: str = ""


def parse_name(name: str) -> ModelRef | Path:
    """What a setting names: a model of a hub, or a folder.

    Args:
        name: `org/name`, `org/name@revision`, or a folder: absolute, one that begins with `./`, `../` or `~`, or one
            that exists.

    Raises:
        ConfigError: neither.
    """
    folder = _expanded(name)
    if name.startswith(_FOLDER_STARTS) or folder.is_absolute() or (name and folder.is_dir()):
        return folder
    if match := _HUB_NAME.fullmatch(name):
        return ModelRef(match["name"], match["revision"] or "")
    raise ConfigError(
        f"'{name}' names no model: write org/name as its hub does (such as BAAI/bge-m3), org/name@revision, or a "
        f"folder (./{name or 'folder'}, /path/to/it)"
    )


def is_hub_name(name: str) -> bool:
    """Whether `rag models pull` can fetch it: not a folder, nor a name that stands for something of our own."""
    return bool(_HUB_NAME.fullmatch(name)) and not _expanded(name).is_dir()


def locate(name: str, models_dir: Path) -> LocalModel:
    """Where a model's files are.

    Args:
        name: see `parse_name`.
        models_dir: where pulled models are kept.

    Raises:
        ConfigError: the name is of no model, or the record of what was pulled is damaged.
        ModelError: it is not on this machine, or not whole.
    """
    ref = parse_name(name)
    if isinstance(ref, Path):
        if not ref.is_dir():
            raise ModelError(f"there is no model folder '{ref}'; a model of a hub is named org/name, without './'")
        return LocalModel(name, ref)
    pins = read_pins(models_dir)
    commit = pins.commit_of(ref.name, ref.revision)
    folder = snapshot_folder(models_dir, ref.name, commit)
    snapshot = pins.snapshot(ref.name, commit)
    if snapshot is None or not folder.is_dir():
        raise ModelError(f"model '{name}' is not on this machine; fetch it with 'rag models pull {name}'")
    if lost := lacking(folder, snapshot):
        raise ModelError(
            f"model '{name}' in '{folder}' is damaged ({lost[0]} is missing or has another size); mend it with "
            f"'rag models pull {name}'"
        )
    return LocalModel(name, folder, commit, f"{ref.name}@{commit[:COMMIT_SHOWN]}")


def is_offline() -> bool:
    """Whether the user forbids the network: HF_HUB_OFFLINE or TRANSFORMERS_OFFLINE, read as huggingface_hub does."""
    value = os.environ.get("HF_HUB_OFFLINE") or os.environ.get("TRANSFORMERS_OFFLINE") or ""
    return value.upper() in _TRUE


def _expanded(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError as error:  # `~somebody` where there is no such user
        raise ConfigError(f"model folder '{name}' cannot be found: {error}") from error
