"""Listening on an address."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress

import httpx
import pytest

from rag.errors import ConfigError
from rag.serve.run import run


def test_an_address_that_is_taken_says_what_to_do() -> None:
    async def app(*_: object) -> None:
        raise AssertionError("nobody asks")

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match=rf"cannot listen on 127\.0\.0\.1 port {port}.*--port"):
            run(app, "127.0.0.1", port, started=print)


_SERVER = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (400, 400))
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from rag.serve.run import run

async def hello(request):
    return PlainTextResponse("hello")

run(Starlette(routes=[Route("/", hello)]), "127.0.0.1", 0, started=lambda url: print(url, flush=True))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of descriptors there")
def test_more_connections_than_descriptors_cost_those_who_ask_nothing() -> None:
    with subprocess.Popen([sys.executable, "-c", _SERVER], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline().decode().rstrip("/\n").rpartition(":")[2])
            crowd = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(600)]
            for each in crowd:
                with suppress(OSError):  # it has given way already
                    each.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Never")
            answers = [httpx.get(f"http://127.0.0.1:{port}/", timeout=60).text for _ in range(20)]
            assert answers == ["hello"] * 20
            for each in crowd:
                each.close()
        finally:
            server.terminate()
            _, said = server.communicate(timeout=60)
    assert b"Too many open files" not in said
