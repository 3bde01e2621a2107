"""A member of an uploaded archive, taken out by a process of its own that may be killed."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from contextlib import ExitStack
from typing import IO

from rag.system import module_command

TAKEN_OUT = module_command("ingest.scan.member")
PATIENCE_S = 60.0
"""A compressed archive is unpacked from its start: of a very large one the archive itself is given instead."""
_AT_ONCE = threading.BoundedSemaphore(2)


def taken_out(path: str) -> IO[bytes] | None:
    """The member's bytes in a file that goes when it is closed; None where it cannot be taken out in time.

    Args:
        path: `archive.zip!/name`, as the manifest has it.
    """
    with ExitStack() as kept:
        out = kept.enter_context(tempfile.TemporaryFile())
        quiet = subprocess.DEVNULL
        try:
            with _AT_ONCE:
                command = [*TAKEN_OUT, path]
                subprocess.run(command, stdin=quiet, stdout=out, stderr=quiet, timeout=PATIENCE_S, check=True)
        except (OSError, ValueError, subprocess.SubprocessError):
            return None
        out.seek(0)
        kept.pop_all()
        return out
