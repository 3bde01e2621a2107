"""Connections: how long one may take to say what it wants, how slowly it may read, and how many there may be.

A request is looked at by the routes only once its header has come whole, so who never ends one would hold a descriptor
for ever. Here the oldest of those that have not asked anything yet give way, and whoever asks notices nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import islice
from typing import Any, Literal, Protocol

from uvicorn.protocols.http.h11_impl import H11Protocol

from rag.system import raise_open_files

log = logging.getLogger("rag.serve")

HEADER_S = 15.0
"""A connection that has not sent a whole header after so long is closed, however many bytes have come."""
READ_S = 60.0
"""A client that takes nothing of a response for so long is given up."""
WAITING_OF_ADDRESS = 256
"""Connections of one address that have not asked anything; a proxy holds some dozens open. Where there is room for more
than twice as many, an address may have half of it: who is cut off at once comes back at once, who is held does not."""
ACCEPTED_AT_ONCE = 64
"""Connections taken in before those that are there are looked at. asyncio takes as many as may queue before it,
which is thousands: more than there are descriptors."""
QUEUED = 4096
"""Connections that the system keeps until they are taken in. One without a place there tries again after 1, 3, 7 s."""
_RESERVED_DESCRIPTORS = 256
"""For the store, models, uploads and the ingest."""
_WANTED_DESCRIPTORS = 16_384
SAID_AGAIN_S = 60.0
CHANCE_S = 1.0
"""Nobody gives way earlier who has sent nothing yet: many connections are taken in at once before any is read."""
_LOOKED_AT = 512
TOO_MANY = "this server has as many connections as it can hold; try again in a moment"


def raise_descriptors() -> int:
    """Raises the limit of open files as far as this process may; gives the connections that leaves room for."""
    return max(32, raise_open_files(_WANTED_DESCRIPTORS) - _RESERVED_DESCRIPTORS)


class Place(Protocol):
    """Who holds a descriptor.

    Attributes:
        address: of the client; empty for a local socket.
        had_its_chance: whether it may give way: it has begun a header and not ended it, or been silent for a while.
    """

    @property
    def address(self) -> str: ...

    @property
    def had_its_chance(self) -> bool: ...

    def give_way(self) -> None:
        """Ends it."""


class Connections:
    """All connections of a server. Used by its event loop only.

    Args:
        most: connections at the same time.
        most_of_address: of one address that have not asked anything; 0: see `WAITING_OF_ADDRESS`.
        header_s, read_s: see `HEADER_S` and `READ_S`.
    """

    def __init__(
        self,
        most: int,
        *,
        most_of_address: int = 0,
        header_s: float = HEADER_S,
        read_s: float = READ_S,
    ) -> None:
        self._most, self._most_of_address = most, most_of_address or max(WAITING_OF_ADDRESS, most // 2)
        self.header_s, self.read_s = header_s, read_s
        self.n_open = 0
        self._waiting: dict[Place, None] = {}  # the oldest first
        self._of_address: defaultdict[str, dict[Place, None]] = defaultdict(dict)

    def opened(self, one: Place) -> bool:
        """Counts it; False where there is no room and nobody who could give way."""
        if self.n_open >= self._most and not self._give_way(self._waiting):
            return False
        if len(self._of_address[one.address]) >= self._most_of_address:
            self._give_way(self._of_address[one.address])
        self.n_open += 1
        return True

    def is_about_to_have_room(self) -> bool:
        """Whether it is full of those who came just now: in a moment they have asked, or may give way."""
        return self.n_open >= self._most and bool(self._waiting) and self._who_may_give_way(self._waiting) is None

    def waits(self, one: Place) -> None:
        """It has not asked anything, or not yet again."""
        self._waiting[one] = self._of_address[one.address][one] = None

    def asks(self, one: Place) -> None:
        """A request of it is being answered."""
        self._waiting.pop(one, None)
        mine = self._of_address.get(one.address, {})
        mine.pop(one, None)
        if not mine:
            self._of_address.pop(one.address, None)

    def closed(self, one: Place) -> None:
        self.asks(one)
        self.n_open -= 1

    def _give_way(self, waiting: Mapping[Place, None]) -> bool:
        oldest = self._who_may_give_way(waiting)
        if oldest is None:
            return False
        self.asks(oldest)
        oldest.give_way()
        return True

    @staticmethod
    def _who_may_give_way(waiting: Mapping[Place, None]) -> Place | None:
        return next((one for one in islice(waiting, _LOOKED_AT) if one.had_its_chance), None)


class GuardedProtocol(H11Protocol):
    """uvicorn's own, with deadlines and a place among `Connections`.

    Args:
        connections: where it has a place.
        arrived: what has come already, of one that has its place; None: it takes one.
        options: uvicorn's.
    """

    def __init__(self, connections: Connections, arrived: bytes | None = None, **options: Any) -> None:
        super().__init__(**options)
        self._all, self._arrived = connections, arrived
        self._counted = False
        self._is_partial = self._was_silent = False
        self._header_timer: asyncio.TimerHandle | None = None
        self._chance_timer: asyncio.TimerHandle | None = None
        self._read_timer: asyncio.TimerHandle | None = None

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    def give_way(self) -> None:
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._counted = self._arrived is not None or self._all.opened(self)
        if not self._counted:
            self._say(503, TOO_MANY)
            return
        self._await_header()
        if self._arrived:
            self.data_received(self._arrived)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop(self._header_timer, self._chance_timer, self._read_timer)
        if self._counted:
            self._counted = False
            self._all.closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop(self._header_timer, self._chance_timer)
            self._is_partial = False
            self._all.asks(self)
        else:
            self._is_partial = True

    @property
    def had_its_chance(self) -> bool:
        return self._is_partial or self._was_silent

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._counted and not self.transport.is_closing():
            self._await_header()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop(self._read_timer)
        self._read_timer = self.loop.call_later(self._all.read_s, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._stop(self._read_timer)

    def send_400_response(self, msg: str) -> None:
        self._say(400, "this is no HTTP request that can be read")

    def _await_header(self) -> None:
        self._all.waits(self)
        self._is_partial = self._was_silent = False
        self._stop(self._header_timer, self._chance_timer)
        self._header_timer = self.loop.call_later(self._all.header_s, self._too_late)
        # A timer, not a clock: it runs after what has come has been read; a slow loop makes nobody silent.
        self._chance_timer = self.loop.call_later(CHANCE_S, self._is_silent)

    def _is_silent(self) -> None:
        self._was_silent = True

    def _too_late(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.abort()

    def _say(self, status: Literal[400, 503], message: str) -> None:
        self.transport.write(refusal(status, message))
        self.transport.close()

    @staticmethod
    def _stop(*timers: asyncio.TimerHandle | None) -> None:
        for timer in timers:
            if timer is not None:
                timer.cancel()


def refusal(status: Literal[400, 503], message: str) -> bytes:
    """A response of ours where there is no request."""
    kind, reason = {400: ("bad_request", "Bad Request"), 503: ("unavailable", "Service Unavailable")}[status]
    body = json.dumps({"error": {"type": kind, "message": message}}).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
        "Connection: close\r\nRetry-After: 2\r\n\r\n"
    )
    return head.encode() + body


class RareComplaints:
    """A loop's exception handler that says the same only once a minute: at a limit, asyncio repeats it without end."""

    def __init__(self) -> None:
        self._said: dict[str, float] = {}

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        message, now = str(context.get("message", "")), time.monotonic()
        if now - self._said.get(message, -SAID_AGAIN_S) < SAID_AGAIN_S:
            return
        self._said[message] = now
        log.error("%s: %s", message, context.get("exception", ""), exc_info=context.get("exception"))
