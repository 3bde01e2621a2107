"""One MilvusClient with what every request needs: a time-out, retries that end, our errors, and Lite's locks."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential

from rag.errors import StoreError
from rag.store.errors import Interrupted, NotLoaded, translate

if TYPE_CHECKING:
    from rag.store.lite import LiteEngine

SLOW_FACTOR = 10
"""How much longer a request may take that builds or loads an index."""
PAGE_ROWS = 1000
_NEVER_MS = 2**31 - 1
"""pymilvus pings every 10 s, which Lite's server takes for an attack: it hangs up, and gRPC writes that to stderr."""


class Client:
    """Requests to one Milvus. Every one of them is safe to repeat, so a broken connection is tried again."""

    def __init__(
        self,
        uri: str,
        address: str,
        token: str,
        engine: LiteEngine | None,
        *,
        connect_timeout_s: float,
        timeout_s: float,
    ) -> None:
        """Connects.

        Args:
            uri: for messages.
            address: where gRPC is spoken.
            token: empty for none.
            engine: the embedded engine, where that is what answers.
            connect_timeout_s: longest wait for the first answer.
            timeout_s: longest wait for an ordinary request.
        """
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # the user sees our message, not its tracebacks
        self.uri = uri
        self.engine = engine
        self._timeout_s = timeout_s
        self._n_deletes: defaultdict[str, int] = defaultdict(int)
        self._n_deletes_seen: defaultdict[str, int] = defaultdict(int)
        self._write_locks: defaultdict[str, threading.RLock] = engine.locks if engine else defaultdict(threading.RLock)
        self._retrying = Retrying(
            retry=retry_if_exception_type((Interrupted, NotLoaded)),
            stop=stop_after_attempt(4) | stop_after_delay(timeout_s),
            wait=wait_exponential(0.2, max=2),
            reraise=True,
        )
        with self._errors("connect"):
            self._milvus = MilvusClient(
                address,
                token=token,
                timeout=connect_timeout_s,
                dedicated=True,
                grpc_options={"grpc.keepalive_time_ms": _NEVER_MS} if engine else {},
            )

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as error:
            raise translate(error, self.uri, doing) from error

    @contextmanager
    def exclusive(self, collection: str) -> Iterator[None]:
        """Nobody else writes to the collection meanwhile, and on Lite nobody reads it."""
        with self._write_locks[collection]:
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
            with attempt, self._locked(collection, writes):
                try:
                    with self._errors(method):
                        return getattr(self._milvus, method)(collection, **arguments)
                except NotLoaded:
                    with self._errors("load_collection"):
                        self._milvus.load_collection(collection, timeout=self.slow_timeout_s)
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
        if self.engine:
            # What a killed process left in the log is searched row by row (2 s for 20,000) until it is in a segment.
            self.call("flush", collection, slow=True, writes=True)
        else:
            self.call("query", collection, filter="", output_fields=["count(*)"], consistency_level="Strong")

    def _locked(self, collection: str, writes: bool) -> Any:
        return self._write_locks[collection] if writes or self.engine else nullcontext()

    def ask(self, method: str, **arguments: Any) -> Any:
        """Calls a method of MilvusClient that is not about one collection."""
        arguments.setdefault("timeout", self._timeout_s)
        for attempt in self._retrying:
            with attempt, self._errors(method):
                return getattr(self._milvus, method)(**arguments)
        raise AssertionError("tenacity ends with a return or an error")

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
                with self._errors("query"), self._locked(collection, writes=False):
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
        self._milvus.close()
        if self.engine:
            self.engine.release()
