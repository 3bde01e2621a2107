"""Questions wait here, not in the server: of those that wait, whoever came to us first goes first, however long the
search for each took, and everybody can be told how many are before.

A server with one slot answers one request after the other and says nothing meanwhile, and no route tells how many it
does at once. So one request more than are known to run at the same time is let through: if it is answered while the
others still are, the server does that many.
"""

from __future__ import annotations

import threading
import time
from bisect import insort
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio

_LOOK_S = 0.02
_MOST = 64
_PROBES = 3
"""Requests that waited in the server all the same: then it does no more at once."""
_TURNS = 3
"""Pieces of two replies that have to come by turns before both count as written at the same time: the last words of
one may still lie in a socket when the first of the next come."""


@dataclass(eq=False, slots=True)
class Ticket:
    """One request's place in the queue.

    Attributes:
        arrived_s: when its question came, on the clock of `time.monotonic`.
        turns: its pieces that came right after another request's.
        is_sent: its request is on its way; the next one's may follow.
        is_probe: it was let through to learn whether the server does one more at the same time.
    """

    arrived_s: float
    turns: int = 0
    is_sent: bool = False
    is_probe: bool = False


@dataclass(slots=True)
class FairQueue:
    """First come, first served, for one server. Thread-safe: tickets may wait in different event loops.

    A server that has nothing to do begins with who is there: nobody waits for a question that is still searched for.

    Args:
        parallel: requests that the server works on at the same time; 0: learn it.
    """

    parallel: int = 0
    _learnt: int = 1
    _n_refuted: int = 0
    _running: list[Ticket] = field(default_factory=list)
    _waiting: list[Ticket] = field(default_factory=list)
    _last: Ticket | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def at_once(self) -> int:
        """Requests that the server is known to work on at the same time."""
        return self.parallel or self._learnt

    @property
    def is_idle(self) -> bool:
        with self._lock:
            return not (self._running or self._waiting)

    def join(self, arrived_s: float | None = None) -> Ticket:
        """Takes its place among those that wait; None: it came just now."""
        ticket = Ticket(time.monotonic() if arrived_s is None else arrived_s)
        with self._lock:
            insort(self._waiting, ticket, key=lambda each: each.arrived_s)
            self._admit()
        return ticket

    def leave(self, ticket: Ticket) -> None:
        """Its work is over, or it gave up waiting."""
        with self._lock:
            for tickets in (self._running, self._waiting):
                if ticket in tickets:
                    tickets.remove(ticket)
            self._admit()

    def is_running(self, ticket: Ticket) -> bool:
        """Whether its request may be sent: those before it have been."""
        with self._lock:
            before = self._running.index(ticket) if ticket in self._running else None
            return before is not None and all(each.is_sent for each in self._running[:before])

    def sent(self, ticket: Ticket) -> None:
        ticket.is_sent = True

    def ahead(self, ticket: Ticket) -> int:
        """Requests that have to end before the server begins with this one; 0 when it is its turn."""
        with self._lock:
            if ticket in self._running:
                before = self._running.index(ticket)
            else:
                before = len(self._running) + self._waiting.index(ticket)
            return max(0, before + 1 - self.at_once)

    def heard(self, ticket: Ticket) -> None:
        """A piece of its reply came."""
        with self._lock:
            ticket.turns += self._last is not ticket and self._last in self._running
            self._last = ticket
            if ticket.is_probe and not ticket.turns and len(self._running) <= self.at_once:
                ticket.is_probe, self._n_refuted = False, self._n_refuted + 1  # its words came after the others' end
            together = sum(each.turns >= _TURNS for each in self._running)
            if together > self._learnt:
                self._learnt, self._n_refuted = min(together, _MOST), 0
                self._admit()

    def _admit(self) -> None:
        limit = self.parallel or self._learnt + (self._n_refuted < _PROBES)
        while self._waiting and len(self._running) < limit:
            self._waiting[0].is_probe = len(self._running) >= self.at_once
            self._running.append(self._waiting.pop(0))


@asynccontextmanager
async def waiting(queue: FairQueue, arrived_s: float | None = None) -> AsyncGenerator[Ticket, None]:
    """A ticket, given back at the end. Its turn is awaited with `turn_of`."""
    ticket = queue.join(arrived_s)
    try:
        yield ticket
    finally:
        queue.leave(ticket)


async def turn_of(queue: FairQueue, ticket: Ticket) -> AsyncGenerator[int, None]:
    """How many are before the ticket, each time that changes, until its request may be sent."""
    last = 0
    while not queue.is_running(ticket):
        ahead = max(1, queue.ahead(ticket))
        if ahead != last:
            last = ahead
            yield ahead
        await anyio.sleep(_LOOK_S)


_queues: dict[str, FairQueue] = {}
_guard = threading.Lock()


def queue_of(url: str, parallel: int = 0) -> FairQueue:
    """The process's one queue before a server: whichever knowledge base asks, they wait in one line."""
    with _guard:
        queue = _queues.setdefault(url.rstrip("/"), FairQueue())
        queue.parallel = parallel or queue.parallel
        return queue
