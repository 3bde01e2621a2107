import threading
import time

import anyio
import pytest

from rag.sync.sync_iter import sync_iter


async def numbers(closed: threading.Event, n: int = 3, then: Exception | None = None, pause_s: float = 0.0):
    try:
        for i in range(n):
            yield i
            await anyio.sleep(pause_s)
        if then:
            raise then
    finally:
        closed.set()


def test_items_come_in_order_and_the_generator_is_closed():
    closed = threading.Event()
    assert list(sync_iter(lambda: numbers(closed))) == [0, 1, 2]
    assert closed.is_set()


def test_an_error_comes_after_the_items_before_it():
    seen = []
    with pytest.raises(ValueError, match="late"):
        seen.extend(sync_iter(lambda: numbers(threading.Event(), then=ValueError("late"))))
    assert seen == [0, 1, 2]


def test_closing_early_cancels_a_step_that_is_still_waiting():
    closed = threading.Event()
    items = sync_iter(lambda: numbers(closed, pause_s=60))
    assert next(items) == 0
    start = time.monotonic()
    items.close()
    assert closed.is_set()
    assert time.monotonic() - start < 5
