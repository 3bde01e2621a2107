"""Listening on an address."""

from __future__ import annotations

import socket

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
