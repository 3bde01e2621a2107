"""Knowledge bases in Milvus: the only place that knows pymilvus.

`connect` is all that the rest of the project needs; importing this package costs nothing until it is called.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.store.lean import lean_import, leave_scipy_out

if TYPE_CHECKING:
    from rag.ports import Store

__all__ = ["connect"]


def connect(
    uri: str,
    token: str | None = None,
    *,
    connect_timeout_s: float = 10.0,
    timeout_s: float = 60.0,
) -> Store:
    """Opens the embedded engine, or connects to a server.

    Args:
        uri: a path that ends in `.db` (made if it does not exist), or `http(s)://host:port`.
        token: `user:password` or an API key, for a server with authentication.
        connect_timeout_s: longest wait for a server to answer at all.
        timeout_s: longest wait for one request; building an index may take ten times as long.

    Raises:
        ConfigError: the URI is neither.
        StoreLocked: another process has the embedded store open and cannot be asked from here.
        StoreFormatError: the path is a Milvus Lite 2.x file, or something that is not a store.
        StoreAuthError: the server refuses the token.
        StoreUnreachable: no server answers.
    """
    with _environment_left_alone(), lean_import():
        from rag.store.connection import open_store
    leave_scipy_out()
    return open_store(uri, token, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)


@contextmanager
def _environment_left_alone() -> Iterator[None]:
    """pymilvus loads a `.env` found above its own folder into `os.environ` when imported; ours is not its business."""
    name = "PYTHON_DOTENV_DISABLED"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before
