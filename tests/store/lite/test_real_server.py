"""What keeps requests to Milvus Lite apart inside the process that serves it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grpc
from pymilvus import MilvusClient

from rag.store.lite.engine import LiteServer, _OneAtATime
from rag.store.lite.patches import Database


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """The results of functions that all start together."""
    barrier = threading.Barrier(len(work))
    results: list[Any] = []

    def start(function: Callable[[], Any]) -> None:
        barrier.wait()
        results.append(function())

    threads = [threading.Thread(target=start, args=(function,)) for function in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def overlaps(*requests: SimpleNamespace) -> int:
    """How many of these requests run at the same time, at most; the name `alias` stands for `texts`."""
    running: list[int] = [0]
    most: list[int] = [0]

    def handle(request: Any, context: Any) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        time.sleep(0.05)
        running[0] -= 1

    database: Any = SimpleNamespace(resolve_collection_name=lambda name: "texts" if name == "alias" else name)
    guard = _OneAtATime(database)
    handler = guard.intercept_service(lambda details: grpc.unary_unary_rpc_method_handler(handle), None)
    at_once(*(lambda request=request: handler.unary_unary(request, None) for request in requests))
    return most[0]


def test_requests_to_a_collection_wait_for_each_other_by_whatever_name() -> None:
    search, describe = SimpleNamespace(collection_name="texts"), SimpleNamespace(collection_name="alias")
    flush, other = SimpleNamespace(collection_names=["texts"]), SimpleNamespace(collection_name="images")
    assert overlaps(search, describe, flush) == 1
    assert overlaps(search, other) == 2


def test_a_collection_is_opened_once_however_many_ask_first(tmp_path: Path) -> None:
    server = LiteServer(tmp_path / "milvus.db")
    client = MilvusClient(server.address)
    client.create_collection("texts", dimension=4)
    client.close()
    server.stop()
    database = Database(tmp_path / "milvus.db")
    opened = at_once(*[lambda: database.get_collection("texts")] * 8)
    assert len({id(collection) for collection in opened}) == 1
    database.close()
