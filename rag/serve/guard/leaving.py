"""How a server leaves: what is being answered may end, what is new is told to come again, nothing breaks off unsaid."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.errors import refusal, said

_ALWAYS = ("/healthz", "/readyz", "/metrics", "/page/", "/favicon.ico", "/docs")
_WORK = ("/v1/ask", "/v1/search", "/v1/embed", "/v1/similarity", "/v1/chat/completions", "/mcp")
_EVENTS = "text/event-stream"
STOPPED = "the server is being stopped, and the answer could not end in time; ask again in a moment"
COME_AGAIN = "the server is being stopped; ask again in a moment"


class Leaving:
    """Whether a server leaves, and what is still inside.

    Args:
        grace_s: what is being answered may take so long.

    Attributes:
        n_inside: requests that are being answered.
    """

    def __init__(self, grace_s: float) -> None:
        self.grace_s = grace_s
        self.n_inside = 0
        self._since: float | None = None
        self._scopes: set[anyio.CancelScope] = set()

    @property
    def is_leaving(self) -> bool:
        return self._since is not None

    @property
    def left_s(self) -> float:
        """Of the grace."""
        return self.grace_s if self._since is None else self.grace_s - (time.monotonic() - self._since)

    @property
    def may_go(self) -> bool:
        """Whether nothing is inside any more, or the grace is over."""
        return self.is_leaving and (self.n_inside == 0 or self.left_s <= 0)

    def leave(self) -> None:
        self._since = self._since or time.monotonic()

    def cut(self) -> None:
        """Ends what is still inside; each says so to its client."""
        for scope in list(self._scopes):
            scope.cancel()

    @contextmanager
    def inside(self) -> Iterator[anyio.CancelScope]:
        with anyio.CancelScope() as scope:
            self._scopes.add(scope)
            self.n_inside += 1
            try:
                yield scope
            finally:
                self.n_inside -= 1
                self._scopes.discard(scope)


@dataclass(frozen=True)
class Leave:
    """Middleware over `Leaving`."""

    app: ASGIApp
    leaving: Leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] == "/" or scope["path"].startswith(_ALWAYS):
            await self.app(scope, receive, send)
            return
        if self.leaving.is_leaving and (scope["method"] not in ("GET", "HEAD") or scope["path"].startswith(_WORK)):
            headers = {"Retry-After": str(max(2, math.ceil(self.leaving.left_s) + 2)), "Connection": "close"}
            await refusal(503, COME_AGAIN, headers)(scope, receive, send)
            return
        kind: str | None = None
        ended = False

        async def noticed(message: Message) -> None:
            nonlocal kind, ended
            if message["type"] == "http.response.start":
                kind = Headers(raw=message["headers"]).get("content-type", "")
            ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        with self.leaving.inside() as inside:
            await self.app(scope, receive, noticed)
        if inside.cancelled_caught and kind is None:
            await refusal(503, STOPPED, {"Retry-After": "2", "Connection": "close"})(scope, receive, send)
        elif inside.cancelled_caught and kind is not None and kind.startswith(_EVENTS) and not ended:
            await send({"type": "http.response.body", "body": _last_words(scope["path"]), "more_body": False})


def _last_words(path: str) -> bytes:
    """What ends a stream of events, as its readers know it."""
    error = json.dumps(said("unavailable", STOPPED))
    if path.startswith("/v1/chat/completions"):
        return f"data: {error}\n\ndata: [DONE]\n\n".encode()
    return f"event: error\ndata: {error}\n\n".encode()
