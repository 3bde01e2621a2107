"""MCP over streamable HTTP: a real server on loopback and the SDK's own client."""

from contextlib import asynccontextmanager, contextmanager

import anyio
import httpx
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import ImageContent
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from rag.errors import ConfigError
from rag.serve.guard.admission import Admission
from rag.serve.mcp.server import McpApp, create_mcp_app
from tests.serve.mcp_library import PICTURES, EndlessChat, small_library
from tests.serve.serving import serving

READER, OWNER = "reader-of-manuals-0001", "owner-of-everything-01"
TOKENS = {"serve_token": OWNER, "serve_tokens": {READER: ["manuals"]}}
HEADERS = {"accept": "application/json, text/event-stream", "content-type": "application/json"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


@contextmanager
def mcp_over(library):
    with serving(create_mcp_app(library)) as url:
        yield f"{url}/mcp"


@pytest.fixture(scope="module")
def open_url(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("mcp")) as library, mcp_over(library) as url:
        yield url


@pytest.fixture(scope="module")
def guarded_url(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("mcp"), **TOKENS) as library, mcp_over(library) as url:
        yield url


@asynccontextmanager
async def client_of(url, token="", mode="auto"):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        yield client


def called(url, tool, token="", mode="auto", **arguments):
    async def call():
        async with client_of(url, token, mode) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(call)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_tools_work_over_http(open_url, mode):
    bases = called(open_url, "list_knowledge_bases", mode=mode).structured_content["knowledge_bases"]
    assert [base["name"] for base in bases] == ["manuals", "secrets"]
    found = called(open_url, "search", mode=mode, kb="manuals", query="red", top_k=3, where='kind = "image"')
    assert sum(isinstance(block, ImageContent) for block in found.content) == 3
    answer = called(open_url, "ask", mode=mode, kb="manuals", question="which goat rides?")
    assert "A goat rides for one crown." in answer.content[0].text
    document = called(open_url, "get_document", mode=mode, kb="manuals", doc_id=PICTURES)
    assert "done: 3 records" in document.content[0].text


def test_a_file_of_the_server_cannot_be_asked_with_over_http(open_url, tmp_path):
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    result = called(open_url, "search", kb="manuals", image=str(tmp_path / "a.png"))
    assert result.is_error
    assert "send its bytes as base64" in result.content[0].text


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("host", "evil.example", 421), ("origin", "https://evil.example", 403), ("origin", "null", 403)],
)
def test_a_page_elsewhere_cannot_call_the_tools(open_url, header, value, status):
    assert httpx.post(open_url, json=INITIALIZE, headers=HEADERS).status_code == 200
    answer = httpx.post(open_url, json=INITIALIZE, headers={**HEADERS, header: value})
    assert answer.status_code == status
    assert "error" in answer.json()


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_token_opens_its_own_knowledge_bases_only(guarded_url, mode):
    bases = called(guarded_url, "list_knowledge_bases", READER, mode).structured_content["knowledge_bases"]
    assert [base["name"] for base in bases] == ["manuals"]
    assert not called(guarded_url, "search", READER, mode, kb="manuals", query="goat").is_error
    hidden = called(guarded_url, "search", READER, mode, kb="secrets", query="rope")
    missing = called(guarded_url, "search", READER, mode, kb="nothing", query="rope")
    assert hidden.is_error
    assert hidden.content[0].text.replace("secrets", "nothing") == missing.content[0].text
    assert "rope is hidden" in called(guarded_url, "search", OWNER, mode, kb="secrets", query="rope").content[0].text


@pytest.mark.parametrize("token", ["", "guessed-guessed-guessed"])
def test_without_its_token_nothing_is_said(guarded_url, token):
    headers = {**HEADERS, "authorization": f"Bearer {token}"} if token else HEADERS
    assert httpx.post(guarded_url, json=INITIALIZE, headers=headers).status_code == 401


def test_a_session_of_one_token_gives_another_token_no_more_than_its_own(guarded_url):
    """What a caller may see goes by the token of each request, not by the session."""
    with httpx.Client(headers=HEADERS) as http:
        opened = http.post(guarded_url, json=INITIALIZE, headers={"authorization": f"Bearer {OWNER}"})
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-06-18"}
        reader = {**session, "authorization": f"Bearer {READER}"}
        http.post(guarded_url, json={"jsonrpc": "2.0", "method": "notifications/initialized"}, headers=reader)
        call = {"name": "search", "arguments": {"kb": "secrets", "query": "rope"}}
        answer = http.post(
            guarded_url, json={"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}, headers=reader
        )
    assert "rope is hidden" not in answer.text


def test_a_request_that_is_too_large_is_refused(tmp_path):
    with small_library(tmp_path, serve_body_mb=1) as library, mcp_over(library) as url:
        answer = httpx.post(url, content=b"x" * (1024**2 + 1), headers=HEADERS)
    assert answer.status_code == 413


def test_an_open_address_without_a_token_is_refused(tmp_path):
    with (
        small_library(tmp_path, serve_host="0.0.0.0") as library,
        pytest.raises(ConfigError, match="no token is set"),
    ):
        create_mcp_app(library)


async def until(event):
    """The event is set in the server's loop, so that waiting for it here would not wake."""
    with anyio.fail_after(10):
        while not event.is_set():
            await anyio.sleep(0.01)


@asynccontextmanager
async def stopped_while_written(chat):
    """A task group that is cancelled once the model writes; then the model has to stop."""
    async with anyio.create_task_group() as group:
        yield group
        await until(chat.started)
        group.cancel_scope.cancel()
    await until(chat.stopped)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_cancelled_ask_stops_the_model(tmp_path, mode):
    async def cancel(url):
        async with client_of(url, mode=mode) as client, stopped_while_written(chat) as group:
            group.start_soon(client.call_tool, "ask", {"kb": "manuals", "question": "which goat rides?"})

    chat = EndlessChat()
    with small_library(tmp_path, chat=chat) as library, mcp_over(library) as url:
        anyio.run(cancel, url)


def test_a_client_that_vanishes_stops_the_model(tmp_path):
    """The connection breaks, and nothing is said in the protocol."""

    async def vanish(url):
        async with httpx.AsyncClient(headers=HEADERS) as http:
            opened = await http.post(url, json=INITIALIZE)
            http.headers["mcp-session-id"] = opened.headers["mcp-session-id"]
            http.headers["mcp-protocol-version"] = "2025-06-18"
            await http.post(url, json={"jsonrpc": "2.0", "method": "notifications/initialized"})
            call = {"name": "ask", "arguments": {"kb": "manuals", "question": "which goat rides?"}}
            async with stopped_while_written(chat) as group:
                request = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call}
                group.start_soon(lambda: http.post(url, json=request))

    chat = EndlessChat()
    with small_library(tmp_path, chat=chat) as library, mcp_over(library) as url:
        anyio.run(vanish, url)


def test_without_a_guard_before_it_nothing_is_served(tmp_path):
    with small_library(tmp_path) as library:
        app = McpApp(library, Admission(1, 1), 1024)
        with pytest.raises(RuntimeError, match="behind a Guard only"):
            TestClient(Starlette(routes=[Route("/mcp", app)])).post("/mcp", json=INITIALIZE)
