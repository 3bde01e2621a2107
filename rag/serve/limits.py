"""How large a request may be, and how many are worked on."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.errors import refusal
from rag.serve.gate import Gate, TooBusy

_WORK = ("/v1/ask", "/v1/search", "/v1/embed/", "/v1/similarity", "/v1/chat/completions")
"""What models work for; looking at lists and pictures needs no turn."""


@dataclass(frozen=True)
class BodyLimit:
    """Refuses requests that are too large, before they are read where they say so, else while they come.

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
            await refusal(413, message, {"Connection": "close"})(scope, receive, send)
            return
        n_bytes = 0

        async def counted() -> Message:
            nonlocal n_bytes
            part = await receive()
            n_bytes += len(part.get("body", b""))
            if n_bytes > limit:
                raise HTTPException(413, message, {"Connection": "close"})
            return part

        await self.app(scope, counted, send)


@dataclass(frozen=True)
class Turns:
    """Requests that models work for wait for their turn; too many are refused."""

    app: ASGIApp
    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_WORK):
            await self.app(scope, receive, send)
            return
        try:
            async with self.gate.place():
                await self.app(scope, receive, send)
        except TooBusy as error:
            await refusal(429, str(error))(scope, receive, send)
