"""The page's files as they are served, and what is vendored."""

from __future__ import annotations

import hashlib
import re

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from rag.serve.routes.page import FOLDER, TYPES, page_files, page_router


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(page_router())
    return TestClient(app)


def test_the_page_allows_nothing_from_elsewhere_and_nothing_inline(client: TestClient) -> None:
    answer = client.get("/")
    policy = answer.headers["content-security-policy"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for wanted in ("default-src 'self'", "script-src 'self'", "object-src 'none'", "frame-ancestors 'none'"):
        assert wanted in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=|https?://", answer.text)


def test_every_file_that_the_page_names_is_served_with_its_type(client: TestClient) -> None:
    named = set(re.findall(r'"/page/([^"]+)"', (FOLDER / "index.html").read_text()))
    for file in [*FOLDER.glob("*.js"), *FOLDER.glob("css/*.css")]:
        text = file.read_text()
        named |= set(re.findall(r'from "\./([^"]+)"', text)) | set(re.findall(r'url\("/page/([^"]+)"\)', text))
    assert len(named) > 20
    for name in named:
        answer = client.get(f"/page/{name}")
        assert answer.status_code == 200, name
        assert answer.headers["content-type"] == TYPES[name[name.rindex(".") :]]


def test_a_known_file_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/page/main.js")
    assert first.headers["cache-control"] == "no-cache"
    again = client.get("/page/main.js", headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/page/main.js").headers["content-length"] == str(len(first.content))


@pytest.mark.parametrize(
    "name",
    ["../page_routes.py", "%2e%2e/page_routes.py", "..%2fpage_routes.py", "vendor/VENDOR", "/etc/passwd", "css", ""],
)
def test_nothing_else_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/page/{name}").status_code == 404


def test_a_file_that_is_not_there_is_refused_in_json(client: TestClient) -> None:
    assert client.get("/page/nothing.js").json()["error"]["type"] == "not_found"


def test_vendored_files_are_the_published_ones() -> None:
    folder = FOLDER / "vendor"
    lines = [line.split("  ") for line in (folder / "VENDOR").read_text().splitlines() if not line.startswith("#")]
    listed = {name: digest for digest, name in lines}
    assert listed == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir() if path.name != "VENDOR"
    }


def test_markup_is_made_in_no_place_but_the_sanitiser() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    )
    own = [name for name in page_files() if name.endswith(".js") and not name.startswith("vendor/")]
    assert [name for name in own if forbidden.search((FOLDER / name).read_text())] == []


def test_files_stay_small() -> None:
    sizes = {path.name: len(path.read_text().splitlines()) for path in FOLDER.rglob("*.js") if path.parent == FOLDER}
    assert {name: n for name, n in sizes.items() if n > 200} == {}
