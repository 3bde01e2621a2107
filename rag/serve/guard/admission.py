"""How many requests are worked on at once, and how many may wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import anyio

from rag.errors import RagError


class TooBusy(RagError):
    """As many requests wait as may."""


class Admission:
    """Lets so many in, so many wait, and refuses the rest.

    Attributes:
        n_inside: requests that wait or are worked on.
    """

    def __init__(self, n_running: int, n_waiting: int) -> None:
        self._running = anyio.Semaphore(n_running)
        self._most = n_running + n_waiting
        self.n_inside = 0

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[None]:
        """Waits for its turn.

        Raises:
            TooBusy: too many wait already.
        """
        async with self.queue() as turn:
            await turn()
            yield

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Callable[[], Awaitable[object]]]:
        """Counts as one that waits; what it gives waits for the turn, which lasts until the block ends.

        Raises:
            TooBusy: too many wait already.
        """
        if self.n_inside >= self._most:
            raise TooBusy(f"{self.n_inside} requests are being answered or wait already; try again in a moment")
        self.n_inside += 1
        try:
            async with AsyncExitStack() as turns:
                yield lambda: turns.enter_async_context(self._running)
        finally:
            self.n_inside -= 1
