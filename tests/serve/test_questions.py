"""Search and answers over HTTP."""

import base64
import json
import threading

import httpx
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from rag.chat.ollama import OllamaChat
from rag.errors import StoreError
from rag.serve.app import create_app
from tests.chat.server import running
from tests.no_ollama import DEAD_URL
from tests.serve.mcp_library import HOSTILE, png, small_library

PUMP = "The pump is closed before the bell rings."


def client_of(library):
    return TestClient(create_app(library), base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Of a library that nobody changes."""
    with small_library(tmp_path_factory.mktemp("questions")) as library:
        yield client_of(library)


def b64(data):
    return base64.b64encode(data).decode()


def events(text):
    """`[(event, data)]` of a stream."""
    blocks = [block for block in text.replace("\r\n", "\n").split("\n\n") if block.startswith("event:")]
    return [(b.split("\n")[0].removeprefix("event: "), json.loads(b.split("\ndata: ")[1])) for b in blocks]


def test_words_find_their_passage(client):
    found = client.post("/v1/search", json={"kb": "manuals", "text": "pump", "top_k": 2}).json()
    best = found["sources"][0]
    assert (best["number"], best["text"], best["source"], best["page"]) == (1, PUMP, "book.pdf", 1)
    assert best["channels"]["text"]["rank"] == 2  # the hostile one says little else than "pump"
    assert best["channels"]["text"]["calibrated"] > 0
    assert found["timings_s"].keys() >= {"encode", "search", "fuse"}


@pytest.mark.parametrize("prefix", ["", "data:image/png;base64,"])
def test_a_picture_finds_its_like(client, prefix):
    found = client.post("/v1/search", json={"kb": "manuals", "image": prefix + b64(png("green"))}).json()
    best = found["sources"][0]
    assert (best["kind"], best["page"]) == ("image", 2)
    assert client.get(f"/v1/assets/{best['asset']}").headers["content-type"] == "image/webp"


def test_a_form_with_a_file_is_the_same_question(client):
    form = client.post("/v1/search", data={"kb": "manuals", "top_k": "1"}, files={"image": ("a.png", png("blue"))})
    assert [source["page"] for source in form.json()["sources"]] == [3]


@pytest.mark.parametrize("history", ["", "{", "[" * 100_000, "9" * 10_000, "[1]"])
def test_a_history_that_is_none_is_refused(client, history):
    form = {"kb": "manuals", "question": "pump", "history": history}
    assert client.post("/v1/ask", data=form, files={"image": ("a.png", png("red"))}).status_code == 422


def test_a_filter_leaves_only_what_matches(client):
    found = client.post("/v1/search", json={"kb": "manuals", "text": "pump", "where": 'kind = "image"'}).json()
    assert {source["kind"] for source in found["sources"]} == {"image"}


def test_an_answer_has_checked_citations(client):
    answer = client.post("/v1/ask", json={"kb": "manuals", "question": "pump"}).json()
    assert PUMP in answer["text"]
    assert answer["model"] is None
    for citation in answer["citations"]:
        assert answer["text"][citation["start"] :].startswith(f"[{citation['number']}]")
        assert citation["source"] == citation["number"] - 1


def test_an_answer_streams_sources_then_words_then_the_whole(client):
    answer = client.post("/v1/ask", json={"kb": "manuals", "question": "pump", "stream": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    found = events(answer.text)
    names = [name for name, _ in found]
    assert names[0] == "sources"
    assert names[-1] == "answer"
    assert set(names[1:-1]) == {"token"}
    assert "".join(data["text"] for _, data in found[1:-1]) == found[-1][1]["text"]


def test_history_is_read_from_a_form_too(client):
    history = json.dumps([{"question": "What of the goat?", "answer": "It rides."}])
    form = {"kb": "manuals", "question": "what does it cost", "history": history}
    assert client.post("/v1/ask", files={k: (None, v) for k, v in form.items()}).status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"kb": "nothing", "text": "pump"}, 404, "knowledge_base_not_found"),
        ({"kb": "../manuals", "text": "pump"}, 422, "config_error"),
        ({"kb": "manuals"}, 422, "config_error"),
        ({"kb": "manuals", "text": "pump", "where": "year >="}, 422, "filter_syntax_error"),
        ({"kb": "manuals", "text": "pump", "top_k": 0}, 422, "invalid_request"),
        ({"kb": "manuals", "text": "pump", "topk": 3}, 422, "invalid_request"),
        ({"kb": "manuals", "image": "no base64!"}, 415, "image_error"),
        ({"kb": "manuals", "image": b64(b"GIF89a")}, 415, "image_error"),
        ({"kb": "manuals", "image": b64(b"plain text")}, 415, "image_error"),
        ({"kb": "manuals", "text": "x" * 20_001}, 422, "invalid_request"),
    ],
)
def test_what_cannot_be_asked_is_said(client, body, status, kind):
    refused = client.post("/v1/search", json=body)
    assert (refused.status_code, refused.json()["error"]["type"]) == (status, kind)
    assert refused.json()["error"]["message"]


def test_what_is_not_found_tells_of_nothing_else(client):
    message = client.post("/v1/ask", json={"kb": "nothing", "question": "pump"}).json()["error"]["message"]
    assert "manuals" not in message
    assert "/" not in message.replace("/v1/kb", "")


def test_a_filter_error_points_at_its_place(client):
    where = 'year >= 2020 and kind ~ "image"'
    error = client.post("/v1/search", json={"kb": "manuals", "text": "a", "where": where}).json()["error"]
    assert error["position"] == where.index("~")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"{", "application/json"), (b"a=1", "application/x-www-form-urlencoded"), (b"\xff", "text/xml")],
)
def test_a_body_that_cannot_be_read_is_the_callers_error(client, content, kind):
    refused = client.post("/v1/ask", content=content, headers={"content-type": kind})
    assert 400 <= refused.status_code < 500
    assert refused.json()["error"]["message"]


def test_an_error_in_a_stream_is_an_event(client):
    asked = {"kb": "manuals", "question": "pump", "where": "year >=", "stream": True}
    found = events(client.post("/v1/ask", json=asked).text)
    assert [name for name, _ in found] == ["error"]
    assert found[0][1]["error"]["type"] == "filter_syntax_error"


def test_a_bug_of_ours_is_said_without_its_trace(library, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(library.kb("manuals")._retriever, "search", broken)
    client, asked = client_of(library), {"kb": "manuals", "question": "pump"}
    answers = [client.post("/v1/ask", json=asked), client.post("/v1/ask", json={**asked, "stream": True})]
    assert [answer.status_code for answer in answers] == [500, 200]
    for answer in answers:
        assert "internal_error" in answer.text
        assert "secret detail" not in answer.text


@pytest.mark.parametrize("names", [["manuals"], ["*"]])
def test_nobody_learns_where_things_lie_on_the_machine(library, monkeypatch, caplog, names):
    def broken(*_, **__):
        raise StoreError("/home/ada/secrets/rag.db cannot be read")

    monkeypatch.setattr(library.kb("manuals")._retriever, "search", broken)
    settings = library.settings.model_copy(update={"serve_tokens": {SecretStr("r" * 24): names}})
    headers = {"authorization": f"Bearer {'r' * 24}"}
    client = TestClient(create_app(library, settings), base_url="http://127.0.0.1", headers=headers)
    asked, messages = {"kb": "manuals", "question": "pump"}, [{"role": "user", "content": "pump"}]
    answers = [
        client.post("/v1/ask", json=asked),
        client.post("/v1/ask", json={**asked, "stream": True}),
        client.post("/v1/chat/completions", json={"model": "manuals", "messages": messages}),
    ]
    for answer in answers:
        assert "store_error" in answer.text
        assert "/home/ada" not in answer.text
        assert ("rag.db cannot be read" in answer.text) is (names == ["*"])
    assert "/home/ada/secrets/rag.db" in caplog.text


def test_a_token_of_some_knowledge_bases_is_told_its_own_mistakes(library):
    settings = library.settings.model_copy(update={"serve_tokens": {SecretStr("r" * 24): ["manuals"]}})
    headers = {"authorization": f"Bearer {'r' * 24}"}
    client = TestClient(create_app(library, settings), base_url="http://127.0.0.1", headers=headers)
    answer = client.post("/v1/ask", json={"kb": "manuals", "question": ""})
    assert answer.status_code == 422
    assert "nothing is asked" in answer.json()["error"]["message"]


def test_hostile_text_comes_out_as_the_json_string_it_is(client):
    found = client.post("/v1/search", json={"kb": "manuals", "text": "pump instructions", "top_k": 5})
    assert HOSTILE in [source["text"] for source in found.json()["sources"]]
    assert found.headers["content-type"] == "application/json"


def test_knowledge_bases_are_listed_and_shown(client):
    listed = client.get("/v1/kb").json()
    assert sorted(row["name"] for row in listed["knowledge_bases"]) == ["manuals", "secrets"]
    assert listed["may_create"] is True
    facts = client.get("/v1/kb/manuals").json()
    assert facts == {
        "name": "manuals", "documents": 2, "failed": 0, "texts": 3, "images": 3, "fields": {"year": "int"},
        "columns": [{"name": "year", "type": "int", "example": None}],
        "title": "", "description": "",
        "image_channel": True, "writable": True, "chat_model": "qwen3:4b-instruct",
    }  # fmt: skip


def test_every_column_that_a_filter_can_name_is_listed(client):
    columns = client.get("/v1/kb/manuals/columns").json()
    assert columns["own"] == {"year": "int"}
    assert {"source", "doc_id", "kind", "page", "title", "mime", "sha256"} <= columns["every"].keys()
    for name in columns["every"]:
        asked = {"kb": "manuals", "question": "pump", "where": f"exists({name})"}
        assert client.post("/v1/search", json=asked).status_code == 200


def test_a_knowledge_base_that_was_dropped_is_gone_and_may_come_back(library):
    client, spec = client_of(library), library.kb("secrets").spec
    assert client.post("/v1/search", json={"kb": "secrets", "text": "rope"}).json()["sources"]
    library.store.drop_kb("secrets")
    assert client.post("/v1/search", json={"kb": "secrets", "text": "rope"}).status_code == 404
    library.store.create_kb("secrets", spec)
    assert client.post("/v1/search", json={"kb": "secrets", "text": "rope"}).json()["sources"] == []


def test_a_token_sees_its_own_knowledge_bases_only(library):
    token = "r" * 24
    settings = library.settings.model_copy(update={"serve_tokens": {SecretStr(token): ["manuals"]}})
    reader = TestClient(
        create_app(library, settings), base_url="http://127.0.0.1", headers={"authorization": f"Bearer {token}"}
    )
    listed = reader.get("/v1/kb").json()
    assert [row["name"] for row in listed["knowledge_bases"]] == ["manuals"]
    assert listed["may_create"] is False
    for path in ("/v1/search", "/v1/ask"):
        body = {"kb": "secrets", "text" if path.endswith("search") else "question": "rope"}
        assert reader.post(path, json=body).status_code == 404
    assert reader.get("/v1/kb/secrets").status_code == 404
    assert reader.get("/v1/kb/manuals").json()["writable"] is False


def test_the_server_says_when_it_is_too_busy(library, serve):
    settings = library.settings.model_copy(update={"serve_running": 1, "serve_waiting": 0})
    app = create_app(library, settings)
    app.state.gate.n_inside = 1
    with serve(app) as url:
        refused = httpx.post(f"{url}/v1/search", json={"kb": "manuals", "text": "pump"})
    assert refused.status_code == 429
    assert refused.json()["error"]["type"] == "too_busy"


def test_the_chat_model_is_loaded_before_the_first_question_and_one_that_cannot_be_is_no_error(tmp_path):
    with running() as ollama, small_library(tmp_path, chat=OllamaChat("tiny", ollama.url)) as library:
        client = client_of(library)
        assert client.post("/v1/kb/manuals/warm").status_code == 204
        assert ollama.loaded == {"tiny": ollama.loaded["tiny"]}
        assert client.post("/v1/kb/none/warm").status_code == 404
    with small_library(tmp_path / "down", chat=OllamaChat("tiny", DEAD_URL)) as library:
        assert client_of(library).post("/v1/kb/manuals/warm").status_code == 204


@pytest.mark.parametrize("asked", [True, False])
def test_a_server_loads_the_chat_model_at_its_start_where_it_is_asked_to(tmp_path, asked):
    with (
        running() as ollama,
        small_library(tmp_path, chat=OllamaChat("tiny", ollama.url), serve_warm=asked) as library,
        TestClient(create_app(library), base_url="http://127.0.0.1"),
    ):
        for thread in [each for each in threading.enumerate() if each.name == "warm-up"]:
            thread.join(60)
        assert ("tiny" in ollama.loaded) == asked


def test_what_is_understood_may_be_switched_off_or_taken_off_and_is_told(client):
    for more in ({}, {"understand": False}, {"as_words": ["the bell"]}):
        found = client.post("/v1/search", json={"kb": "manuals", "question": "pump", "top_k": 1, **more}).json()
        assert (found["understood"], found["fact"]) == ([], None)
    refused = client.post("/v1/search", json={"kb": "manuals", "question": "pump", "as_words": "bell"})
    assert refused.status_code == 422
