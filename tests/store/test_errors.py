"""Each way in which a store cannot be opened or used has a message of its own, with the remedy."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path
from typing import Any

import grpc
import pytest
from pymilvus.grpc_gen import common_pb2, milvus_pb2, milvus_pb2_grpc

from rag.errors import (
    ConfigError,
    StoreAuthError,
    StoreError,
    StoreFormatError,
    StoreLocked,
    StoreUnreachable,
)
from rag.ports import KbSpec
from rag.store import connect
from rag.store.capabilities import lite_capabilities, server_capabilities
from tests.store.conftest import Backend, unit

SPEC = KbSpec("words@1", 16)
HOLD = (
    "import sys; from rag.store import connect; s = connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
)


class Stub(milvus_pb2_grpc.MilvusServiceServicer):
    """A server that connects, and then does what the test wants."""

    def __init__(self, on_list: Callable[[grpc.ServicerContext], None], version: str = "v2.4.1") -> None:
        self._on_list = on_list
        self._version = version
        self.n_lists = 0

    def Connect(self, request: Any, context: grpc.ServicerContext) -> Any:
        return milvus_pb2.ConnectResponse(status=common_pb2.Status(), identifier=1)

    def GetVersion(self, request: Any, context: grpc.ServicerContext) -> Any:
        return milvus_pb2.GetVersionResponse(status=common_pb2.Status(), version=self._version)

    def ShowCollections(self, request: Any, context: grpc.ServicerContext) -> Any:
        self.n_lists += 1
        self._on_list(context)
        return milvus_pb2.ShowCollectionsResponse(status=common_pb2.Status())


@pytest.fixture
def serve() -> Iterator[Callable[[Stub], str]]:
    servers: list[grpc.Server] = []

    def start(stub: Stub) -> str:
        server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
        milvus_pb2_grpc.add_MilvusServiceServicer_to_server(stub, server)
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.stop(grace=None).wait()


def test_store_held_by_a_process_that_cannot_be_asked_names_that_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.store.lite.host._PATIENCE_S", 0.0)
    path = tmp_path / "milvus.db"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        (path / "ADDRESS").write_text("/in/another/container")
        with pytest.raises(StoreLocked, match=f"open in another process.*{holder.pid}.*container.*RAG_STORE_URI=http"):
            connect(str(path))
        holder.communicate("")
    connect(str(path)).close()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"SQLite format 3\0" + b"\0" * 100, "Milvus Lite 2.x"), (b"hello", "a file, not a store"), (b"", "a file, not")],
)
def test_file_where_a_store_should_be_is_left_alone(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "milvus.db"
    path.write_bytes(content)
    with pytest.raises(StoreFormatError, match=f"{complaint}.*Move it away"):
        connect(str(path))
    assert path.read_bytes() == content


def test_folder_of_other_things_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "photos.db"
    folder.mkdir()
    (folder / "cat.jpg").write_bytes(b"x")
    with pytest.raises(StoreFormatError, match="other things in it"):
        connect(str(folder))
    assert [path.name for path in folder.iterdir()] == ["cat.jpg"]


@pytest.mark.parametrize("uri", ["localhost:19530", "/tmp/store", "", "ftp://x", "foo.sqlite"])
def test_uri_that_is_neither_path_nor_server_is_refused(uri: str) -> None:
    with pytest.raises(ConfigError, match="RAG_STORE_URI"):
        connect(uri)


def test_missing_folders_are_made_and_closing_twice_is_fine(tmp_path: Path) -> None:
    store = connect(str(tmp_path / "a" / "b" / "milvus.db"))
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.list_kbs()


@pytest.mark.server
@pytest.mark.parametrize("token", ["root:wrong", None, "nonsense"])
def test_wrong_token_says_which_setting_to_change(server: Backend, token: str | None) -> None:
    with pytest.raises(StoreAuthError, match=r"refuses the token.*RAG_STORE_TOKEN"):
        connect(server.uri, token)


def test_server_that_is_down_is_known_at_once() -> None:
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        started = time.monotonic()
        with pytest.raises(StoreUnreachable, match=r"no Milvus server answers.*docker compose up"):
            connect(f"http://127.0.0.1:{reserved.getsockname()[1]}")
    assert time.monotonic() - started < 5


def test_server_that_says_nothing_does_not_hang_us() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(StoreUnreachable):
            connect(f"http://127.0.0.1:{silent.getsockname()[1]}", connect_timeout_s=0.5)


def test_password_in_the_uri_is_not_shown() -> None:
    with pytest.raises(StoreUnreachable) as caught:
        connect("http://root:secret@127.0.0.1:1")
    assert "secret" not in str(caught.value)


def test_server_that_dies_in_the_middle_is_tried_again_and_then_reported(serve: Callable[[Stub], str]) -> None:
    stub = Stub(lambda context: context.abort(grpc.StatusCode.UNAVAILABLE, "going down"))
    store = connect(serve(stub), timeout_s=2)
    with pytest.raises(StoreUnreachable, match="going down"):
        store.list_kbs()
    assert 2 <= stub.n_lists < 100
    store.close()


def test_short_interruption_is_not_noticed(serve: Callable[[Stub], str]) -> None:
    def twice(context: grpc.ServicerContext) -> None:
        if stub.n_lists <= 2:
            context.abort(grpc.StatusCode.UNAVAILABLE, "restarting")

    stub = Stub(twice)
    store = connect(serve(stub))
    assert store.list_kbs() == []
    store.close()


def test_request_without_an_answer_ends(serve: Callable[[Stub], str]) -> None:
    release = threading.Event()
    store = connect(serve(Stub(lambda context: release.wait(20) and None)), timeout_s=0.5)
    with pytest.raises(StoreUnreachable, match="did not answer 'list_collections' in time"):
        store.list_kbs()
    release.set()
    store.close()


def test_right_that_is_missing_later_is_an_auth_error(serve: Callable[[Stub], str]) -> None:
    store = connect(serve(Stub(lambda context: context.abort(grpc.StatusCode.PERMISSION_DENIED, "not\x1b[31m you"))))
    with pytest.raises(StoreAuthError, match=r"\(not \[31m you\)"):
        store.list_kbs()
    store.close()


def test_server_that_is_too_old_is_refused(serve: Callable[[Stub], str]) -> None:
    with pytest.raises(StoreError, match=r"version v2\.2\.9; 2\.3 or later"):
        connect(serve(Stub(lambda context: None, version="v2.2.9")))


def test_capabilities_follow_the_version() -> None:
    old, new = server_capabilities("v2.3.5-lite"), server_capabilities("v2.6.1")
    assert (old.lexical, old.sparse, old.json_index, len(old.missing)) == (False, False, False, 4)
    assert (new.lexical, new.sparse, new.json_index, new.missing) == (True, True, True, ())
    assert server_capabilities("2.4.0").sparse
    assert lite_capabilities("milvus_lite-3.2.2").version == "3.2.2"


def test_nothing_but_our_error_is_printed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        connect("http://127.0.0.1:1")
    store = connect(str(tmp_path / "milvus.db"))
    store.create_kb("quiet", SPEC)
    for act in (lambda: store.kb("quiet").search("text", unit("x")[:3], limit=1), lambda: store.spec("nope")):
        with pytest.raises(Exception, match=r".+"):
            act()
    store.close()
    assert capfd.readouterr() == ("", "")


def test_password_in_a_uri_that_cannot_be_used_is_not_shown() -> None:
    with pytest.raises(ConfigError) as caught:
        connect("ftp://bob:secret@127.0.0.1:1")
    assert "secret" not in str(caught.value)
    assert "ftp://127.0.0.1:1" in str(caught.value)
