"""Opens a store, embedded or on a server."""

from __future__ import annotations

import re
from pathlib import Path

from rag.errors import ConfigError
from rag.store.capabilities import lite_capabilities, server_capabilities
from rag.store.client import Client
from rag.store.embedded import open_embedded
from rag.store.store import MilvusStore
from rag.uris import shown


def open_store(uri: str, token: str | None, *, share: bool, connect_timeout_s: float, timeout_s: float) -> MilvusStore:
    """See `rag.store.connect`."""
    if re.match(r"(https?|tcp|unix)://", uri):
        client = Client(shown(uri), uri, token or "", None, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)
    elif uri.endswith(".db"):
        client = _embedded(Path(uri).expanduser().resolve(), share, connect_timeout_s, timeout_s)
    else:
        raise ConfigError(
            f"store URI {shown(uri)!r} is neither a path that ends in .db nor http://host:port. "
            "Set RAG_STORE_URI to one of these, or unset it to use the embedded store."
        )
    try:
        version = str(client.ask("get_server_version"))
        capabilities = lite_capabilities(version) if client.engine else server_capabilities(version)
    except BaseException:
        client.close()
        raise
    return MilvusStore(client.uri, client, capabilities)


def _embedded(path: Path, share: bool, connect_timeout_s: float, timeout_s: float) -> Client:
    engine = open_embedded(path, share=share)
    try:
        return Client(str(path), engine.address, "", engine, connect_timeout_s=connect_timeout_s, timeout_s=timeout_s)
    except BaseException:
        engine.release()
        raise
