"""Temporary folders that go with their owner and never with a fork of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref


class ScratchFolder:
    """A folder that is removed on `close`, or with this object.

    Args:
        prefix: of its name.
    """

    def __init__(self, prefix: str) -> None:
        self.path = tempfile.mkdtemp(prefix=prefix)
        self.close = weakref.finalize(self, _remove, self.path, os.getpid())


def _remove(path: str, process: int) -> None:
    """A forked child holds a copy of its parent's object: the folder is not its to remove."""
    if os.getpid() == process:
        shutil.rmtree(path, ignore_errors=True)
