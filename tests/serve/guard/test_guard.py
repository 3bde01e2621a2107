"""Who is let in: hosts, origins, tokens."""

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rag.config import load_settings
from rag.errors import ConfigError, KnowledgeBaseNotFound
from rag.serve.guard.access import EVERYTHING, Forbidden, Keyring
from rag.serve.guard.middleware import Guard, is_loopback

TOKEN, READER = "t" * 24, "r" * 24
NO_KEYS = Keyring(None, {})
KEYS = Keyring(SecretStr(TOKEN), {SecretStr(READER): ["manuals", "reports:write"]})


async def show(request):
    return JSONResponse(sorted(request.state.access.readable))


def client(host="127.0.0.1", keys=NO_KEYS, **options):
    routes = [Route(path, show, methods=["GET", "POST"]) for path in ("/", "/v1/kb", "/page/app.js", "/healthz")]
    return TestClient(Guard(Starlette(routes=routes), host, keys, **options), base_url="http://127.0.0.1:8642")


@pytest.mark.parametrize("host", ["127.0.0.1:8642", "localhost", "LOCALHOST:1", "[::1]:8642"])
def test_this_machine_is_let_in(host):
    assert client().get("/v1/kb", headers={"host": host}).json() == ["*"]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.",
        "10.0.0.1",
        "",
        "[::1",
        "[::1%25lo]",
        "127.0.0.1@evil.example:1",
        "evil.example@127.0.0.1",
        "127.0.0.1/evil.example",
        "127.0.0.1#evil.example",
    ],
)
def test_another_name_for_this_machine_is_not(host):
    """DNS rebinding: the browser thinks that it talks to the attacker's own host."""
    answer = client().get("/v1/kb", headers={"host": host})
    assert answer.status_code == 421
    assert answer.json()["error"]["type"] == "unknown_host"


def test_a_name_that_was_configured_is():
    there = client(keys=KEYS, hosts=["rag.example.org"])
    assert there.get("/", headers={"host": "rag.example.org"}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "http://127.0.0.1:9999",
        "http://localhost:8642",
        "file://",
        "http://[::1",
        "garbage",
    ],
)
def test_pages_elsewhere_are_refused(origin):
    answer = client().post("/v1/kb", headers={"origin": origin})
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_and_those_that_were_configured_are_not():
    assert client().post("/v1/kb", headers={"origin": "http://127.0.0.1:8642"}).status_code == 200
    friend = client(origins=["https://chat.example.org"])
    assert friend.post("/v1/kb", headers={"origin": "https://chat.example.org"}).status_code == 200


def test_what_is_embedded_elsewhere_is_refused_but_a_link_to_us_is_not():
    embedded = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert client().get("/v1/kb", headers=embedded).status_code == 403
    assert client().get("/", headers=followed).status_code == 200
    assert client().post("/", headers=followed).status_code == 403  # a form elsewhere


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "rag.example.org"])
def test_an_open_address_without_a_token_is_not_served(host):
    assert not is_loopback(host)
    with pytest.raises(ConfigError, match="RAG_SERVE_TOKEN"):
        client(host)


def test_a_name_that_others_know_it_by_needs_a_token():
    """It is a proxy's, and the proxy is open to others."""
    with pytest.raises(ConfigError, match=r"rag\.example\.org .* RAG_SERVE_TOKEN"):
        client(hosts=["localhost", "rag.example.org"])


@pytest.mark.parametrize(
    ("address", "keys", "status"),
    [("127.0.0.1", NO_KEYS, 200), ("::1", NO_KEYS, 200), ("203.0.113.9", NO_KEYS, 403), ("203.0.113.9", KEYS, 200)],
)
def test_who_comes_through_a_proxy_is_not_this_machine(address, keys, status):
    behind = ProxyHeadersMiddleware(client(keys=keys).app)  # as uvicorn has it around every app
    here = TestClient(behind, base_url="http://127.0.0.1", client=("127.0.0.1", 5))
    headers = {"x-forwarded-for": address, "authorization": f"Bearer {TOKEN}"}
    assert here.get("/v1/kb", headers=headers).status_code == status


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback_needs_none(host):
    assert client(host).get("/").status_code == 200


def test_with_a_token_machines_are_reached_by_address_but_not_by_foreign_names():
    open_to_all = client("0.0.0.0", KEYS)
    headers = {"authorization": f"Bearer {TOKEN}"}
    assert open_to_all.get("/v1/kb", headers={**headers, "host": "192.168.1.5:8642"}).status_code == 200
    assert open_to_all.get("/v1/kb", headers={**headers, "host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "given", [None, "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", b"Bearer t\xe9"]
)
def test_without_the_token_nothing_is_told(given):
    headers = {"authorization": given} if given else {}
    answer = client(keys=KEYS).get("/v1/kb", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_page_itself_is_open_and_grants_nothing():
    for path in ("/", "/page/app.js", "/healthz"):
        assert client(keys=KEYS).get(path).json() == []


def test_a_token_opens_its_own_knowledge_bases():
    answer = client(keys=KEYS).get("/v1/kb", headers={"authorization": f"bearer {READER}"})
    assert answer.json() == ["manuals", "reports"]


def test_what_a_token_may_do():
    access = KEYS.open(READER)
    assert access.visible(["a", "manuals", "reports"]) == ["manuals", "reports"]
    access.check("manuals")
    access.check("reports", write=True)
    with pytest.raises(Forbidden):
        access.check("manuals", write=True)
    with pytest.raises(KnowledgeBaseNotFound):  # as if it did not exist
        access.check("secret")
    assert KEYS.open(TOKEN) == EVERYTHING
    EVERYTHING.check("anything", write=True)


@pytest.mark.parametrize(
    ("names", "there", "may"),
    [(["*:write"], ["a"], True), (["*"], [], False), (["a:write"], [], True), (["a:write"], ["a"], False)],
)
def test_a_token_may_make_what_it_may_write_and_is_not_there(names, there, may):
    assert Keyring(None, {SecretStr(READER): names}).open(READER).may_create(there) is may


def test_a_short_token_is_refused_and_not_repeated():
    with pytest.raises(ConfigError) as caught:
        Keyring(SecretStr("hunter2"), {})
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("token", ["schlüssel-schlüssel", "t" * 24 + "\n", " " + "t" * 24])
def test_a_token_that_no_request_can_bring_is_noticed_at_once(token):
    with pytest.raises(ConfigError, match="no header"):
        Keyring(None, {SecretStr(token): ["manuals"]})


def test_an_origin_may_be_written_as_an_address():
    assert load_settings(serve_origins=["https://Chat.example.org/"]).serve_origins == ["https://chat.example.org"]


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("evil.example", 421)])
def test_every_answer_has_the_headers_that_keep_browsers_careful(host, status):
    answer = client().get("/v1/kb", headers={"host": host})
    headers = answer.headers
    assert answer.status_code == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"X-Real-IP": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9;proto=https"},
        {"Forwarded": 'for="[2001:db8::1]:4711"'},
        {"Forwarded": "for=127.0.0.1, for=203.0.113.9"},
        {"Forwarded": "for=unknown"},
        {"Via": "1.1 proxy"},
    ],
)
def test_whoever_is_behind_a_proxy_is_from_elsewhere(headers: dict[str, str]) -> None:
    assert client().get("/v1/kb", headers=headers).status_code == 403


def test_a_proxy_for_this_machine_itself_is_let_in() -> None:
    headers = {"X-Forwarded-For": "127.0.0.1", "Forwarded": 'for="[::1]:80"'}
    assert client().get("/v1/kb", headers=headers).status_code == 200
