"""Connections that ask nothing give way, and whoever asks notices nothing."""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
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
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from rag.serve.guard.connections import Connections, GuardedProtocol, RareComplaints, raise_descriptors
from tests.serve.guard.listening import connected, is_closed, running


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


async def flood(request: Request) -> StreamingResponse:
    async def pieces() -> Any:
        try:
            for _ in range(10_000):
                yield b"x" * 65536
        finally:
            ENDED.set()

    return StreamingResponse(pieces())


ENDED = threading.Event()
APP = Starlette(routes=[Route("/", hello), Route("/flood", flood)])


@contextmanager
def served(connections: Connections) -> Iterator[int]:
    http = cast("Any", partial(GuardedProtocol, connections))
    server = uvicorn.Server(uvicorn.Config(APP, http=http, log_config=None, ws="none", timeout_graceful_shutdown=1))
    with running(server) as port:
        yield port


def half_a_header(port: int) -> socket.socket:
    return connected(port, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Never")


def test_half_a_header_is_not_waited_for() -> None:
    with served(Connections(100, header_s=0.5)) as port, half_a_header(port) as client:
        began = time.monotonic()
        for _ in range(3):  # more bytes are no reason to wait longer
            time.sleep(0.1)
            client.sendall(b"e")
        assert is_closed(client)
        assert time.monotonic() - began < 20


def test_a_connection_that_says_nothing_is_closed_and_one_that_asks_is_not() -> None:
    with served(Connections(100, header_s=0.5)) as port, socket.create_connection(("127.0.0.1", port)) as silent:
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).text == "hello"
        assert is_closed(silent)


def test_the_oldest_that_ask_nothing_give_way_to_those_who_ask() -> None:
    with served(Connections(1000, most_of_address=10, header_s=600)) as port:
        crowd = [half_a_header(port) for _ in range(40)]
        for _ in range(20):
            assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).text == "hello"
        assert is_closed(crowd[0])
        assert not is_closed(crowd[-1], within_s=0.2)
        for each in crowd:
            each.close()


def test_those_who_have_sent_nothing_yet_are_given_a_moment() -> None:
    with served(Connections(1000, most_of_address=10, header_s=600)) as port:
        silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for each in silent:
            each.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        for each in silent:
            each.settimeout(30)
            assert each.recv(100).startswith(b"HTTP/1.1 200")
            each.close()


def test_who_comes_back_at_once_is_held_while_there_is_room() -> None:
    with served(Connections(1000, header_s=600)) as port:
        crowd = [half_a_header(port) for _ in range(300)]
        assert httpx.get(f"http://127.0.0.1:{port}/", timeout=30).text == "hello"
        assert not any(is_closed(each, within_s=0.01) for each in crowd[:20])
        for each in crowd:
            each.close()


def test_where_all_work_a_new_one_is_told_in_json() -> None:
    connections = Connections(1)
    with served(connections) as port:
        connections._most = 0
        answer = httpx.get(f"http://127.0.0.1:{port}/", timeout=30)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert answer.json()["error"]["type"] == "unavailable"


def test_what_is_no_request_is_refused_in_json() -> None:
    with served(Connections(10)) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as client:
        client.sendall(b"\x16\x03\x01 no http\r\n\r\n")
        said = client.recv(1000)
    assert said.startswith(b"HTTP/1.1 400")
    assert b'"type": "bad_request"' in said


def test_a_reader_that_takes_nothing_is_given_up() -> None:
    ENDED.clear()
    with served(Connections(10, read_s=0.5)) as port, socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET /flood HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        assert ENDED.wait(30)


def test_connections_are_forgotten_when_they_close() -> None:
    connections = Connections(100)
    with served(connections) as port:
        for _ in range(5):
            half_a_header(port).close()
        for _ in range(100):
            if connections.n_open == 0:
                break
            time.sleep(0.05)
        assert (connections.n_open, connections._waiting, dict(connections._of_address)) == (0, {}, {})


def test_the_same_complaint_is_made_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    complain, loop = RareComplaints(), asyncio.new_event_loop()
    with caplog.at_level(logging.ERROR):
        for _ in range(1000):
            complain(loop, {"message": "socket.accept() out of system resource"})
        complain(loop, {"message": "another"})
    loop.close()
    assert [record.getMessage()[:7] for record in caplog.records] == ["socket.", "another"]


def test_there_is_room_for_connections_beside_what_else_is_open() -> None:
    assert raise_descriptors() >= 32
