"""The stand-in of the other tests, and a real server, held to the same exchanges."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.chat.server import FakeOllama

CHAT = {"messages": [{"role": "user", "content": "Say hello."}], "options": {"num_ctx": 2048, "num_predict": 4}}

EXCHANGES: dict[str, tuple[str, dict[str, Any] | None, int, dict[str, type | tuple[type, ...]]]] = {
    "tags": ("/api/tags", None, 200, {"models": list}),
    "show": ("/api/show", {}, 200, {"model_info": dict, "template": str, "capabilities": list}),
    "show, missing": ("/api/show", {"model": "no-such-model"}, 404, {"error": str}),
    "load": ("/api/generate", {"prompt": "", "stream": False, "options": {"num_ctx": 2048}}, 200, {"done": bool}),
    "ps": ("/api/ps", None, 200, {"models": list}),
    "chat": ("/api/chat", {**CHAT, "stream": False}, 200, {"message": dict, "done": bool}),
    "chat, missing": ("/api/chat", {**CHAT, "model": "no-such-model"}, 404, {"error": str}),
}
"""Path, what is sent (None: GET), status, and keys that the answer has with their types."""


def _exchange(url: str, path: str, body: dict[str, Any] | None, model: str) -> tuple[int, dict[str, Any]]:
    data = None if body is None else json.dumps({"model": model, **body}).encode()
    request = urllib.request.Request(f"{url}{path}", data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.status, json.loads(answer.read().splitlines()[-1])
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def _hold(url: str, name: str, model: str) -> None:
    path, body, status, keys = EXCHANGES[name]
    got, answer = _exchange(url, path, body, model)
    assert got == status
    for key, kind in keys.items():
        assert isinstance(answer[key], kind), key


@pytest.mark.parametrize("name", list(EXCHANGES))
def test_the_real_server_answers_so(real_url: str, model: str, name: str) -> None:
    _hold(real_url, name, model)


@pytest.mark.parametrize("name", [name for name in EXCHANGES if name != "chat"])
def test_the_stand_in_answers_so_too(stand_in: FakeOllama, model: str, name: str) -> None:
    _hold(stand_in.url, name, model)


@pytest.mark.parametrize("which", ["real", "stand-in"])
def test_a_streamed_reply_ends_with_its_counts(request: pytest.FixtureRequest, model: str, which: str) -> None:
    url = request.getfixturevalue("real_url") if which == "real" else request.getfixturevalue("stand_in").url
    data = json.dumps({"model": model, **CHAT, "stream": True}).encode()
    with urllib.request.urlopen(f"{url}/api/chat", data, timeout=300) as answer:
        lines = [json.loads(line) for line in answer.read().splitlines()]
    assert all(isinstance(line["message"]["content"], str) and not line["done"] for line in lines[:-1])
    last = lines[-1]
    assert last["done"]
    for key in ("prompt_eval_count", "eval_count", "prompt_eval_duration", "eval_duration"):
        assert isinstance(last[key], int), key
    assert last["done_reason"] in ("stop", "length")


def test_what_is_loaded_says_its_context(real_url: str, model: str) -> None:
    _exchange(real_url, "/api/generate", {"prompt": "", "stream": False, "options": {"num_ctx": 2048}}, model)
    _, held = _exchange(real_url, "/api/ps", None, model)
    (row,) = [row for row in held["models"] if row["model"].removesuffix(":latest") == model]
    assert row["context_length"] == 2048
