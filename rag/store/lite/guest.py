"""How another process on this machine reaches an embedded store that one has open.

The process that has the folder open answers at a Unix socket in a folder that only its user can enter. A file in the
store names the socket; a process that finds it, and somebody listening there, asks at the socket and leaves the folder
alone: a guest. What a kill leaves behind is harmless: nobody listens any more, and the next to open the folder
removes the file.
"""

from __future__ import annotations

import socket
import sys
from contextlib import suppress
from pathlib import Path

from rag.store.errors import HostGone
from rag.store.lite.locks import BETWEEN_PROCESSES

_ADDRESS = "ADDRESS"
_PATIENCE_S = 2.0


class Guest:
    """A store that another process has open."""

    def __init__(self, path: Path, at: Path) -> None:
        self.path = path
        self.address = f"unix:{at}"
        self._socket = at

    def gone(self) -> HostGone | None:
        """What to raise when that process has ended."""
        if _listens(self._socket):
            return None
        return HostGone(
            f"the process that had {self.path} open for this one has ended. Run the command again: what was written "
            "stays, and an ingest goes on where it was."
        )

    def release(self) -> None:
        """Nothing is held."""


def find_host(path: Path) -> Guest | None:
    """The store at a path as a guest sees it; None where no process lets others in."""
    if not BETWEEN_PROCESSES:
        return None
    file = path / _ADDRESS
    try:
        at = Path(file.read_text(encoding="utf-8").strip())
        # The folder of temporary files is everybody's: a socket that another user put there must not be asked.
        if at.parent.stat().st_uid != file.stat().st_uid or not _listens(at):
            return None
    except (OSError, ValueError):  # a file that is not ours
        return None
    return Guest(path, at)


def is_coming_or_going(path: Path) -> bool:
    """Whether the process that has it open does not let others in yet, or not any more."""
    return BETWEEN_PROCESSES and not (path / _ADDRESS).exists()


def publish(path: Path, at: Path) -> None:
    """Lets other processes in."""
    draft = path / f"{_ADDRESS}.new"
    draft.unlink(missing_ok=True)
    draft.touch(0o600, exist_ok=False)
    draft.write_text(f"{at}\n", encoding="utf-8")
    draft.replace(path / _ADDRESS)


def withdraw(path: Path) -> None:
    """Lets nobody in any more."""
    (path / _ADDRESS).unlink(missing_ok=True)


def clear(path: Path) -> None:
    """Removes what a killed process published. To be called by the one that has the folder open."""
    with suppress(OSError, ValueError):
        at = Path((path / _ADDRESS).read_text(encoding="utf-8").strip())
        if at.is_socket():
            at.unlink()
            at.parent.rmdir()
    withdraw(path)


def _listens(at: Path) -> bool:
    listens = False
    if sys.platform != "win32":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(_PATIENCE_S)
            try:
                probe.connect(str(at))
                listens = True
            except OSError:
                pass
    return listens
