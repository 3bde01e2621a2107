"""Connections to an Ollama server. Each call has one of its own, so that any thread and event loop may call."""

from __future__ import annotations

from typing import Any

import httpx
import ollama

from rag.errors import ChatUnreachable
from rag.text.uris import is_loopback, shown

CONNECT_S = 5.0


def async_client(url: str, silence_s: float) -> ollama.AsyncClient:
    """A client for async code.

    Args:
        url: address of the server.
        silence_s: longest time without a byte from it.

    Raises:
        ChatUnreachable: the address is none.
    """
    try:
        return ollama.AsyncClient(url.rstrip("/"), **_options(url, silence_s))
    except (ValueError, httpx.InvalidURL) as error:
        raise no_address(url, error) from error


def sync_client(url: str, silence_s: float) -> ollama.Client:
    """The same for threads; a context manager."""
    try:
        return ollama.Client(url.rstrip("/"), **_options(url, silence_s))
    except (ValueError, httpx.InvalidURL) as error:
        raise no_address(url, error) from error


def no_address(url: str, error: Exception) -> ChatUnreachable:
    return ChatUnreachable(
        f"'{shown(url)}' is no address of a server ({error}); set RAG_OLLAMA_URL like http://127.0.0.1:11434"
    )


def _options(url: str, silence_s: float) -> dict[str, Any]:
    return {
        "timeout": httpx.Timeout(silence_s, connect=CONNECT_S),
        "follow_redirects": False,
        "verify": url.startswith("https:"),  # without TLS this spares 50 ms of loading certificates
        "trust_env": not is_loopback(url),  # a company proxy cannot reach this machine's own server
    }
