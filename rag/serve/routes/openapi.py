"""What the OpenAPI document says beyond what FastAPI reads from the routes: bodies, events, the token."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter

from rag.serve.inputs.bodies import components
from rag.serve.schemas import AskResponse, ErrorOut, QuoteOut, SourcesOut, StatusOut, TokenOut

_REFS = "#/components/schemas/{model}"
_SECURITY: list[dict[str, list[str]]] = [{"bearer": []}, {}]
"""A token where one is set; none where none is."""
_NULL = {"type": "null"}


class SourcesEventOut(BaseModel):
    event: Literal["sources"]
    data: SourcesOut


class QuoteEventOut(BaseModel):
    event: Literal["quote"]
    data: QuoteOut


class StatusEventOut(BaseModel):
    event: Literal["status"]
    data: StatusOut


class TokenEventOut(BaseModel):
    event: Literal["token"]
    data: TokenOut


class AnswerEventOut(BaseModel):
    event: Literal["answer"]
    data: AskResponse


class ErrorEventOut(BaseModel):
    event: Literal["error"]
    data: ErrorOut


AskEvent = Annotated[
    SourcesEventOut | QuoteEventOut | StatusEventOut | TokenEventOut | AnswerEventOut | ErrorEventOut,
    Field(discriminator="event"),
]
"""One event of `POST /v1/ask` with `stream`: its name, and its data read as JSON."""

EVENTS: dict[str, Any] = {
    "text/event-stream": {
        "schema": {
            "type": "string",
            "description": "server-sent events; each has a name and JSON as data, see AskEvent",
        },
    }
}
"""Content of a stream, for a route's `responses`."""
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
"""A file, for a route's `responses`."""


def complete_openapi(app: FastAPI) -> None:
    """Adds the bodies that FastAPI does not read itself, the events of a stream, and the token."""
    made = app.openapi

    @cache
    def openapi() -> dict[str, Any]:
        document = made()
        parts = document["components"]
        parts["schemas"] |= components() | _events()
        parts["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        document["security"] = _SECURITY
        told: dict[str, Any] = nulls_in_types(document)
        return told

    setattr(app, "openapi", openapi)  # noqa: B010 - FastAPI's own way, which the type checker does not know


def nulls_in_types(schema: Any) -> Any:
    """The same document with `{"type": ["number", "null"]}` where pydantic has two schemas, one of them for null alone.

    openapi-generator makes a class of each such pair, and ends at it.
    """
    if isinstance(schema, list):
        return [nulls_in_types(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    schema = {name: nulls_in_types(of) for name, of in schema.items()}
    choices = schema.get("anyOf", [])
    if _NULL not in choices:
        return schema
    del schema["anyOf"]
    others = [choice for choice in choices if choice != _NULL]
    typed = next((choice for choice in others if isinstance(choice.get("type"), str)), None)
    if typed is None:
        return {**schema, "oneOf": [_NULL, *others]}
    typed["type"] = [typed["type"], "null"]
    if "enum" in typed:
        typed["enum"] = [*typed["enum"], None]
    return {**typed, **schema} if len(others) == 1 else {**schema, "anyOf": others}


def _events() -> dict[str, Any]:
    schema = TypeAdapter(AskEvent).json_schema(ref_template=_REFS, mode="serialization")
    found: dict[str, Any] = schema.pop("$defs")
    return {**found, "AskEvent": {"title": "AskEvent", **schema}}
