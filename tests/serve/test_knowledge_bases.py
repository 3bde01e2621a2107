"""Knowledge bases are described, emptied and removed over HTTP."""

import httpx
import pytest
from pydantic import SecretStr

from rag.answers.chat_history import ChatHistory
from rag.types import Turn
from tests.serve.mcp_library import DOC
from tests.serve.test_documents import kept, uploaded
from tests.serve.uploading import FORM, app_with, form, said, until

URL = "/v1/kb/manuals"


@pytest.fixture
def here(library, serve):
    with serve(app_with(library, "hangs")) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_a_title_and_a_description_are_given_and_kept(library, here):
    changed = here.patch(URL, json={"title": "手册 \u202e2024", "description": "All pumps"}).json()
    assert (changed["name"], changed["title"], changed["description"]) == ("manuals", "手册 2024", "All pumps")
    assert here.patch(URL, json={"title": ""}).json()["description"] == "All pumps"
    listed = {each["name"]: each for each in here.get("/v1/kb").json()["knowledge_bases"]}
    assert (listed["manuals"]["description"], listed["secrets"]["title"]) == ("All pumps", "")
    assert here.patch(URL, json={"name": "other"}).status_code == 422
    assert here.patch(URL, json={"title": "x" * 201}).status_code == 422
    (library.settings.data_dir / "about" / "manuals.json").write_text("{")
    assert here.get(URL).json()["title"] == ""


def send(here):
    job = here.post(f"{URL}/documents", content=form(("a.txt", b"x")), headers=FORM | {"Prefer": "respond-async"})
    until(lambda: "hangs" in [word for word, _, _ in said(here.library)])
    return job.headers["Location"]


def test_it_is_emptied_with_its_name_as_proof(library, here):
    here.library = library
    uploaded(library, "a.txt")
    job = send(here)
    for confirm in ({}, {"confirm": "manual"}, {"confirm": "secrets"}):
        assert here.delete(f"{URL}/documents", params=confirm).status_code == 422
    assert here.delete(f"{URL}/documents", params={"confirm": "manuals"}).json() == {"removed": 3}
    assert here.get(job).json()["state"] == "cancelled"
    facts = here.get(URL).json()
    assert (facts["documents"], facts["texts"], facts["images"]) == (0, 0, 0)
    assert kept(library) == []
    assert here.get("/v1/kb/secrets").json()["documents"] == 1
    assert here.get(f"{URL}/documents/{DOC}").status_code == 404


def test_it_is_removed_with_its_name_as_proof(library, here):
    here.library = library
    history = ChatHistory(library.settings.data_dir, "manuals")
    history.append(Turn("Which valve?", "The blue one. [1]"))
    here.patch(URL, json={"title": "Old"})
    job = send(here)
    assert here.delete(URL).status_code == 422
    assert here.delete(URL, params={"confirm": "manuals"}).status_code == 204
    assert history.load() == []
    assert here.get(job).json()["state"] == "cancelled"
    assert here.get(URL).status_code == 404
    assert [each["name"] for each in here.get("/v1/kb").json()["knowledge_bases"]] == ["secrets"]
    assert not (library.settings.data_dir / "uploads" / "manuals").exists()
    assert not (library.settings.data_dir / "about" / "manuals.json").exists()


def test_who_may_only_read_changes_nothing(library, serve):
    tokens = {SecretStr("reader-reader-reader"): ["manuals"]}
    headers = {"Authorization": "Bearer reader-reader-reader"}
    with serve(app_with(library, serve_tokens=tokens)) as url, httpx.Client(base_url=url, headers=headers) as http:
        assert http.patch(URL, json={"title": "x"}).status_code == 403
        assert http.delete(URL, params={"confirm": "manuals"}).status_code == 403
        assert http.delete(f"{URL}/documents", params={"confirm": "manuals"}).status_code == 403
        assert http.delete("/v1/kb/secrets", params={"confirm": "secrets"}).status_code == 404
        assert http.get("/v1/kb/secrets/files").status_code == 404
