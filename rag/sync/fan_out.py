"""A few calls that wait for a server, made at the same time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Closed(Exception):
    """A call was asked for after `FanOut.close`."""


class FanOut:
    """Makes calls side by side: the last in the caller's thread, the others in threads that all callers share.

    Every caller waits for its own calls, so never more of them wait for a thread than the callers have made.

    Args:
        n_threads: shared; 0: each caller makes its calls itself, one after the other.
    """

    def __init__(self, n_threads: int) -> None:
        self._pool = ThreadPoolExecutor(n_threads, thread_name_prefix="channel") if n_threads else None
        self._closed = False

    def run(self, calls: Sequence[Callable[[], T]]) -> list[T]:
        """What the calls return, in their order.

        Raises:
            Closed: after `close`, or where that came before all had been begun.
        """
        if self._closed:
            raise Closed
        if self._pool is None:
            return [call() for call in calls]
        try:
            others = [self._pool.submit(call) for call in calls[:-1]]
            last = [call() for call in calls[-1:]]
            return [other.result() for other in others] + last
        except CancelledError:
            raise Closed from None
        except RuntimeError as error:  # what a pool says that was shut down
            if self._closed:
                raise Closed from error
            raise

    def close(self) -> None:
        """Gives up what no thread has begun, and waits for nothing."""
        self._closed = True
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
