"""One word for each thing; others are understood, and a wrong name is told the right one."""

from pathlib import Path

import anyio
import pytest
from mcp import Client
from pydantic import ValidationError
from starlette.testclient import TestClient

from rag import errors
from rag.serve.app import create_app
from rag.serve.errors import _STATUS_TYPES
from rag.serve.guard.admission import Admission
from rag.serve.mcp.server import make_server
from rag.serve.mcp.tools import Tools
from rag.serve.names import not_known, understood
from rag.serve.schemas import SearchRequest
from tests.serve.mcp_library import small_library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("names"), chat=None) as library:
        yield library


@pytest.fixture(scope="module")
def client(library):
    return TestClient(create_app(library), base_url="http://127.0.0.1", raise_server_exceptions=False)


def called(library, tool, **arguments):
    async def call():
        server = make_server(Tools(library, Admission(4, 4), local=True))
        async with Client(server) as client:
            return await client.call_tool(tool, arguments)

    return anyio.run(call)


@pytest.mark.parametrize("word", ["question", "text", "query"])
@pytest.mark.parametrize("path", ["/v1/search", "/v1/ask"])
def test_what_is_asked_has_one_word_and_two_that_are_understood(client, path, word):
    found = client.post(path, json={"kb": "manuals", word: "pump"})
    assert found.status_code == 200
    assert found.json()["sources"]
    form = {"kb": (None, "manuals"), word: (None, "pump")}
    assert client.post(path, files=form).status_code == 200


@pytest.mark.parametrize("word", ["question", "text", "query"])
@pytest.mark.parametrize("tool", ["search", "ask"])
def test_tools_understand_the_same_words(library, tool, word):
    assert not called(library, tool, kb="manuals", **{word: "pump"}).is_error


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"kb": "manuals", "question": "pump", "wher": "x"}, "did you mean 'where'?"),
        ({"kb": "manuals", "question": "pump", "filter": "x"}, "did you mean 'where'?"),
        ({"knowledge_base": "manuals", "question": "pump"}, "did you mean 'kb'?"),
        ({"kb": "manuals", "question": "pump", "text": "bell"}, "another word for 'question'"),
        ({"kb": "manuals", "question": "pump", "zzzzz": 1}, "it takes kb, question, image, where, top_k"),
    ],
)
def test_a_wrong_field_is_told_the_right_one(client, body, said):
    refused = client.post("/v1/search", json=body)
    assert refused.status_code == 422
    assert refused.json()["error"]["type"] == "invalid_request"
    assert said in refused.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/v1/kb?limit=3", "there is no 'limit' here; it takes none"),
        ("/v1/kb/manuals/documents?limt=3", "did you mean 'limit'?"),
        ("/v1/kb/manuals/documents?status=done", "did you mean 'state'?"),
    ],
)
def test_an_unknown_query_parameter_is_refused(client, path, said):
    refused = client.get(path)
    assert (refused.status_code, refused.json()["error"]["type"]) == (422, "unknown_parameter")
    assert said in refused.json()["error"]["message"]
    assert client.get("/v1/models?api-version=2024").status_code == 200


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("search", {"kb": "manuals", "question": "pump", "filter": "year = 1"}, "did you mean 'where'?"),
        ("get_document", {"kb": "manuals", "doc": "x"}, "did you mean 'doc_id'?"),
        ("list_knowledge_bases", {"kb": "manuals"}, "it takes none"),
    ],
)
def test_an_unknown_argument_of_a_tool_is_refused(library, tool, arguments, said):
    refused = called(library, tool, **arguments)
    assert refused.is_error
    assert said in refused.content[0].text


def test_right_names_are_left_alone():
    assert understood({"text": "a"}, ["text"]) == {"text": "a"}
    assert understood({"text": "a", "query": "b"}, ["question"]) == {"question": "a", "query": "b"}
    assert "did you mean" not in not_known("colour", ["kb"])


NEVER_SERVED = {errors.RagError, errors.PromptError, errors.IngestError, errors.DocumentError, errors.TransientError}


def subclasses(kind):
    return {kind, *(each for child in kind.__subclasses__() for each in subclasses(child))}


def test_error_types_are_public_names_that_the_documentation_lists():
    docs = Path(errors.__file__).parents[1].joinpath("docs", "serve.md").read_text(encoding="utf-8")
    served = {each for each in subclasses(errors.RagError) if each.__module__.startswith(("rag.errors", "rag.serve"))}
    for each in served - NEVER_SERVED:
        code = each.__new__(each).code
        assert not code.startswith("_")
        assert f"`{code}`" in docs, code
    assert all(f"`{code}`" in docs for code in _STATUS_TYPES.values())


def test_null_is_as_left_out_in_bodies():
    asked = SearchRequest.model_validate({"kb": "manuals", "question": "x", "where": None, "top_k": None})
    assert (asked.where, asked.top_k) == ("", 10)
    with pytest.raises(ValidationError):
        SearchRequest.model_validate({"kb": None, "question": "x"})
