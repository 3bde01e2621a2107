"""Requests to Milvus with what every one needs: a time-out, retries that end, and on Lite a lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential

from rag.errors import StoreError, StoreLocked
from rag.store.errors import Interrupted, NotLoaded
from rag.store.link import Embedded, Link

SLOW_FACTOR = 10
"""How much longer a request may take that builds or loads an index."""
PAGE_ROWS = 1000


class Client:
    """Requests to one Milvus. Every one of them is safe to repeat, so a broken connection is tried again."""

    def __init__(
        self,
        uri: str,
        where: str | Embedded,
        token: str,
        *,
        connect_timeout_s: float,
        timeout_s: float,
    ) -> None:
        """Connects.

        Args:
            uri: for messages.
            where: the address of a server, or the embedded store.
            token: empty for none.
            connect_timeout_s: longest wait for the first answer.
            timeout_s: longest wait for an ordinary request.
        """
        self.uri = uri
        self._link = Link(uri, where, token, connect_timeout_s=connect_timeout_s)
        self._timeout_s = timeout_s
        self._n_deletes: defaultdict[str, int] = defaultdict(int)
        self._n_deletes_seen: defaultdict[str, int] = defaultdict(int)
        self._retrying = Retrying(
            retry=retry_if_exception_type((Interrupted, NotLoaded)),
            stop=stop_after_attempt(4) | stop_after_delay(timeout_s),
            wait=wait_exponential(0.2, max=2),
            reraise=True,
        )

    @property
    def is_lite(self) -> bool:
        return self._link.is_lite

    @contextmanager
    def exclusive(self, collection: str) -> Iterator[None]:
        """No other thread writes to the collection meanwhile; on Lite nobody else writes or reads, in any process.

        Raises:
            StoreLocked: somebody else keeps it too long.
        """
        with self._held(collection, self.slow_timeout_s):
            yield

    @contextmanager
    def _held(self, collection: str, timeout_s: float) -> Iterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(self._link.locks.held(collection, timeout_s))
            except TimeoutError:
                raise StoreLocked(
                    f"{collection} in {self.uri} has been busy for {timeout_s:.0f} s: an ingest or an index that is "
                    "built, or a process that was stopped in the middle. Try again, or end that process."
                ) from None
            except OSError as error:
                raise StoreError(f"cannot lock {collection} in {self.uri}: {error}") from error
            yield

    def call(self, method: str, collection: str, *, slow: bool = False, writes: bool = False, **arguments: Any) -> Any:
        """Calls a method of MilvusClient for a collection.

        Args:
            method: its name.
            collection: its first argument.
            slow: it may take ten times the usual limit.
            writes: it changes the collection.
            arguments: the rest of its arguments.

        Raises:
            StoreError: or a child; see `rag.store.errors`.
        """
        arguments.setdefault("timeout", self.slow_timeout_s if slow else self._timeout_s)
        for attempt in self._retrying:
            with attempt, self._alone(collection, writes):
                try:
                    with self._link.request(method) as milvus:
                        return getattr(milvus, method)(collection, **arguments)
                except NotLoaded:
                    with self._link.request("load_collection") as milvus:
                        milvus.load_collection(collection, timeout=self.slow_timeout_s)
                    raise
        raise AssertionError("tenacity ends with a return or an error")

    def read(self, method: str, collection: str, **arguments: Any) -> Any:
        """A search or query that sees every write of this process.

        `Session` does that without waiting for the server's clock, which `Strong` does for 200 to 400 ms, except after
        a delete: servers before 2.4 do not say when it happened.
        """
        n_deletes = self._n_deletes[collection]
        level = "Strong" if n_deletes > self._n_deletes_seen[collection] else "Session"
        found = self.call(method, collection, consistency_level=level, **arguments)
        self._n_deletes_seen[collection] = max(n_deletes, self._n_deletes_seen[collection])
        return found

    def delete(self, collection: str, expression: str) -> None:
        with self.exclusive(collection):
            self.call("delete", collection, filter=expression, writes=True)
            self._n_deletes[collection] += 1

    def start_loading(self, collection: str) -> None:
        """Asks for a collection to be brought into memory without waiting: a server takes seconds for each."""
        self.call("load_collection", collection, slow=True, _async=True)

    def finish_loading(self, collection: str) -> None:
        """Waits until it is, and until everything written by anyone so far can be read."""
        self.call("load_collection", collection, slow=True)
        if not self.is_lite:
            self.call("query", collection, filter="", output_fields=["count(*)"], consistency_level="Strong")

    @contextmanager
    def _alone(self, collection: str, writes: bool) -> Iterator[None]:
        """What a request needs: on Lite to be the only one, on a server to be the only write of this process."""
        if writes or self.is_lite:
            with self._held(collection, self.slow_timeout_s if writes else self._timeout_s):
                yield
        else:
            yield

    def ask(self, method: str, **arguments: Any) -> Any:
        """Calls a method of MilvusClient that is not about one collection."""
        arguments.setdefault("timeout", self._timeout_s)
        for attempt in self._retrying:
            with attempt, self._link.request(method) as milvus:
                return getattr(milvus, method)(**arguments)
        raise AssertionError("tenacity ends with a return or an error")

    def forget(self, collection: str) -> None:
        """Another process may have made it anew."""
        self._link.forget(collection)

    def has(self, collection: str) -> bool:
        return bool(self.call("has_collection", collection))

    def query(self, collection: str, expression: str, fields: list[str]) -> list[dict[str, Any]]:
        """Rows that match, at most one page of them (`PAGE_ROWS`)."""
        return list(self.read("query", collection, filter=expression, output_fields=fields, limit=PAGE_ROWS))

    def pages(
        self, collection: str, expression: str, fields: list[str], *, page_rows: int = PAGE_ROWS
    ) -> Iterator[Any]:
        """All rows that match, in the order of their ids, a page at a time."""
        iterator = self.call(
            "query_iterator", collection, filter=expression, output_fields=fields, batch_size=page_rows
        )
        try:
            while True:
                with self._link.request("query"), self._alone(collection, writes=False):
                    page = iterator.next()
                if not page:
                    return
                yield page
        finally:
            iterator.close()

    def count(self, collection: str, expression: str = "") -> int:
        rows = self.read("query", collection, filter=expression, output_fields=["count(*)"])
        return int(rows[0]["count(*)"])

    @property
    def slow_timeout_s(self) -> float:
        return self._timeout_s * SLOW_FACTOR

    def close(self) -> None:
        self._link.close()
