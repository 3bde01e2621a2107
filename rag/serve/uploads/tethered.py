"""Runs a module that ends when its server does, however that ends: `-m rag.serve.uploads.tethered PID ingest ...`.

On Linux the kernel sees to it. Elsewhere a server that is killed leaves its ingest to go on, which does no harm: it
writes what a next one would.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys

_PR_SET_PDEATHSIG = 1


def tether(parent: int) -> None:
    """This process is told to stop when its parent ends.

    Args:
        parent: its process id.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGINT, 0, 0, 0)
        if os.getppid() != parent:  # it ended before the kernel was told
            sys.exit(1)


if __name__ == "__main__":
    tether(int(sys.argv[1]))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
