"""A call that takes its time beside a stream."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

import anyio
import pytest

from rag.sync.beside import beside


def _numbers(*numbers: int | Exception, seen: list[int] | None = None) -> AsyncGenerator[int, None]:
    async def each() -> AsyncGenerator[int, None]:
        try:
            for number in numbers:
                if isinstance(number, Exception):
                    raise number
                yield number
                await anyio.sleep(0)
        finally:
            if seen is not None:
                seen.append(-1)

    return each()


def _collected(items: AsyncGenerator[int, None], call: Callable[[], int], held_from: int = 10) -> list[int]:
    async def collect() -> list[int]:
        async with aclosing(beside(items, call, lambda number: number >= held_from)) as both:
            return [item async for item in both]

    return anyio.run(collect)


def test_what_may_come_before_does_and_the_rest_waits() -> None:
    gate = threading.Event()

    async def run() -> list[int]:
        got: list[int] = []
        async with aclosing(beside(_numbers(1, 2, 10, 11), lambda: gate.wait(30) * 7, lambda n: n >= 10)) as both:
            async for item in both:
                got.append(item)
                if item == 2:
                    gate.set()
        return got

    assert anyio.run(run) == [1, 2, 7, 10, 11]


def test_a_stream_that_ends_first_ends_after_the_call() -> None:
    gate = threading.Event()
    threading.Timer(0.05, gate.set).start()
    assert _collected(_numbers(), lambda: gate.wait(30) * 7) == [7]
    assert sorted(_collected(_numbers(1), lambda: 7)) == [1, 7]


def test_failures_of_either_come_out_and_close_the_stream() -> None:
    seen: list[int] = []
    with pytest.raises(ZeroDivisionError):
        _collected(_numbers(10, seen=seen), lambda: 1 // 0)
    with pytest.raises(ValueError, match="broken"):
        _collected(_numbers(ValueError("broken"), seen=seen), lambda: 7)
    assert seen == [-1, -1]


def test_who_leaves_does_not_wait_for_the_call() -> None:
    gate, seen = threading.Event(), list[int]()

    async def run() -> None:
        async with aclosing(beside(_numbers(1, 2, seen=seen), lambda: gate.wait(30) * 7, bool)) as both:
            with anyio.move_on_after(0.05):
                async for _ in both:
                    raise AssertionError("what is held came")

    try:
        anyio.run(run)
        assert seen == [-1]
        assert not gate.is_set()
    finally:
        gate.set()
