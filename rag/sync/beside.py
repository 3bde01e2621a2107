"""A slow call beside a stream: what the stream waits for goes on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from typing import TypeVar

import anyio
from anyio import to_thread

T = TypeVar("T")


async def beside(
    items: AsyncGenerator[T, None], call: Callable[[], T], is_held: Callable[[T], bool]
) -> AsyncGenerator[T, None]:
    """The items of a generator, and among them what a call in a thread returns, as soon as it does.

    Closing it cancels and closes the generator; the call is not waited for then.

    Args:
        items: asked for its first item at once, while the call runs.
        call: may take a while.
        is_held: whether an item has to come after what the call returns, however long that takes.
    """
    calling = asyncio.ensure_future(to_thread.run_sync(call, abandon_on_cancel=True))
    coming: asyncio.Future[tuple[T, ...]] | None = None
    try:
        is_told = False
        while not is_told:
            coming = asyncio.ensure_future(_next(items))
            await asyncio.wait({calling, coming}, return_when=asyncio.FIRST_COMPLETED)
            if not calling.done():
                box = await coming
                is_told = not box or is_held(box[0])
            if is_told or calling.done():
                is_told = True
                yield await calling
            for item in await coming:
                yield item
        async for item in items:
            yield item
    finally:
        with anyio.CancelScope(shield=True):
            for task in (calling, coming):
                if task is not None:
                    task.cancel()
                    with suppress(asyncio.CancelledError, Exception):
                        await task
            await items.aclose()


async def _next(items: AsyncGenerator[T, None]) -> tuple[T, ...]:
    """The next item; nothing at the end."""
    async for item in items:
        return (item,)
    return ()
