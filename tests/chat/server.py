"""A real HTTP server on loopback that speaks Ollama's wire protocol, for tests through the real `ollama` client.

What it answers can be checked by hand: by default it repeats the first line of each numbered source it was sent,
followed by its marker (`Valve A closes first. [1]`), or, where there are no sources, the last line of the last message.
The vector of a text is `default_vector`.
Every request is recorded, and so is every client that leaves before the end.
"""

from __future__ import annotations

import json
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

_SOURCE = re.compile(r"<<<source (\d+) (\w+)\n(.*?)\n\2 end \1>>>", re.DOTALL)


@dataclass
class Model:
    """What /api/show says. `template` with `.Think` can have its thoughts turned off."""

    context_tokens: int = 8192
    capabilities: list[str] | None = field(default_factory=lambda: ["completion"])
    template: str = "{{ .Prompt }}"
    modelfile: str = ""
    extra_info: dict[str, Any] = field(default_factory=dict)
    digest: str = "0123456789abcdef" * 4
    n_bytes: int = 1000
    modified_at: str = "2026-01-01T00:00:00Z"
    parameters: str = ""


@dataclass
class Script:
    """How the next replies go.

    Attributes:
        pieces: text pieces; None for the default answer, cut into words.
        lines: whole NDJSON lines in place of pieces.
        thinking: sent first, in the field of its own.
        status, error: answer with this HTTP status and error instead.
        body: with `status`, the raw body instead of Ollama's JSON.
        error_after, cut_after, silent_after, finish_after: after this many pieces send an error line, drop the
            connection, say nothing more, or end the stream properly but without the last line.
        endless: go on with the last piece, numbered, until the client leaves: one that repeats itself would be stopped.
        delay_s: between pieces.
        prompt_eval_count: None counts the words of the messages.
        embeddings: in place of the default vectors.
        busy: refuse so many chats with 503, as a server whose queue is full does.
        read_s, write_s: what the last line says that reading and writing took.
    """

    pieces: list[str] | None = None
    lines: list[bytes] | None = None
    thinking: list[str] = field(default_factory=list)
    status: int = 200
    error: str = ""
    body: bytes | None = None
    error_after: int | None = None
    cut_after: int | None = None
    silent_after: int | None = None
    finish_after: int | None = None
    endless: bool = False
    delay_s: float = 0.0
    prompt_eval_count: int | None = None
    eval_count: int = 7
    done_reason: str = "stop"
    counts: bool = True
    embeddings: list[list[float]] | None = None
    busy: int = 0
    read_s: float = 0.0
    write_s: float = 0.0


class FakeOllama:
    """The server's state. `models` and `script` may be changed between requests.

    Attributes:
        loaded: `num_ctx` by the name of each model that is in memory; a request with another loads it anew.
        loads: (model, num_ctx) of every load.
        has_ps: older servers have no `/api/ps`.
        slots: chats that are answered at the same time; the others wait without a word.
    """

    def __init__(self) -> None:
        self.models: dict[str, Model] = {"tiny": Model()}
        self.registry: dict[str, Model] = {}
        self.script = Script()
        self.requests: list[tuple[str, dict[str, Any]]] = []
        self.disconnected = threading.Event()
        self.n_sent = 0
        self.url = ""
        self.loaded: dict[str, int] = {}
        self.loads: list[tuple[str, int]] = []
        self.has_ps = True
        self.slots = threading.Semaphore(64)

    def load(self, name: str, options: dict[str, Any]) -> None:
        size = options.get("num_ctx", 4096)
        if self.loaded.get(name) != size:
            self.loaded[name] = size
            self.loads.append((name, size))

    def sent_to(self, path: str) -> list[dict[str, Any]]:
        return [body for at, body in self.requests if at == path]

    @property
    def chats(self) -> list[dict[str, Any]]:
        return self.sent_to("/api/chat")

    @property
    def embeds(self) -> list[dict[str, Any]]:
        return self.sent_to("/api/embed")


def default_reply(body: dict[str, Any]) -> str:
    last = body["messages"][-1]["content"]
    sources = _SOURCE.findall(last)
    if not sources:
        return str(last.strip().splitlines()[-1])
    return " ".join(f"{text.split('---', 1)[1].strip().splitlines()[0]} [{number}]" for number, _, text in sources)


def default_vector(text: str) -> list[float]:
    """How often the letters a, b and c occur, and 1; not normalised, unlike the real server's."""
    return [*(float(text.lower().count(letter)) for letter in "abc"), 1.0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeOllama

    def do_GET(self) -> None:
        self.fake.requests.append((self.path, {}))
        if self.path == "/api/tags":
            self._json(
                200,
                {
                    "models": [
                        {
                            "model": name,
                            "name": name,
                            "digest": model.digest,
                            "size": model.n_bytes,
                            "modified_at": model.modified_at,
                        }
                        for name, model in self.fake.models.items()
                    ]
                },
            )
        elif self.path == "/api/ps" and self.fake.has_ps:
            running = [{"model": name, "context_length": size} for name, size in self.fake.loaded.items()]
            self._json(200, {"models": running})
        else:
            self._json(404, {"error": "404 page not found"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.fake.requests.append((self.path, body))
        script = self.fake.script
        if script.status != 200:
            self._send(script.status, script.body or json.dumps({"error": script.error}).encode())
        elif self.path == "/api/pull":
            self._pull(body["model"])
        elif body["model"] not in self.fake.models and f"{body['model']}:latest" not in self.fake.models:
            self._json(404, {"error": f"model '{body['model']}' not found"})
        elif self.path == "/api/show":
            self._show(self._model(body))
        elif self.path == "/api/embed":
            self._embed(body, script)
        elif self.path == "/api/generate":
            self.fake.load(body["model"], body.get("options") or {})
            self._json(200, {"model": body["model"], "response": "", "done": True, "done_reason": "load"})
        elif self.path == "/api/chat" and script.busy > 0:
            script.busy -= 1
            self._json(503, {"error": "server busy, please try again.  maximum pending requests exceeded"})
        elif self.path == "/api/chat":
            self.fake.load(body["model"], body.get("options") or {})
            try:
                with self.fake.slots:
                    self._chat(body, script)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                self.fake.disconnected.set()
        else:
            self._json(404, {"error": "404 page not found"})

    def _model(self, body: dict[str, Any]) -> Model:
        models = self.fake.models
        return models.get(body["model"]) or models[f"{body['model']}:latest"]

    def _embed(self, body: dict[str, Any], script: Script) -> None:
        """As the real one does with `truncate` false, a token being a word."""
        time.sleep(script.delay_s)
        if any(len(text.split()) > self._model(body).context_tokens for text in body["input"]):
            self._json(400, {"error": "the input length exceeds the context length"})
        else:
            made = [default_vector(text) for text in body["input"]]
            vectors = made if script.embeddings is None else script.embeddings
            self._json(200, {"model": body["model"], "embeddings": vectors})

    def _show(self, model: Model) -> None:
        shown: dict[str, Any] = {
            "model_info": {
                "general.architecture": "tiny",
                "tiny.context_length": model.context_tokens,
                **model.extra_info,
            },
            "template": model.template,
            "modelfile": model.modelfile,
            "parameters": model.parameters,
        }
        if model.capabilities is not None:
            shown["capabilities"] = model.capabilities
        self._json(200, shown)

    def _pull(self, name: str) -> None:
        self._start()
        self._line({"status": "pulling manifest"})
        if name not in self.fake.registry:
            self._line({"error": "pull model manifest: file does not exist"})
        else:
            for completed in (0, 50, 100):
                self._line(
                    {"status": "pulling aabbcc", "digest": "sha256:aabbcc", "total": 100, "completed": completed}
                )
            self.fake.models[name] = self.fake.registry[name]
            self._line({"status": "success"})
        self._chunk(b"")

    def _chat(self, body: dict[str, Any], script: Script) -> None:
        self._start()
        for line in script.lines or []:
            self._chunk(line)
        for thought in script.thinking:
            self._message(thinking=thought)
        pieces = [] if script.lines is not None else script.pieces
        if pieces is None:
            pieces = re.findall(r"\S+\s*", default_reply(body))
        for place, piece in enumerate(pieces):
            if self._stops(place, script):
                return
            self._message(content=piece)
            if self._left(script.delay_s):
                return
        for number in count() if script.endless else ():
            self._message(content=f"{pieces[-1]}{number} ")
            if self._left(script.delay_s or 0.001):
                return
        if not self._stops(len(pieces), script) and script.lines is None:
            self._done(body, script)
        elif script.lines is not None:
            self._chunk(b"")

    def _stops(self, place: int, script: Script) -> bool:
        if place == script.error_after:
            self._line({"error": "model runner has unexpectedly stopped"})
            self._chunk(b"")
        elif place == script.cut_after:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif place == script.silent_after:
            self._left(30)
        elif place == script.finish_after:
            self._chunk(b"")
        else:
            return False
        return True

    def _left(self, wait_s: float) -> bool:
        """Waits, and tells whether the client closed the connection meanwhile."""
        readable, _, _ = select.select([self.connection], [], [], wait_s)
        if readable and self.connection.recv(1, socket.MSG_PEEK) == b"":
            self.close_connection = True
            self.fake.disconnected.set()
            return True
        return False

    def _done(self, body: dict[str, Any], script: Script) -> None:
        words = sum(len(message["content"].split()) for message in body["messages"])
        last: dict[str, Any] = {"message": {"role": "assistant", "content": ""}, "done": True}
        if script.counts:
            last |= {
                "done_reason": script.done_reason,
                "prompt_eval_count": words if script.prompt_eval_count is None else script.prompt_eval_count,
                "eval_count": script.eval_count,
                "prompt_eval_duration": int(script.read_s * 1e9),
                "eval_duration": int(script.write_s * 1e9),
            }
        self._line(last)
        self._chunk(b"")

    def _message(self, **fields: str) -> None:
        self.fake.n_sent += 1
        self._line({"message": {"role": "assistant", "content": "", **fields}, "done": False})

    def _start(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _line(self, value: dict[str, Any]) -> None:
        self._chunk(json.dumps(value).encode() + b"\n")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    def _json(self, status: int, value: dict[str, Any]) -> None:
        self._send(status, json.dumps(value).encode())

    def _send(self, status: int, data: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


@contextmanager
def running() -> Iterator[FakeOllama]:
    """A server on a free loopback port, until the block ends."""
    fake = FakeOllama()
    handler = type("Handler", (_Handler,), {"fake": fake})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # Threads of keep-alive connections end when their clients do; the test's end must not wait for them.
    server.daemon_threads = True
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
