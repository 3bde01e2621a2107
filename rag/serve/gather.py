"""Calls of one model from many threads become few large ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")

MAX_ITEMS = 256
_METHODS = ("embed", "embed_tokens", "embed_sparse", "embed_texts", "embed_images")
"""Of embedders: each takes a sequence and gives as many rows."""


class MicroBatcher(Generic[A]):
    """A function over sequences that runs once at a time, for everyone who waits.

    What is asked while it runs waits and goes into the next run together: nobody waits for others to come, a model
    never runs twice at once on the same cores, and no thread of its own is needed: whoever comes first runs for all.

    Args:
        run: takes a sequence and gives something of the same length that can be sliced.
        max_items: of one run, unless a single call has more.
    """

    def __init__(self, run: Callable[[Sequence[A]], Any], max_items: int = MAX_ITEMS) -> None:
        self._run, self._max_items = run, max_items
        self._waiting: list[tuple[Sequence[A], Future[Any]]] = []
        self._guard, self._running = threading.Lock(), threading.Lock()

    def __call__(self, items: Sequence[A]) -> Any:
        """What the function gives for these items, or its error."""
        future: Future[Any] = Future()
        with self._guard:
            self._waiting.append((items, future))
        while not future.done():
            with self._running:
                if not future.done():
                    self._run_next()
        return future.result()

    def _run_next(self) -> None:
        calls = self._taken()
        try:
            made = self._run([item for items, _ in calls for item in items])
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            if len(calls) == 1:
                calls[0][1].set_exception(error)
                return
            for call in calls:  # one bad item must not spoil what others asked
                self._run_alone(*call)
            return
        start = 0
        for items, future in calls:
            future.set_result(made[start : start + len(items)])
            start += len(items)

    def _taken(self) -> list[tuple[Sequence[A], Future[Any]]]:
        with self._guard:
            n_calls, n_items = 0, 0
            for items, _ in self._waiting:
                n_items += len(items)
                if n_calls and n_items > self._max_items:
                    break
                n_calls += 1
            taken, self._waiting = self._waiting[:n_calls], self._waiting[n_calls:]
            return taken

    def _run_alone(self, items: Sequence[A], future: Future[Any]) -> None:
        try:
            future.set_result(self._run(items))
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            future.set_exception(error)


def micro_batched(model: T) -> T:
    """The same embedder, whose calls from several threads are gathered."""
    for name in _METHODS:
        if hasattr(model, name):
            setattr(model, name, MicroBatcher(getattr(model, name)))
    return model
