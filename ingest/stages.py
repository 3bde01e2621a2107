"""Stages that work at the same time, each in a thread of its own, with short queues between them."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")


class Prefetched(Generic[T]):
    """Runs an iterator in a thread, at most `size` items ahead: a slow consumer holds the producer back.

    An exception of the producer comes out of the consumer's `next`. `stop` ends the producer at its next item.
    """

    def __init__(self, items: Iterable[T], size: int, name: str) -> None:
        self._queue: Queue[tuple[T | None, BaseException | None, bool]] = Queue(size)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._produce, args=(iter(items),), name=name, daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[T]:
        while not self._stop.is_set():
            try:
                # A wait with a limit, so that Ctrl-C gets through.
                item, error, more = self._queue.get(timeout=1)
            except Empty:
                continue
            if error is not None:
                raise error
            if not more:
                return
            yield item  # type: ignore[misc]

    def stop(self) -> None:
        """Tells the producer to end at its next item; what waits in the queue is dropped."""
        self._stop.set()

    def join(self, timeout_s: float = 30.0) -> None:
        """Waits for the producer to end."""
        self._thread.join(timeout_s)

    def _produce(self, items: Iterator[T]) -> None:
        try:
            for item in items:
                if not self._put((item, None, True)):
                    return
            self._put((None, None, False))
        except BaseException as error:  # noqa: BLE001 - it is raised again in the consumer
            self._put((None, error, False))
        finally:
            close = getattr(items, "close", None)
            if close is not None:
                close()

    def _put(self, entry: tuple[T | None, BaseException | None, bool]) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(entry, timeout=0.2)
            except Full:
                continue
            return True
        return False


class Timings:
    """Busy seconds by stage, summed over threads. Thread-safe."""

    def __init__(self) -> None:
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._lock = threading.Lock()

    def add(self, stage: str, seconds: float) -> None:
        with self._lock:
            self._seconds[stage] += seconds

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self.add(stage, time.perf_counter() - began)

    def to_dict(self) -> dict[str, float]:
        with self._lock:
            return {stage: round(seconds, 3) for stage, seconds in self._seconds.items()}
