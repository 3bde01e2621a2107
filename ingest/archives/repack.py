"""What libarchive opens (7-Zip, RAR, CAB, LHA, Zstandard), as a tar: in a process of its own, which may crash or hang.

The native library meets hostile bytes, and a member of a solid archive means unpacking all before it: so all of it is
unpacked once. `python -m ingest.archives.repack` is that process; nothing else needs it.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.archives.containers import OTHER_MAGIC, Limits
from rag.errors import DocumentError
from rag.installation import extra_command
from rag.system import limit_memory, module_command

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT_S = 600.0
_MEMORY_BYTES = 3 * 2**30
_BLOCK_BYTES = 1 << 20
_LIBRARY = "apt install libarchive13, brew install libarchive"


def repacked(source: str, target: str, name: str, limits: Limits) -> tuple[int, str]:
    """Writes the members of an archive into a tar.

    Returns:
        The tar's size in bytes, and why the archive breaks off early; empty where it does not.

    Raises:
        DocumentError: over the limits, encrypted, not to be opened, or libarchive is missing.
    """
    packed_bytes = Path(source).stat().st_size
    most_bytes = min(limits.archive_bytes, max(limits.ratio_from_bytes, limits.ratio * packed_bytes))
    command = module_command("ingest.archives.repack", source, target, name, str(most_bytes), str(limits.members))
    try:
        done = subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise DocumentError(f"unpacking it took over {_TIMEOUT_S:.0f} s: unpack it and ingest the folder") from None
    try:
        outcome: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        raise DocumentError(
            f"unpacking it failed (exit code {done.returncode}): unpack it and ingest the folder"
        ) from None
    what = _kind(source)
    if outcome["state"] == "missing":
        raise DocumentError(
            f"{what} needs one more package: {extra_command('archives')}, and the system's libarchive ({_LIBRARY}); or "
            "unpack it and ingest the folder"
        )
    if outcome["state"] == "too large":
        limits.check_archive(members=outcome["members"], unpacked_bytes=outcome["bytes"], packed_bytes=packed_bytes)
        raise DocumentError(f"{what} unpacks to more than {most_bytes:,} bytes; nothing was read")
    if outcome["state"] == "locked":
        raise DocumentError(f"{what} with a password: unpack it with that and ingest the folder")
    if not outcome["members"]:
        raise DocumentError(
            f"{what} that cannot be opened ({outcome['error'] or 'nothing is in it'}): unpack it, or pack it as zip"
        )
    return Path(target).stat().st_size, outcome["error"]


def _kind(source: str) -> str:
    with Path(source).open("rb") as file:
        head = file.read(16)
    return next((what for magic, what in OTHER_MAGIC.items() if head.startswith(magic)), "an archive")


def _main(source: str, target: str, name: str, most_bytes: int, most_members: int) -> dict[str, Any]:
    with contextlib.suppress(ValueError, OSError):
        limit_memory(_MEMORY_BYTES)
    try:
        import libarchive  # type: ignore[import-untyped]
    except (ImportError, OSError, AttributeError, TypeError):
        return {"state": "missing"}
    outcome: dict[str, Any] = {"state": "done", "members": 0, "bytes": 0, "error": ""}
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for kind in ("all", "raw"):
            try:
                with libarchive.file_reader(source, format_name=kind) as entries:
                    _copy(entries, tar, _stem(name) if kind == "raw" else "", outcome, most_bytes, most_members)
            except (libarchive.ArchiveError, OSError, ValueError, UnicodeError, MemoryError) as error:
                outcome["error"] = str(error)[:300] or type(error).__name__
            if outcome["members"] or outcome["state"] != "done" or "nrecognized" not in outcome["error"]:
                break
            outcome["error"] = ""
    complaint = outcome["error"].lower()
    if not outcome["members"] and any(word in complaint for word in ("passphrase", "encrypt", "password")):
        outcome["state"] = "locked"
    return outcome


def _copy(
    entries: Any, tar: tarfile.TarFile, lone: str, outcome: dict[str, Any], most_bytes: int, most_members: int
) -> None:
    for entry in entries:
        if not lone and not entry.isfile:
            continue
        outcome["members"] += 1
        if outcome["members"] > most_members:
            outcome["state"] = "too large"
            return
        with _spooled() as held:
            for block in entry.get_blocks(_BLOCK_BYTES):
                outcome["bytes"] += len(block)
                if outcome["bytes"] > most_bytes:
                    outcome["state"] = "too large"
                    return
                held.write(block)
            info = tarfile.TarInfo(lone or str(entry.pathname))
            info.size = held.tell()
            held.seek(0)
            tar.addfile(info, held)


@contextlib.contextmanager
def _spooled() -> Iterator[Any]:

    with tempfile.SpooledTemporaryFile(max_size=64 * 2**20) as held:
        yield held


def _stem(name: str) -> str:
    name = name.replace("\\", "/").rpartition("/")[2]
    return name.rpartition(".")[0] or name


if __name__ == "__main__":
    source_, target_, name_, most_bytes_, most_members_ = sys.argv[1:]
    sys.stdout.write(json.dumps(_main(source_, target_, name_, int(most_bytes_), int(most_members_))))
