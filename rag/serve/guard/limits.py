"""How large and how slow a request may be, and how many are worked on."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import anyio
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.errors import refusal
from rag.serve.guard.admission import Admission, TooBusy

_WORK = ("/v1/ask", "/v1/search", "/v1/embed/", "/v1/similarity", "/v1/chat/completions")
"""What models work for; looking at lists and pictures needs no turn."""
PATIENCE_S = 60.0
MIN_BYTES_PER_S = 4096
"""A client that sends nothing for so long, or is that far behind this pace, is given up: others want its place."""
_CLOSE = {"Connection": "close"}


@dataclass
class BodyLimit:
    """Refuses requests that are too large, before they are read where they say so, else while they come.

    Gives up those that come too slowly.

    Args:
        app: what is guarded.
        max_bytes: of a request.
        max_upload_bytes: of an upload of documents, which goes to the disk.
        max_held_bytes: of all other requests that are inside at the same time.
    """

    app: ASGIApp
    max_bytes: int
    max_upload_bytes: int
    max_held_bytes: int
    _n_held: int = field(default=0, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_upload = scope["path"].endswith("/documents")
        limit = self.max_upload_bytes if is_upload else self.max_bytes
        stated = Headers(scope=scope).get("content-length", "0")
        if not stated.isdecimal() or int(stated) > limit:
            await refusal(413, _too_large(limit), _CLOSE)(scope, receive, send)
            return
        body, n_mine = _Body(receive, limit), 0

        async def held() -> Message:
            nonlocal n_mine
            part = await body()
            n_bytes = 0 if is_upload else len(part.get("body", b""))
            n_mine += n_bytes
            self._n_held += n_bytes
            if self._n_held > self.max_held_bytes:
                raise HTTPException(429, "too many large requests at once; try again in a moment", _CLOSE)
            return part

        try:
            await self.app(scope, held, send)
        finally:
            self._n_held -= n_mine


@dataclass
class _Body:
    """A request's body as it comes.

    Raises:
        HTTPException: 413 it is too large, 408 too slow.
    """

    receive: Receive
    limit: int
    n_bytes: int = 0
    waited_s: float = 0.0
    is_whole: bool = False

    async def __call__(self) -> Message:
        if self.is_whole:  # what comes now says that the client has left, and may take as long as the answer
            return await self.receive()
        began = time.monotonic()
        try:
            with anyio.fail_after(PATIENCE_S + min(0, self.n_bytes / MIN_BYTES_PER_S - self.waited_s)):
                part = await self.receive()
        except TimeoutError:
            raise HTTPException(408, "the request came too slowly; send it again", _CLOSE) from None
        self.waited_s += time.monotonic() - began
        self.is_whole = not part.get("more_body", False)
        self.n_bytes += len(part.get("body", b""))
        if self.n_bytes > self.limit:
            raise HTTPException(413, _too_large(self.limit), _CLOSE)
        return part


def _too_large(limit: int) -> str:
    return f"the request is larger than {limit // 1024**2} MiB"


@dataclass(frozen=True)
class Turns:
    """Requests that models work for wait for their turn once they have come whole; too many are refused."""

    app: ASGIApp
    gate: Admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_WORK):
            await self.app(scope, receive, send)
            return
        try:
            async with self.gate.queue() as turn:
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
