"""Many at once, slow ones, and those who leave."""

import itertools
import json
import socket
import threading
import time

import anyio
import httpx
import pytest

from rag.ports import ChatChunk, ChatModelInfo
from rag.serve.app import create_app
from tests.serve.mcp_library import small_library
from tests.serve.serving import serving

N_ASKERS = 200


class Echo:
    """Answers with the question it was asked, word by word."""

    name = "echo"

    def __init__(self, pause_s=0.0, n_words=4):
        self.pause_s, self.n_words = pause_s, n_words
        self.endless = set()  # askers whose answers never end
        self.running = self.most = self.n_stopped = 0

    async def info(self, *, sees=False):
        return ChatModelInfo(self.name, 100_000, False)

    async def stream(self, messages, *, context_tokens, max_output_tokens, sampling=None, arrived_s=None):
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            asker = next(word for word in messages[-1].content.split() if word.startswith("asker"))
            for n in itertools.count() if asker in self.endless else range(self.n_words):
                await anyio.sleep(self.pause_s)
                yield ChatChunk(self.piece(asker, n))
            yield ChatChunk("[1]", done=True)
        except BaseException:
            self.n_stopped += 1
            raise
        finally:
            self.running -= 1

    def piece(self, asker, n):
        """The asker's name at first; then what differs, since a text that only repeats itself would be stopped."""
        if asker in self.endless:
            return "".join(f"{n}x{k} " for k in range(1000))
        return f"{asker} " if n < 4 else f"{n} "


@pytest.fixture
def crowded(tmp_path):
    """A server with room for 8 and a queue for the rest; its model can be changed."""
    chat = Echo()
    with small_library(tmp_path, chat=chat, serve_running="8", serve_waiting="192") as library:
        app = create_app(library)
        with serving(app) as url:
            yield app, url, chat


def name(n):
    """In letters alone: with a number it would be looked up, and said to be unknown."""
    return "asker" + str(n).translate(str.maketrans("0123456789", "abcdefghij"))


def question(n):
    return {"kb": "manuals", "question": f"{name(n)} asks which pump is closed", "stream": n % 2 == 0}


def words_of(body, streamed):
    if not streamed:
        return json.loads(body)["text"]
    lines = [line for line in body.splitlines() if line.startswith("data: ")]
    return json.loads(lines[-1].removeprefix("data: "))["text"]


def test_two_hundred_askers_get_each_their_own_answer(crowded):
    app, url, chat = crowded
    answers = {}

    async def ask(client, n):
        answer = await client.post("/v1/ask", json=question(n))
        answers[n] = (answer.status_code, words_of(answer.text, n % 2 == 0))

    async def everybody():
        limits = httpx.Limits(max_connections=N_ASKERS)
        async with (
            httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client,
            anyio.create_task_group() as group,
        ):
            for n in range(N_ASKERS):
                group.start_soon(ask, client, n)

    anyio.run(everybody)
    assert answers == {n: (200, f"{name(n)} " * 4 + "[1]") for n in range(N_ASKERS)}
    assert 1 < chat.most <= 8
    assert app.state.gate.n_inside == 0


def test_more_than_may_wait_are_told_so_and_the_others_lose_nothing(crowded):
    app, url, chat = crowded
    chat.pause_s = 0.05
    codes = []

    async def ask(client, n):
        codes.append((await client.post("/v1/ask", json=question(n))).status_code)

    async def everybody():
        limits = httpx.Limits(max_connections=300)
        async with (
            httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as client,
            anyio.create_task_group() as group,
        ):
            for n in range(250):
                group.start_soon(ask, client, n)

    anyio.run(everybody)
    assert codes.count(200) + codes.count(429) == 250
    assert codes.count(200) >= N_ASKERS
    assert codes.count(429) > 0
    assert app.state.gate.n_inside == 0


def raw_ask(url, n, stream, room=None):
    """A socket on which a question was asked; the system keeps about `room` bytes for it that nobody has read."""
    host, port = url.removeprefix("http://").split(":")
    body = json.dumps({**question(n), "stream": stream}).encode()
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    )
    connection = socket.socket()
    connection.settimeout(10)
    if room:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    connection.connect((host, int(port)))
    connection.sendall(f"{head}\r\n\r\n".encode() + body)
    return connection


def until(true, seconds=60):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@pytest.mark.parametrize("stream", [True, False])
def test_the_work_for_those_who_left_is_stopped(crowded, stream):
    app, url, chat = crowded
    chat.pause_s, chat.n_words = 0.05, 10_000
    connections = [raw_ask(url, n, stream) for n in range(4)]
    until(lambda: chat.running == 4)
    for connection in connections:
        connection.close()
    until(lambda: chat.running == 0 and app.state.gate.n_inside == 0)
    assert chat.n_stopped == 4


def test_one_who_left_while_waiting_is_not_worked_for(crowded):
    app, url, chat = crowded
    chat.pause_s, chat.n_words = 0.05, 10_000
    running = [raw_ask(url, n, True) for n in range(8)]
    until(lambda: chat.running == 8)
    waiting = [raw_ask(url, n, False) for n in range(100, 110)]
    until(lambda: app.state.gate.n_inside == 18)
    for connection in waiting + running:
        connection.close()
    until(lambda: app.state.gate.n_inside == 0)
    assert chat.n_stopped + 2 >= 8
    assert chat.running == 0


def test_slow_readers_wait_for_themselves_and_are_given_up_at_last(crowded, monkeypatch):
    """Once the buffers on the way are full their model is not read any further, and memory is bounded."""
    app, url, chat = crowded
    monkeypatch.setattr("rag.serve.sse.SEND_TIMEOUT_S", 2)
    chat.endless = {name(2 * n) for n in range(4)}
    slow = [raw_ask(url, 2 * n, True, room=4096) for n in range(4)]
    for n in range(100, 108):
        answer = httpx.post(f"{url}/v1/ask", json=question(n), timeout=60)
        assert words_of(answer.text, n % 2 == 0) == f"{name(n)} " * 4 + "[1]"
    until(lambda: chat.n_stopped == 4 and app.state.gate.n_inside == 0)
    for connection in slow:
        connection.close()


def test_the_server_is_there_while_models_work(crowded):
    """The event loop never waits for a model."""
    app, url, _ = crowded
    embedder = app.state.library.models.text_embedder
    embed, begun, may_end = embedder.embed_query, threading.Event(), threading.Event()
    embedder.embed_query = lambda text: (begun.set(), may_end.wait(60), embed(text))[2]
    try:
        connection = raw_ask(url, 1, False)
        assert begun.wait(60)
        assert httpx.get(f"{url}/healthz", timeout=30).status_code == 200
        assert app.state.gate.n_inside == 1
        connection.close()
    finally:
        may_end.set()
        del embedder.embed_query
