"""Who has not said what it wants costs little, and whoever has is answered by the same protocol as ever."""

from __future__ import annotations

import asyncio
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from rag.serve.guard.connections import Connections, GuardedProtocol
from rag.serve.guard.door import Door
from rag.serve.guard.leaving import Leaving
from rag.serve.run import _Server
from tests.serve.guard.listening import connected, is_closed, running

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there connections are taken in by asyncio")
HALF = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Never"


async def length(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


@contextmanager
def served(connections: Connections) -> Iterator[int]:
    app = Starlette(routes=[Route("/", length, methods=["GET", "POST"])])
    http = cast("Any", partial(GuardedProtocol, connections))
    config = uvicorn.Config(app, http=http, log_config=None, ws="none", timeout_graceful_shutdown=1)
    server = _Server(config, connections, lambda url: None, Leaving(0))
    with running(server) as port:
        yield port


def test_a_header_in_pieces_and_a_large_body_come_whole() -> None:
    with served(Connections(10)) as port, connected(port) as client:
        body = b"x" * 3_000_000
        head = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        for at in range(0, len(head), 20):
            client.sendall(head[at : at + 20])
            time.sleep(0.001)
        client.sendall(body)
        assert client.makefile("rb").read().endswith(b"3000000")


def test_a_connection_is_asked_on_again_and_again() -> None:
    with served(Connections(10)) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}") as http:
        assert [http.post("/", content=b"x" * n).text for n in (1, 70_000, 0)] == ["1", "70000", "0"]


@pytest.mark.parametrize("said", [b"\x16\x03\x01 a TLS client", b"GET / HTTP/1.1\r\nX: " + b"x" * 100_000])
def test_what_is_no_header_is_refused_at_once(said: bytes) -> None:
    with served(Connections(10)) as port, connected(port, said) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 400")


def test_half_a_header_is_not_waited_for_however_many_bytes_come() -> None:
    with served(Connections(10, header_s=1)) as port, connected(port, HALF) as client:
        began = time.monotonic()
        while not is_closed(client, within_s=0.1) and time.monotonic() - began < 20:
            client.sendall(b"e")
        assert time.monotonic() - began < 20


def test_whoever_asks_is_answered_where_all_places_are_taken_by_who_asks_nothing() -> None:
    with served(Connections(20, header_s=600)) as port:
        crowd = [connected(port, HALF) for _ in range(60)]
        silent = [connected(port) for _ in range(60)]  # as somebody who is about to ask, for a moment
        answers = [httpx.get(f"http://127.0.0.1:{port}/", timeout=30).status_code for _ in range(5)]
        assert answers == [200] * 5
        assert is_closed(crowd[0])
        for each in (*crowd, *silent):
            each.close()


def test_who_went_away_or_was_turned_away_holds_no_place() -> None:
    connections = Connections(50, header_s=1)
    with served(connections) as port:
        stays = [connected(port, HALF) for _ in range(10)]
        for _ in range(10):
            connected(port, HALF).close()
        httpx.get(f"http://127.0.0.1:{port}/", timeout=30)
        end = time.monotonic() + 30
        while connections.n_open and time.monotonic() < end:
            time.sleep(0.05)
        assert (connections.n_open, connections._waiting, dict(connections._of_address)) == (0, {}, {})
        for each in stays:
            each.close()


def test_the_end_of_a_server_leaves_nobody_connected() -> None:
    with served(Connections(50, header_s=600)) as port:
        waiting = connected(port, HALF)
        assert not is_closed(waiting, within_s=0.2)
    assert is_closed(waiting)
    waiting.close()


def test_where_the_system_gives_no_descriptor_the_door_opens_again() -> None:
    class Failing(socket.socket):
        n_left = 2

        def accept(self) -> Any:
            if self.n_left:
                self.n_left -= 1
                raise OSError(24, "Too many open files")
            return super().accept()

    async def taken_in() -> int:
        asyncio.get_running_loop().set_exception_handler(lambda _, said: None)
        connections = Connections(50)
        with Failing() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            door = Door(listener, connections, lambda arrived: asyncio.Protocol())
            _, writer = await asyncio.open_connection(*listener.getsockname())
            while not connections.n_open:
                await asyncio.sleep(0.05)
            door.close()
            writer.close()
            return listener.n_left

    assert asyncio.run(asyncio.wait_for(taken_in(), 30)) == 0
