"""uvicorn, as this server wants it."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp

from rag.errors import ConfigError

GRACE_S = 5


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, started: Callable[[str], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._started(f"http://{f'[{host}]' if ':' in host else host}:{port}/")


def run(app: ASGIApp, host: str, port: int, *, started: Callable[[str], None]) -> None:
    """Serves until SIGINT or SIGTERM; what is being answered has `GRACE_S` seconds to end.

    Args:
        app: what is served.
        host: address to listen on.
        port: 0 takes any free one.
        started: told the URL.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("rag.serve").setLevel(logging.INFO)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":  # on Windows it would let another program take the same port
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise ConfigError(
            f"cannot listen on {host} port {port}: {error.strerror or error}. Is another server running there? "
            "Take another port with --port, or --port 0 for any"
        ) from error
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_S, ws="none"
    )
    with bound, suppress(KeyboardInterrupt):
        _Server(config, started).run([bound])
