"""Servers on loopback, for tests through real clients."""

from __future__ import annotations

import socket
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

GRACE_S = 1
END_S = 60
"""Long after `GRACE_S`: all cores may be at other tests."""


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """uvicorn in a thread on a free port, until the block ends; gives its URL, without a slash at the end.

    The end of the server closes the library of the app.
    """
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=GRACE_S, ws="none")
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as bound:  # it listens: what comes before uvicorn is up waits there
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(END_S)
            assert not thread.is_alive(), f"the server did not end: {_stack(thread)}"


def _stack(thread: threading.Thread) -> str:
    """Where a thread is."""
    frame = sys._current_frames().get(thread.ident or 0)
    return "".join(traceback.format_stack(frame)) if frame else "nowhere"
