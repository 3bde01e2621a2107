"""What only some operating systems can do, each behind a name that does nothing, or says so, on the others."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress

if sys.platform != "win32":
    import fcntl
    import resource


FOLDS_CASE = sys.platform in ("win32", "darwin")
"""Whether files there usually have one name for `Manuals` and `manuals`."""
_DEVICES = frozenset({"aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})


def names_device(name: str) -> bool:
    """Whether the system takes the name for a device, in every folder, as Windows does `con`."""
    return sys.platform == "win32" and name.lower() in _DEVICES


def module_command(module: str, *arguments: str) -> tuple[str, ...]:
    """Runs a module of this program in a process of its own.

    `-m` alone looks into the current folder first: a `json.py` in a dump, or another version's checkout, would be run.
    """
    return (sys.executable, "-P", "-m", module, *arguments)


def make_private(descriptor: int) -> None:
    """Only its owner may read the file; on Windows its folder decides that."""
    if sys.platform != "win32":
        os.fchmod(descriptor, 0o600)


def owns(user_id: int) -> bool:
    """Whether a file of that user is of who runs this; on Windows a folder for temporary files is one user's."""
    return sys.platform == "win32" or user_id == os.getuid()


def lower_priority(process_id: int, niceness: int) -> None:
    """Others come first. Nothing where it is gone already, or on Windows."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process_id, niceness)


def kill_group(process_id: int) -> None:
    """Ends the process and all that it started, if it leads a group; on Windows the process alone."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform != "win32":
            os.killpg(process_id, signal.SIGKILL)
        else:
            os.kill(process_id, signal.SIGTERM)


def limit_memory(n_bytes: int) -> None:
    """This process may take no more address space; a lower limit stays. Nothing on Windows.

    Raises:
        OSError, ValueError: the system does not let it.
    """
    if sys.platform != "win32":
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if hard == resource.RLIM_INFINITY or hard > n_bytes:
            resource.setrlimit(resource.RLIMIT_AS, (n_bytes, hard))


def raise_open_files(wanted: int) -> int:
    """Raises the limit of open files as far as `wanted` and the system let it; gives the limit."""
    limit = wanted
    if sys.platform != "win32":
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        limit = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        if limit > soft != resource.RLIM_INFINITY:
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
            except (OSError, ValueError):
                limit = soft
    return limit


def try_lock(descriptor: int) -> bool:
    """Takes the lock of an open file for this descriptor, if nobody has it.

    Raises:
        OSError: there are no such locks here (Windows).
    """
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
    raise OSError("no file locks of this kind on Windows")


def unlock(descriptor: int) -> None:
    """Gives it back at once: closing alone would leave it to a forked child."""
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_UN)
