"""The connection to one Milvus: a server, or the embedded store that this process or another one has open."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
from pymilvus import MilvusClient
from pymilvus.exceptions import MilvusException

from rag.errors import StoreError
from rag.store.errors import HostGone, Interrupted, translate
from rag.store.lite.locks import CollectionLocks

_NEVER_MS = 2**31 - 1
_EMBEDDED_OPTIONS = {
    # pymilvus pings every 10 s, which Lite's server takes for an attack: it hangs up, and gRPC writes that to stderr.
    "grpc.keepalive_time_ms": _NEVER_MS,
    # After half an hour without requests it would need the socket again, which may be cleaned away as a temporary file.
    "grpc.client_idle_timeout_ms": _NEVER_MS,
}


class Engine(Protocol):
    """The embedded store, open in this process or in another one."""

    @property
    def address(self) -> str: ...

    def gone(self) -> HostGone | None:
        """What to raise when the process that has it open has ended; None while it has not."""

    def release(self) -> None: ...


@dataclass(frozen=True)
class Embedded:
    """How to come by an embedded store.

    Attributes:
        open: opens it, or finds the process that has it open. Called again when that process has ended.
        locks: of its collections.
    """

    open: Callable[[], Engine]
    locks: CollectionLocks


class Link:
    """Thread-safe. When the process that has an embedded store open ends, the store is opened anew.

    Attributes:
        is_lite: whether it is the embedded store.
        locks: of its collections.
    """

    def __init__(self, uri: str, where: str | Embedded, token: str, *, connect_timeout_s: float) -> None:
        """Connects. See `rag.store.client.Client`."""
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # the user sees our message, not its tracebacks
        self.is_lite = isinstance(where, Embedded)
        self.locks = where.locks if isinstance(where, Embedded) else CollectionLocks()
        self._uri = uri
        self._where = where
        self._token = token
        self._connect_timeout_s = connect_timeout_s
        self._opening = threading.Lock()
        self._open = self._connect()

    def _connect(self) -> tuple[Engine | None, MilvusClient]:
        if not isinstance(self._where, Embedded):
            return None, self._dial(self._where)
        while True:
            engine = self._where.open()
            try:
                return engine, self._dial(engine.address, _EMBEDDED_OPTIONS)
            except BaseException as error:
                engine.release()
                if not (isinstance(error, Interrupted) and engine.gone()):
                    raise

    def _dial(self, address: str, options: Mapping[str, Any] | None = None) -> MilvusClient:
        with self._errors("connect"):
            return MilvusClient(
                address,
                token=self._token,
                timeout=self._connect_timeout_s,
                dedicated=True,
                grpc_options=dict(options or {}),
            )

    @contextmanager
    def request(self, doing: str) -> Iterator[MilvusClient]:
        """What every request goes through.

        Raises:
            StoreError: or a child, in place of anything that pymilvus or gRPC raises.
            HostGone: the process that was asked has ended; the same request to whoever follows it may work.
        """
        asked = engine, milvus = self._open
        try:
            with self._errors(doing):
                yield milvus
        except Interrupted:
            gone = engine.gone() if engine else None
            if gone is None:
                raise
            self._open_again(asked)
            raise gone from None

    def _open_again(self, broken: tuple[Engine | None, MilvusClient]) -> None:
        with self._opening:
            if self._open is broken:  # else another thread was faster
                self._open = self._connect()
                broken[1].close()

    @contextmanager
    def _errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except StoreError:
            raise
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError, ValueError) as error:
            raise translate(error, self._uri, doing, is_lite=self.is_lite) from error

    def forget(self, collection: str) -> None:
        """pymilvus keeps schemas for the whole process; another one may have made the collection anew."""
        self._open[1]._get_connection()._invalidate_schema(collection)

    def close(self) -> None:
        engine, milvus = self._open
        milvus.close()
        if engine:
            engine.release()
