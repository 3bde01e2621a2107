"""Pages elsewhere, as their browsers ask for them."""

import pytest
from starlette.testclient import TestClient

from rag.serve.app import create_app
from rag.serve.mcp.server import create_mcp_app
from tests.serve.mcp_library import small_library

PAGE = "https://chat.example.org"
SENT = [
    "authorization,content-type,x-stainless-arch,x-stainless-lang,x-stainless-retry-count,x-stainless-timeout",
    "mcp-method,mcp-name,mcp-protocol-version,mcp-session-id,last-event-id",
    "x-request-id,user-agent,openai-beta",
]


@pytest.fixture(scope="module", params=[create_app, create_mcp_app], ids=["serve", "mcp"])
def client(request, tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("cors"), serve_origins=[PAGE]) as library:
        yield TestClient(request.param(library), base_url="http://127.0.0.1")


def preflight(client, origin, headers):
    asked = {"origin": origin, "access-control-request-method": "POST", "access-control-request-headers": headers}
    return client.options("/mcp", headers=asked)


@pytest.mark.parametrize("headers", SENT)
def test_whatever_official_clients_send_is_let_in_from_pages_that_are_named(client, headers):
    answer = preflight(client, PAGE, headers)
    assert answer.status_code == 200
    assert set(headers.split(",")) <= set(answer.headers["access-control-allow-headers"].replace(" ", "").split(","))
    assert answer.headers["access-control-allow-origin"] == PAGE


def test_other_pages_get_no_permission(client):
    answer = preflight(client, "https://evil.example", "content-type")
    assert answer.status_code >= 400
    assert "access-control-allow-origin" not in answer.headers
