"""`rag models pull`: fetches a model from a hub at a pinned commit, or checks and mends the one that is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import ConfigError, ModelError
from rag.hub.fetch import Fetching
from rag.hub.files import wanted_files
from rag.hub.lockfile import read_pins, write_pins
from rag.hub.names import ModelRef, is_offline, parse_name
from rag.nn.extras import require_full

if TYPE_CHECKING:
    from rag.hub.api import Hub
    from rag.ports import Progress


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a pull did.

    Attributes:
        name: as it was asked for.
        commit: whose files are in `folder` now.
        folder: where they are.
        size_bytes: of all of them.
        fetched_bytes: that this pull received.
        converted: files that came as pickles and are safetensors now.
        before: the commit that an upgrade replaced; empty: none did.
        newer: the commit that the hub's branch has moved on to; empty: it has not.
    """

    name: str
    commit: str
    folder: Path
    size_bytes: int
    fetched_bytes: int = 0
    converted: Sequence[str] = ()
    before: str = ""
    newer: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def pull(
    name: str, models_dir: Path, progress: Progress, *, upgrade: bool = False, endpoint: str | None = None
) -> Pulled:
    """Fetches a model, or checks and mends the one that is there.

    Args:
        name: `org/name` or `org/name@revision`.
        models_dir: where pulled models are kept; made if need be.
        progress: told of bytes, with the file that they are of.
        upgrade: take the commit that the branch is at now in place of the pinned one.
        endpoint: address of the hub; None: HF_ENDPOINT, or huggingface.co.

    Raises:
        ConfigError: not the name of a model on a hub, or the record of what was pulled is damaged.
        ModelError: offline, no such model, no permission, no room, or bytes that are not what the hub announced.
    """
    ref = parse_name(name)
    if isinstance(ref, Path):
        raise ConfigError(f"'{name}' is a folder on this machine: there is nothing to pull")
    if is_offline():
        raise ModelError(
            f"model '{name}' is not pulled: HF_HUB_OFFLINE (or TRANSFORMERS_OFFLINE) is set. Unset it for this command"
        )
    from rag.hub.api import Hub

    with _alone(models_dir):
        return _pull(ref, models_dir, Hub(endpoint), progress, upgrade)


def _pull(ref: ModelRef, models_dir: Path, hub: Hub, progress: Progress, upgrade: bool) -> Pulled:
    pins = read_pins(models_dir)
    pinned = pins.commit_of(ref.name, ref.revision)
    progress(f"{ref}: asking the hub", 0, None)
    is_commit = bool(ref.revision) and pinned.startswith(ref.revision)
    listing = hub.listing(ref.name, pinned if is_commit else ref.revision)
    moved_to = listing.commit if pinned not in ("", listing.commit) else ""
    if moved_to and not upgrade:
        listing = hub.listing(ref.name, pinned)
    if any(file.is_pickle for file in wanted_files(listing.name, listing.files)):  # told before gigabytes are fetched
        require_full(f"'{ref}' is published as a pickle; converting it", "pull one that comes as safetensors")
    work = Fetching(models_dir, listing, pins.snapshot(ref.name, listing.commit), hub, progress)
    if not pinned:  # from here on: a pull that is stopped goes on with this commit
        pins = pins.with_commit(str(ref), listing.commit)
        write_pins(models_dir, pins)
    fetched_bytes, snapshot = work.fill()
    write_pins(models_dir, pins.with_snapshot(ref.name, listing.commit, snapshot).with_commit(str(ref), listing.commit))
    work.finish()  # last: until then the folder has another name, and pickles are kept for another try
    return Pulled(
        name=str(ref),
        commit=listing.commit,
        folder=work.folder,
        size_bytes=snapshot.size_bytes,
        fetched_bytes=fetched_bytes,
        converted=[name for name, facts in snapshot.files.items() if facts.converted_from],
        before=pinned if moved_to and upgrade else "",
        newer="" if upgrade else moved_to,
    )


@contextmanager
def _alone(models_dir: Path) -> Iterator[None]:
    """Two pulls would write into the same files; the system takes the lock back from a program that was killed."""
    from filelock import FileLock, Timeout

    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(models_dir / ".pull.lock", blocking=False):
            yield
    except Timeout as error:
        raise ModelError(f"another 'rag models pull' is at work in '{models_dir}'; wait until it is done") from error
    except OSError as error:
        raise ModelError(
            f"models cannot be written to '{models_dir}': {error}. Mend that, or set RAG_MODELS_DIR to another folder"
        ) from error
