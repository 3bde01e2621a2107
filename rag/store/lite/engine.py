"""Milvus Lite, served from threads of this process.

Its writes are not safe beside each other, and a search that meets a flush can miss rows (the memtable is swapped
before its segment is listed). Clients hold a lock for each request (`rag.store.lite.locks`); but a client that is
killed or gives up leaves its request running here, so requests to a collection are kept apart here too.
"""

from __future__ import annotations

import logging
import re
import shutil
import socket
import tempfile
import threading
from collections.abc import Callable
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
from milvus_lite.adapter.grpc.servicer import MilvusServicer
from milvus_lite.exceptions import DataDirLockedError, MilvusLiteError
from pymilvus.grpc_gen import milvus_pb2_grpc

from rag.errors import StoreError, StoreLocked
from rag.store.lean import hide_pandas_from_arrow
from rag.store.lite.patches import Database, quiet_clustering
from rag.store.lite.stemming import with_stems

GRACE_S = 5
"""How long requests that are under way get when the store is closed."""
_MAX_MESSAGE_BYTES = 256 * 2**20


def _is_news(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


class LiteServer:
    """A folder that is open, and who answers for it.

    Attributes:
        address: where gRPC is spoken.
        socket: the same as a path; None where the system has no Unix sockets, and a loopback port is used.
    """

    def __init__(self, folder: Path) -> None:
        """Opens it.

        Raises:
            StoreLocked: another process has it open.
            StoreError: it cannot be opened.
        """
        hide_pandas_from_arrow()
        quiet_clustering()
        with_stems()
        logging.getLogger("milvus_lite").setLevel(logging.CRITICAL)  # its tracebacks reach us as status codes
        logging.getLogger("jieba").addFilter(_is_news)  # a level would be undone when it is imported
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            self._database = Database(folder)
        except DataDirLockedError:
            raise StoreLocked(f"{folder} is open in another process") from None
        except (OSError, MilvusLiteError) as error:
            raise StoreError(f"cannot open the embedded store {folder}: {error}") from error
        self.socket: Path | None = None
        try:
            self._listen()
        except (OSError, RuntimeError) as error:
            self._database.close()
            raise StoreError(f"cannot open the embedded store {folder}: {error}") from error

    def _listen(self) -> None:
        self._workers = futures.ThreadPoolExecutor(10, thread_name_prefix="milvus_lite")
        size = [(f"grpc.max_{way}_message_length", _MAX_MESSAGE_BYTES) for way in ("receive", "send")]
        self._server = grpc.server(self._workers, interceptors=[_OneAtATime(self._database)], options=size)
        milvus_pb2_grpc.add_MilvusServiceServicer_to_server(MilvusServicer(self._database), self._server)
        if hasattr(socket, "AF_UNIX"):
            self.socket = _private_folder() / "store"
            self.address = f"unix:{self.socket}"
            self._server.add_insecure_port(self.address)
        else:
            self.address = f"http://127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()

    def stop(self) -> None:
        """Lets what is under way end, writes everything out and frees the folder."""
        self._server.stop(GRACE_S).wait(2 * GRACE_S)
        self._workers.shutdown(cancel_futures=True)  # who asked has given up, but the write must end before the close
        self._database.close()
        if self.socket:
            shutil.rmtree(self.socket.parent, ignore_errors=True)


def _private_folder() -> Path:
    """For the socket: only this user can enter it.

    The path of a socket has at most 104 bytes (macOS), and gRPC reads it as part of a URL.
    """
    usable = re.fullmatch(r"[\w./+-]{1,80}", tempfile.gettempdir(), re.ASCII)
    return Path(tempfile.mkdtemp(prefix="rag-", dir=None if usable else "/tmp"))  # noqa: S108


class _OneAtATime(grpc.ServerInterceptor):
    """A request to a collection waits for the one before it, even if nobody waits for that one's answer any more."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._locks: dict[str, threading.Lock] = {}

    def intercept_service(self, continuation: Callable[[Any], Any], details: Any) -> Any:
        handler = continuation(details)
        if handler is None or handler.unary_unary is None:
            return handler

        def alone(request: Any, context: Any) -> Any:
            name = self._database.resolve_collection_name(_collection_of(request))
            with self._locks.setdefault(name, threading.Lock()):
                return handler.unary_unary(request, context)

        return grpc.unary_unary_rpc_method_handler(alone, handler.request_deserializer, handler.response_serializer)


def _collection_of(request: Any) -> str:
    """Empty for a request about none, or about all; `flush` names its one in a list."""
    several = getattr(request, "collection_names", None)
    return str(getattr(request, "collection_name", "") or (several[0] if several else ""))
