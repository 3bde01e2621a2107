"""One MilvusClient with what every request needs: a time-out, retries that end, our errors, and Lite's locks."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Protocol

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_exponential

from rag.errors import StoreError, StoreLocked
from rag.store.errors import Interrupted, NotLoaded, translate
from rag.store.locks import CollectionLocks

SLOW_FACTOR = 10
"""How much longer a request may take that builds or loads an index."""
PAGE_ROWS = 1000
_NEVER_MS = 2**31 - 1
"""pymilvus pings every 10 s, which Lite's server takes for an attack: it hangs up, and gRPC writes that to stderr."""


class Embedded(Protocol):
    """What is behind a client of the embedded store: this process, or another one that has it open."""

    @property
    def locks(self) -> CollectionLocks: ...

    def check(self) -> None:
        """Raises StoreUnreachable: nothing is there any more."""

    def release(self) -> None: ...


class Client:
    """Requests to one Milvus. Every one of them is safe to repeat, so a broken connection is tried again."""

    def __init__(
        self,
        uri: str,
        address: str,
        token: str,
        engine: Embedded | None,
        *,
        connect_timeout_s: float,
        timeout_s: float,
    ) -> None:
        """Connects.

        Args:
            uri: for messages.
            address: where gRPC is spoken.
            token: empty for none.
            engine: the embedded store, where that is what answers.
            connect_timeout_s: longest wait for the first answer.
            timeout_s: longest wait for an ordinary request.
        """
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # the user sees our message, not its tracebacks
        self.uri = uri
        self.engine = engine
        self._timeout_s = timeout_s
        self._n_deletes: defaultdict[str, int] = defaultdict(int)
        self._n_deletes_seen: defaultdict[str, int] = defaultdict(int)
        self._locks = engine.locks if engine else CollectionLocks()
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
            found = translate(error, self.uri, doing)
            if isinstance(found, Interrupted) and self.engine:
                self.engine.check()
            raise found from error

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
                stack.enter_context(self._locks.held(collection, timeout_s))
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
        if not self.engine:
            self.call("query", collection, filter="", output_fields=["count(*)"], consistency_level="Strong")

    @contextmanager
    def _alone(self, collection: str, writes: bool) -> Iterator[None]:
        """What a request needs: on Lite to be the only one, on a server to be the only write of this process."""
        if writes or self.engine:
            with self._held(collection, self.slow_timeout_s if writes else self._timeout_s):
                yield
        else:
            yield

    def ask(self, method: str, **arguments: Any) -> Any:
        """Calls a method of MilvusClient that is not about one collection."""
        arguments.setdefault("timeout", self._timeout_s)
        for attempt in self._retrying:
            with attempt, self._errors(method):
                return getattr(self._milvus, method)(**arguments)
        raise AssertionError("tenacity ends with a return or an error")

    def forget(self, collection: str) -> None:
        """pymilvus keeps schemas for the whole process; another one may have made the collection anew."""
        self._milvus._get_connection()._invalidate_schema(collection)

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
                with self._errors("query"), self._alone(collection, writes=False):
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
