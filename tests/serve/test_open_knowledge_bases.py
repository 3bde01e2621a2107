"""The knowledge bases of a server, and what is said of those that are not there."""

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.errors import ConfigError
from rag.serve.app import create_app

TOKEN = "p" * 24


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/kb/planned"),
        ("GET", "/v1/kb/planned/documents"),
        ("POST", "/v1/kb/planned/documents"),
        ("GET", f"/v1/assets/{'0' * 64}.webp?kb=planned"),
        ("GET", "/v1/models/planned"),
    ],
)
def test_a_token_for_what_is_not_there_yet_learns_of_nothing_else(library, method, path):
    settings = library.settings.model_copy(update={"serve_tokens": {SecretStr(TOKEN): ["planned:write"]}})
    client = TestClient(create_app(library, settings), base_url="http://127.0.0.1")
    answer = client.request(method, path, headers={"authorization": f"Bearer {TOKEN}"})
    assert (answer.status_code, "planned" in answer.text) == (404, True)
    for secret in ("manuals", "secrets", str(library.settings.data_dir)):
        assert secret not in answer.text


def test_a_store_that_is_slow_with_one_does_not_hold_up_the_others(library, monkeypatch):
    asked, answer, spec = threading.Event(), threading.Event(), library.store.spec

    def slow_with_manuals(name):
        if name == "manuals":
            asked.set()
            answer.wait(20)
        return spec(name)

    monkeypatch.setattr(library.store, "spec", slow_with_manuals)
    with ThreadPoolExecutor(2) as pool:
        try:
            pool.submit(library.kb, "manuals")
            assert asked.wait(5)
            assert pool.submit(library.kb, "secrets").result(5).name == "secrets"
        finally:
            answer.set()


def test_a_knowledge_base_is_opened_once_and_again_when_it_was_built_anew(library, monkeypatch):
    first = library.kb("manuals")
    assert library.kb("manuals") is first
    spec = library.store.spec("manuals")
    monkeypatch.setattr(library.store, "spec", lambda name: dataclasses.replace(spec, text_model="another@1"))
    assert library.kb("manuals") is not first


def test_an_open_door_is_noticed_before_the_first_request(library):
    for opened in ({"serve_host": "0.0.0.0"}, {"serve_hosts": ["rag.example.org"]}):
        with pytest.raises(ConfigError, match="RAG_SERVE_TOKEN"):
            create_app(library, library.settings.model_copy(update=opened))
