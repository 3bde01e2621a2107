"""A server that is stopped: what is being answered may end, and nothing breaks off unsaid."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

from rag.serve.guard.connections import Connections
from rag.serve.guard.leaving import Leave, Leaving
from rag.serve.run import _Server

GO_ON = threading.Event()


async def held() -> None:
    while not GO_ON.is_set():
        await anyio.sleep(0.01)


async def search(request: Request) -> JSONResponse:
    await held()
    return JSONResponse({"done": True})


async def ask(request: Request) -> StreamingResponse:
    async def events() -> Any:
        yield "event: token\ndata: {}\n\n"
        await held()
        yield "event: answer\ndata: {}\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


async def ready(request: Request) -> PlainTextResponse:
    return PlainTextResponse("stopping" if request.app.state.leaving.is_leaving else "ready")


@contextmanager
def served(grace_s: float) -> Iterator[tuple[str, _Server]]:
    GO_ON.clear()
    leaving = Leaving(grace_s)
    routes = [Route("/v1/search", search, methods=["POST"]), Route("/v1/ask", ask, methods=["POST"])]
    routes += [Route("/v1/chat/completions", ask, methods=["POST"]), Route("/readyz", ready)]
    app = Starlette(routes=routes)
    app.state.leaving = leaving
    app.add_middleware(Leave, leaving=leaving)
    config = uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=5)
    server = _Server(config, Connections(100), lambda url: None, leaving)
    with socket.create_server(("127.0.0.1", 0)) as bound:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}", server
        finally:
            GO_ON.set()
            server.should_exit = True
            thread.join(60)
            assert not thread.is_alive()


def post(url: str, said: list[Any]) -> threading.Thread:
    def ask() -> None:
        answer = httpx.post(url, timeout=60)
        said.append((answer.status_code, answer.text))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def until(is_so: Any) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never was")


def test_what_is_being_answered_ends_and_what_is_new_comes_again() -> None:
    with served(60) as (url, server):
        said: list[Any] = []
        asking = [post(f"{url}/v1/search", said), post(f"{url}/v1/ask", said)]
        until(lambda: server._leaving.n_inside == 2)
        server.handle_exit(signal.SIGTERM, None)
        assert httpx.get(f"{url}/readyz").text == "stopping"
        refused = httpx.post(f"{url}/v1/ask")
        assert (refused.status_code, refused.json()["error"]["type"]) == (503, "unavailable")
        assert int(refused.headers["retry-after"]) > 10
        GO_ON.set()
        for each in asking:
            each.join()
    assert sorted(said) == [(200, "event: token\ndata: {}\n\nevent: answer\ndata: {}\n\n"), (200, '{"done":true}')]


def test_what_cannot_end_in_time_says_so_as_its_reader_knows_it() -> None:
    with served(0.3) as (url, server):
        said: dict[str, list[Any]] = {"/v1/search": [], "/v1/ask": [], "/v1/chat/completions": []}
        asking = [post(f"{url}{path}", kept) for path, kept in said.items()]
        until(lambda: server._leaving.n_inside == 3)
        server.handle_exit(signal.SIGTERM, None)
        for each in asking:
            each.join()
    ((status, text),) = said["/v1/search"]
    assert (status, json.loads(text)["error"]["type"]) == (503, "unavailable")
    ((status, text),) = said["/v1/ask"]
    assert status == 200
    assert "event: error\ndata: " in text
    assert json.loads(text.rsplit("data: ", 1)[1])["error"]["type"] == "unavailable"
    ((status, text),) = said["/v1/chat/completions"]
    assert text.endswith("data: [DONE]\n\n")
    assert '"unavailable"' in text


def test_a_server_with_nothing_inside_goes_at_once() -> None:
    with served(600) as (url, server):
        assert httpx.get(f"{url}/readyz").text == "ready"
        began = time.monotonic()
        server.handle_exit(signal.SIGTERM, None)
        until(lambda: server.should_exit or not server.server_state.connections)
        assert time.monotonic() - began < 30
