"""What the OpenAPI document says to those who make clients of it."""

import re

import jsonschema
import pytest

from rag.serve.app import create_app
from rag.serve.routes.openapi import nulls_in_types
from tests.serve.mcp_library import small_library


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    with small_library(tmp_path_factory.mktemp("document")) as library:
        yield create_app(library).openapi()


def operations(document):
    return [operation for item in document["paths"].values() for operation in item.values()]


def test_operations_have_short_names_of_their_own(document):
    names = [operation["operationId"] for operation in operations(document)]
    assert {"search", "ask", "list_documents", "chat_completions"} <= set(names)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z_]{3,25}", name) for name in names)


def test_a_body_has_one_kind(document):
    for operation in operations(document):
        assert len(operation.get("requestBody", {}).get("content", {"one": {}})) == 1


def test_a_token_may_be_needed(document):
    assert document["components"]["securitySchemes"]["bearer"] == {"type": "http", "scheme": "bearer"}
    assert document["security"] == [{"bearer": []}, {}]


def test_pictures_and_files_are_binary(document):
    paths = document["paths"]
    for path in ("/v1/assets/{asset}", "/v1/kb/{kb}/documents/{doc_id}/original"):
        content = paths[path]["get"]["responses"]["200"]["content"]
        assert all(each["schema"] == {"type": "string", "format": "binary"} for each in content.values())
        assert "application/json" not in content


def test_events_of_a_stream_are_typed(document):
    schema = {"$ref": "#/components/schemas/AskEvent", "components": document["components"]}
    jsonschema.validate({"event": "token", "data": {"text": "The"}}, schema)
    for wrong in ({"event": "token", "data": {"words": "The"}}, {"event": "noise", "data": {}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def test_null_is_one_of_a_types_names_and_no_schema_of_its_own(document):
    null = {"type": "null"}
    of_schema = nulls_in_types(
        {
            "limit": {"anyOf": [{"type": "integer", "minimum": 1}, null], "title": "Limit"},
            "size": {"anyOf": [{"type": "string", "enum": ["128"]}, null]},
            "stop": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}, null]},
            "usage": {"anyOf": [{"$ref": "#/x"}, null], "default": None},
            "kind": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }
    )
    assert of_schema == {
        "limit": {"type": ["integer", "null"], "minimum": 1, "title": "Limit"},
        "size": {"type": ["string", "null"], "enum": ["128", None]},
        "stop": {"anyOf": [{"type": ["string", "null"]}, {"type": "array", "items": {"type": "string"}}]},
        "usage": {"oneOf": [null, {"$ref": "#/x"}], "default": None},
        "kind": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
    }
    assert nulls_in_types(document) == document
    schema = document["components"]["schemas"]["AskRequest"]["properties"]["temperature"]
    assert schema["type"] == ["number", "null"]
