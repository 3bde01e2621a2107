"""How large and how slow a request may be, and how many are worked on."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.errors import refusal
from rag.serve.gate import Gate, TooBusy

_WORK = ("/v1/ask", "/v1/search", "/v1/embed/", "/v1/similarity", "/v1/chat/completions")
"""What models work for; looking at lists and pictures needs no turn."""
PATIENCE_S = 60.0
MIN_BYTES_PER_S = 4096
"""A client that sends nothing for so long, or is that far behind this pace, is given up: others want its place."""
_CLOSE = {"Connection": "close"}


@dataclass(frozen=True)
class BodyLimit:
    """Refuses requests that are too large, before they are read where they say so, else while they come.

    Gives up those that come too slowly.

    Args:
        app: what is guarded.
        max_bytes: of a request.
        max_upload_bytes: of an upload of documents.
    """

    app: ASGIApp
    max_bytes: int
    max_upload_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.max_upload_bytes if scope["path"].endswith("/documents") else self.max_bytes
        stated = Headers(scope=scope).get("content-length", "0")
        message = f"the request is larger than {limit // 1024**2} MiB"
        if not stated.isdecimal() or int(stated) > limit:
            await refusal(413, message, _CLOSE)(scope, receive, send)
            return
        n_bytes, waited_s, whole = 0, 0.0, False

        async def counted() -> Message:
            nonlocal n_bytes, waited_s, whole
            if whole:  # what comes now says that the client has left, and may take as long as the answer
                return await receive()
            began = time.monotonic()
            try:
                with anyio.fail_after(PATIENCE_S + min(0, n_bytes / MIN_BYTES_PER_S - waited_s)):
                    part = await receive()
            except TimeoutError:
                raise HTTPException(408, "the request came too slowly; send it again", _CLOSE) from None
            waited_s += time.monotonic() - began
            whole = not part.get("more_body", False)
            n_bytes += len(part.get("body", b""))
            if n_bytes > limit:
                raise HTTPException(413, message, _CLOSE)
            return part

        await self.app(scope, counted, send)


@dataclass(frozen=True)
class Turns:
    """Requests that models work for wait for their turn once they have come whole; too many are refused."""

    app: ASGIApp
    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_WORK):
            await self.app(scope, receive, send)
            return
        try:
            async with self.gate.inside() as turn:
                await self.app(scope, _whole_first(receive, turn), send)
        except TooBusy as error:
            await refusal(429, str(error))(scope, receive, send)


def _whole_first(receive: Receive, turn: Callable[[], Awaitable[object]]) -> Receive:
    """Waits for the turn when the last of a body has come: a slow client keeps nobody waiting but itself."""
    taken = False

    async def received() -> Message:
        nonlocal taken
        part = await receive()
        if not taken and part["type"] == "http.request" and not part.get("more_body", False):
            taken = True
            await turn()
        return part

    return received
