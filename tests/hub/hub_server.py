"""A small model hub on loopback, for tests through the real `huggingface_hub` client.

Weights are large files, kept by sha256 and served from another origin as the real hub does (`localhost` in place of
`127.0.0.1`); everything else is a file of git. Every request is recorded.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".bin", ".pt", ".onnx", ".msgpack")
_INFO = re.compile(r"/api/models/(?P<name>[^/]+/[^/]+)(?:/revision/(?P<revision>[^/]+))?")
_FILE = re.compile(r"/(?P<name>[^/]+/[^/]+)/resolve/(?P<revision>[^/]+)/(?P<path>.+)")


@dataclass
class Repo:
    """Branches and tags to commits, commits to files."""

    heads: dict[str, str] = field(default_factory=dict)
    commits: dict[str, dict[str, bytes]] = field(default_factory=dict)
    licence: str = "mit"
    gated: bool = False


@dataclass
class Request:
    path: str
    host: str
    headers: dict[str, str]


class FakeHub:
    """The server's state; may be changed between requests.

    Attributes:
        repos: by `org/name`.
        requests: in order.
        altered: bytes that are served for a file in place of those that are announced.
        cuts: for the next requests of a file, after how many bytes the connection drops.
        halts: by file, after how many bytes the next request gets no more; the connection ends when `go_on` is set.
        status: answer everything with this HTTP status.
        body: what to answer questions about repositories with, in place of the truth.
    """

    def __init__(self) -> None:
        self.repos: dict[str, Repo] = {}
        self.requests: list[Request] = []
        self.altered: dict[str, bytes] = {}
        self.cuts: dict[str, list[int]] = {}
        self.halts: dict[str, int] = {}
        self.go_on = threading.Event()
        self.status = 200
        self.body = b""
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def push(self, name: str, files: dict[str, bytes], head: str = "main") -> str:
        """A new commit on a branch or tag."""
        repo = self.repos.setdefault(name, Repo())
        commit = hashlib.sha1(repr((sorted(files.items()), len(repo.commits))).encode()).hexdigest()
        repo.commits[commit] = repo.commits.get(commit, {}) | files
        repo.heads[head] = commit
        return commit

    def fetched(self) -> list[str]:
        """Names of the files that were asked for, in order, each once."""
        matches = (_FILE.fullmatch(unquote(request.path)) for request in self.requests)
        return list(dict.fromkeys(match["path"] for match in matches if match))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeHub

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.fake.requests.append(Request(path, headers["host"].partition(":")[0], headers))
        if self.fake.status != 200:
            self._send(self.fake.status, b"{}")
        elif path.startswith("/large/"):
            self._content(unquote(path.removeprefix("/large/")))
        elif match := _INFO.fullmatch(path):
            self._info(match["name"], unquote(match["revision"] or "main"))
        elif match := _FILE.fullmatch(path):
            self._file(match["name"], match["revision"], unquote(match["path"]))
        else:
            self._refuse(404, "EntryNotFound")

    def _info(self, name: str, revision: str) -> None:
        repo = self.fake.repos.get(name)
        if repo is None:
            self._refuse(401, "RepoNotFound")
            return
        commit = repo.heads.get(revision, revision)
        if commit not in repo.commits:
            self._refuse(404, "RevisionNotFound")
            return
        siblings = [_sibling(path, content) for path, content in repo.commits[commit].items()]
        info = {"id": name, "sha": commit, "cardData": {"license": repo.licence}, "siblings": siblings}
        self._send(200, self.fake.body or json.dumps(info).encode())

    def _file(self, name: str, commit: str, path: str) -> None:
        if self.fake.repos[name].gated:
            self._refuse(403, "GatedRepo")
        elif path.endswith(LARGE):
            self._send(302, b"", Location=f"http://localhost:{self.fake.port}/large/{name}/{commit}/{path}")
        else:
            self._content(f"{name}/{commit}/{path}")

    def _content(self, place: str) -> None:
        org, name, commit, path = place.split("/", 3)
        content = self.fake.altered.get(path, self.fake.repos[f"{org}/{name}"].commits[commit][path])
        first = int((self.headers["Range"] or "bytes=0-").removeprefix("bytes=").removesuffix("-"))
        cuts = self.fake.cuts.get(path)
        end = first + cuts.pop(0) if cuts else len(content)
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(content) - first))
        self.end_headers()
        halt = min(first + self.fake.halts.pop(path, len(content)), end)
        self.wfile.write(content[first:halt])
        if halt < end:
            self.fake.go_on.wait()
        self.close_connection = halt < len(content)

    def _refuse(self, status: int, code: str) -> None:
        self._send(status, b"{}", **{"X-Error-Code": code})

    def _send(self, status: int, data: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Silence."""


def _sibling(path: str, content: bytes) -> dict[str, Any]:
    sha256 = hashlib.sha256(content).hexdigest()
    if path.endswith(LARGE):
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {len(content)}\n"
        lfs = {"sha256": sha256, "size": len(content), "pointerSize": len(pointer)}
        return {"rfilename": path, "size": len(content), "blobId": _git_id(pointer.encode()), "lfs": lfs}
    return {"rfilename": path, "size": len(content), "blobId": _git_id(content)}


def _git_id(content: bytes) -> str:
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()


@contextmanager
def running() -> Iterator[FakeHub]:
    """A server on a free loopback port, until the block ends."""
    fake = FakeHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    server.daemon_threads = True  # those of keep-alive connections end when their clients do
    fake.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.go_on.set()
        server.shutdown()
        thread.join()
        server.server_close()
