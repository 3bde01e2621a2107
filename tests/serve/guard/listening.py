"""A server on a port of its own, and clients that are sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn


@contextmanager
def running(server: uvicorn.Server) -> Iterator[int]:
    """The port at which it listens meanwhile."""
    with socket.create_server(("127.0.0.1", 0), backlog=512) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield bound.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive()


def connected(port: int, said: bytes = b"") -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), timeout=30)
    client.sendall(said)
    return client


def is_closed(client: socket.socket, within_s: float = 30.0) -> bool:
    client.settimeout(within_s)
    try:
        return client.recv(1000) == b""
    except ConnectionError:
        return True
    except TimeoutError:
        return False
