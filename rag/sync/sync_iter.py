"""Async generators for callers that are not async. The core is written once, as async code."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from queue import SimpleQueue
from typing import TypeVar

from anyio.from_thread import start_blocking_portal

T = TypeVar("T")


def sync_iter(make: Callable[[], AsyncGenerator[T, None]]) -> Iterator[T]:
    """The items of an async generator, which runs in an event loop of its own in another thread.

    Closing the iterator early, or an exception such as KeyboardInterrupt while it waits, cancels the generator, so that
    work upstream stops; the iterator returns when that is done.
    """
    items: SimpleQueue[tuple[T, ...]] = SimpleQueue()

    async def pump() -> None:
        try:
            async with aclosing(make()) as generator:
                async for item in generator:
                    items.put((item,))
        finally:
            items.put(())

    with start_blocking_portal() as portal:
        task = portal.start_task_soon(pump)
        try:
            while box := items.get():
                yield box[0]
            task.result()
        finally:
            task.cancel()
