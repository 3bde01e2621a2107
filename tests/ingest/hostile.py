"""Documents that harm the process that reads them. A module of its own: worker processes import it."""

from __future__ import annotations

import logging
import os
import signal
import time
import warnings

from ingest.captions.join import Given
from ingest.paths import DumpPath
from ingest.scan.sources import Source


class Hanging(Source):
    def read(self) -> bytes:
        time.sleep(60)
        return b""


class Crashing(Source):
    def read(self) -> bytes:
        os.kill(os.getpid(), signal.SIGSEGV)
        return b""


class Greedy(Source):
    def read(self) -> bytes:
        return b"x" * (1 << 40)


class Chatting(Source):
    """A library speaks while it is read."""

    def read(self) -> bytes:
        logging.getLogger("a.library").error("chatter: a log")
        warnings.warn("chatter: a warning", stacklevel=1)
        return b"words"


class Telling(Source):
    """Its text is the names of the heavy packages that its process has imported, and of the main module's file."""

    def read(self) -> bytes:
        import sys

        main = getattr(sys.modules["__main__"], "__file__", None)
        heavy = [
            name for name in ("torch", "pymilvus", "transformers", "rapidocr", "onnxruntime") if name in sys.modules
        ]
        return f"heavy: {heavy} main: {main}".encode()


def source_of(kind: type[Source], path: str = "/dump/a.txt") -> Source:
    return kind(DumpPath.below({"/dump"}, path), 10, Given())
