"""Every request's id, and its line in the log."""

import logging
import re

import pytest
from starlette.testclient import TestClient

from rag.serve.app import create_app
from rag.serve.guard.observer import Observer
from tests.serve.mcp_library import small_library


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("observer")) as library:
        app = create_app(library)
        assert Observer in [each.cls for each in app.user_middleware]
        yield TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


def test_a_request_has_an_id_in_the_answer_in_the_error_and_in_the_log(client, caplog):
    caplog.set_level(logging.INFO, "rag.serve")
    given = client.get("/v1/kb/nowhere", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given.headers["X-Request-ID"] == given.json()["error"]["request_id"] == "from-the-proxy-1"
    made = [client.get("/v1/kb").headers["X-Request-ID"] for _ in range(2)]
    assert made[0] != made[1]
    forged = client.get("/v1/kb", headers={"X-Request-ID": 'x" level="error'})
    assert re.fullmatch("[0-9a-f]{16}", forged.headers["X-Request-ID"])
    refused = next(record for record in caplog.records if getattr(record, "status", 0) == 404)
    assert (refused.path, refused.client, refused.method) == ("/v1/kb/nowhere", "testclient", "GET")


def test_refused_requests_are_logged_with_their_path_on_one_line_and_without_their_query(client, caplog):
    caplog.set_level(logging.INFO, "rag.serve")
    client.get("/v1/no%0Asuch?secret=1")
    (line,) = [record.getMessage() for record in caplog.records if getattr(record, "status", 0) == 404]
    assert line.startswith("GET /v1/no such 404 ")
    assert "secret" not in line
