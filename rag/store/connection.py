"""Opens a store, embedded or on a server."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from rag.errors import ConfigError
from rag.store.capabilities import lite_capabilities, server_capabilities
from rag.store.client import Client
from rag.store.link import Embedded
from rag.store.lite.host import locks_of, open_embedded
from rag.store.store import MilvusStore
from rag.text.uris import shown


def open_store(uri: str, token: str | None, *, connect_timeout_s: float, timeout_s: float) -> MilvusStore:
    """See `rag.store.connect`."""
    limits = {"connect_timeout_s": connect_timeout_s, "timeout_s": timeout_s}
    if re.match(r"(https?|tcp|unix)://", uri):
        client = Client(shown(uri), uri, token or "", **limits)
    elif uri.endswith(".db"):
        path = Path(uri).expanduser().resolve()
        client = Client(str(path), Embedded(partial(open_embedded, path), locks_of(path)), "", **limits)
    else:
        raise ConfigError(
            f"store URI {shown(uri)!r} is neither a path that ends in .db nor http://host:port. "
            "Set RAG_STORE_URI to one of these, or unset it to use the embedded store."
        )
    try:
        version = str(client.ask("get_server_version"))
        capabilities = lite_capabilities(version) if client.is_lite else server_capabilities(version)
    except BaseException:
        client.close()
        raise
    return MilvusStore(client.uri, client, capabilities)
