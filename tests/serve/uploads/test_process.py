"""The ingest as a process: it is stopped, it dies, it waits for its turn; a stand-in does each on purpose."""

import os
import socket
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import anyio
import httpx
import pytest
from pydantic import SecretStr

from rag.config import load_settings
from rag.serve.uploads.process import environment_of, run_ingest
from rag.uploads import Uploads
from tests.serve.uploading import BOUNDARY, FAKE, FORM, STREAM, app_with, events_of, form, incoming, said, until

URL = "/v1/kb/manuals/documents"
ONE = {"files": ("pump.txt", b"pump")}


def words(library):
    return [word for word, _, _ in said(library)]


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ("dies", "the ingest was killed; try it again"),
        ("refuses", "the store is locked[31m\nby another process"),
        ("breaks", "the server's log says why"),
    ],
)
def test_an_ingest_that_ends_without_a_report_is_an_error(library, serve, way, message):
    with serve(app_with(library, way)) as url:
        events = events_of(httpx.post(url + URL, files=ONE, headers=STREAM, timeout=20).text)
        answer = httpx.post(url + URL, files=ONE, timeout=20)
    assert events[-1][0] == "error"
    assert events[-1][1]["error"]["type"] == "ingest_stopped"
    assert message in events[-1][1]["error"]["message"]
    assert "\x1b" not in events[-1][1]["error"]["message"]
    assert "secret" not in answer.text
    assert answer.status_code == 503
    said, streamed = answer.json()["error"], events[-1][1]["error"]
    assert {**said, "request_id": ""} == {**streamed, "request_id": ""}
    assert incoming(library) == []


def test_an_ingest_that_does_not_listen_is_killed(library, monkeypatch):
    monkeypatch.setattr("rag.serve.uploads.process.STOP_S", 0.2)
    uploads = Uploads.of_settings(library.settings)
    folder = uploads.incoming()
    uploads.of("manuals").mkdir()

    async def run():
        command = [sys.executable, str(FAKE), "deaf", str(uploads.of("manuals")), "--kb", "manuals"]
        told = run_ingest(command, dict(os.environ), folder / "out")
        await anext(told)
        while "hangs" not in words(library):
            await anyio.sleep(0.01)
        await told.aclose()

    anyio.run(run)
    assert is_gone(int(said(library)[0][2]))


@pytest.mark.parametrize("headers", [STREAM, {}], ids=["events", "one answer"])
def test_the_end_of_the_server_ends_the_ingest(library, serve, headers):
    with ThreadPoolExecutor() as pool:
        with serve(app_with(library, "hangs")) as url:
            post = pool.submit(httpx.post, url + URL, files=ONE, headers=headers, timeout=30)
            until(lambda: "hangs" in words(library))
        assert is_gone(int(said(library)[0][2]))
        with suppress(httpx.HTTPError):
            assert "report" not in post.result().text


def test_a_client_that_goes_away_halfway_leaves_nothing(library, serve):
    body = form(("pump.txt", b"x" * 500_000))
    with serve(app_with(library)) as url:
        host, port = url.removeprefix("http://").split(":")
        head = f"POST {URL} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Length: {len(body)}\r\n"
        head += f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\r\n"
        with socket.create_connection((host, int(port))) as raw:
            raw.sendall(head.encode() + body[:300_000])
            until(lambda: any(folder.glob("1") for folder in incoming(library)))
        until(lambda: incoming(library) == [])
    assert said(library) == []
    assert not (library.settings.data_dir / "uploads" / "manuals").exists()


def test_a_client_that_falls_silent_is_given_up(library, serve, monkeypatch):
    monkeypatch.setattr("rag.serve.guard.limits.PATIENCE_S", 0.2)

    def pieces():
        yield form(("pump.txt", b"x" * 1000), end=False)
        silent.wait(20)

    silent = threading.Event()
    with serve(app_with(library)) as url, ThreadPoolExecutor() as pool:
        post = pool.submit(httpx.post, url + URL, content=pieces(), headers=FORM, timeout=20)
        until(lambda: len(incoming(library)) == 1)
        until(lambda: incoming(library) == [])
        silent.set()
        with suppress(httpx.HTTPError):  # it may still be sending when the answer comes
            assert (post.result().status_code, post.result().json()["error"]["type"]) == (408, "timed_out")
    assert said(library) == []


def test_an_ingest_has_the_settings_of_the_server_and_none_of_its_secrets(tmp_path, monkeypatch):
    monkeypatch.setenv("RAG_SERVE_TOKEN", "x" * 20)
    monkeypatch.setenv("RAG_PROFILE", "full")
    monkeypatch.setenv("PATH", "/bin")
    settings = load_settings(profile="mini", data_dir=tmp_path, ocr=False, threads=3, store_token=SecretStr("root:pw"))
    env = environment_of(settings)
    assert env["PATH"] == "/bin"
    assert not any(name.startswith("RAG_SERVE") for name in env)
    monkeypatch.setattr(os, "environ", env)
    assert load_settings().model_dump(exclude={"serve_token"}) == settings.model_dump(exclude={"serve_token"})
