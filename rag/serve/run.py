"""uvicorn, as this server wants it."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import FrameType
from typing import Any, Literal, cast

import uvicorn
from starlette.types import ASGIApp

from rag.errors import ConfigError
from rag.serve import requests_log
from rag.serve.guard.connections import (
    ACCEPTED_AT_ONCE,
    QUEUED,
    Connections,
    GuardedProtocol,
    RareComplaints,
    raise_descriptors,
)
from rag.serve.guard.door import Door
from rag.serve.guard.leaving import Leaving

log = logging.getLogger("rag.serve")

END_S = 5
"""What is cut off has so long to say so."""


class _Server(uvicorn.Server):
    """Says where it listens once it does; asked to stop, it listens on until what is being answered has ended."""

    def __init__(
        self, config: uvicorn.Config, connections: Connections, started: Callable[[str], None], leaving: Leaving
    ) -> None:
        super().__init__(config)
        self._connections, self._started, self._leaving = connections, started, leaving
        self._doors: list[Door] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(RareComplaints())
        has_doors = sys.platform != "win32"  # whose event loop watches no sockets
        await super().startup([] if has_doors else sockets)
        if not self.started:
            return
        for bound in sockets or ():
            bound.listen(QUEUED)  # uvicorn's one number says both how many may queue and how many are taken in at once
            if has_doors:
                self._doors.append(Door(bound, self._connections, self._protocol))
            host, port = bound.getsockname()[:2]
            self._started(f"http://{f'[{host}]' if ':' in host else host}:{port}/")

    def _protocol(self, arrived: bytes) -> asyncio.Protocol:
        return GuardedProtocol(
            self._connections,
            arrived,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._leaving.is_leaving:  # told twice: now
            super().handle_exit(sig, frame)
            return
        self._captured_signals.append(sig)
        self._leaving.leave()
        if self._leaving.n_inside:
            log.info("stopping: %d requests have %.0f s to end", self._leaving.n_inside, self._leaving.grace_s)

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self._leaving.may_go

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leaving.leave()
        self._leaving.cut()
        for door in self._doors:
            door.close()
        await super().shutdown(sockets)


def run(
    app: ASGIApp,
    host: str,
    port: int,
    *,
    started: Callable[[str], None],
    leaving: Leaving | None = None,
    n_connections: int = 0,
    log_form: Literal["text", "json"] = "text",
) -> None:
    """Serves until SIGINT or SIGTERM; what is being answered may end then, within the grace.

    Args:
        app: what is served.
        host: address to listen on.
        port: 0 takes any free one.
        started: told the URL.
        leaving: of the app; None: nothing is waited for.
        n_connections: at the same time; 0: as many as open files allow.
        log_form: how the log is written.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    requests_log.set_up(log_form)
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
    room = raise_descriptors()
    connections = Connections(min(n_connections, room) if n_connections else room)
    config = uvicorn.Config(
        app,
        http=cast("Any", partial(GuardedProtocol, connections)),
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=ACCEPTED_AT_ONCE,
        timeout_graceful_shutdown=END_S,
        ws="none",
    )
    with bound, suppress(KeyboardInterrupt):
        _Server(config, connections, started, leaving or Leaving(0)).run([bound])
