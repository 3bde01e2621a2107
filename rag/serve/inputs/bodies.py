"""Requests as they come: JSON, or a form with files."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from pydantic_core import from_json
from starlette.datastructures import UploadFile

from rag.errors import ConfigError, ImageError
from rag.serve.inputs.pictures import picture
from rag.serve.schemas import AskRequest, PastTurn, SearchRequest
from rag.types import Turn

R = TypeVar("R", AskRequest, SearchRequest)

_FORM = "multipart/form-data"


def body_of(model: type[R]) -> Callable[[Request], Awaitable[R]]:
    """A dependency that reads a request as JSON or as a form; in a form, `image` is a file and `history` JSON."""

    async def read(request: Request) -> R:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if kind == _FORM:
                return model.model_validate(await _form(request))
            if kind not in ("application/json", ""):
                raise UnsupportedMediaType(f"send application/json or {_FORM}, not '{kind:.80}'")
            return model.model_validate_json(await request.body())
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False, include_context=False)) from error

    return read


def body_schema(model: type[R]) -> dict[str, Any]:
    """What OpenAPI says of such a body; `components` has what it refers to.

    The form is told in words: generators make code of two kinds of body that does not compile.
    """
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
    told = "JSON; or a form (multipart/form-data) with the same fields, `image` as a file and `history` as JSON"
    return {"requestBody": {"required": True, "description": told, "content": content}}


def components() -> dict[str, Any]:
    """The schemas that `body_schema` refers to, for OpenAPI's `components.schemas`."""
    found: dict[str, Any] = {}
    for model in (AskRequest, SearchRequest):
        schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        found |= schema.pop("$defs", {})
        found[model.__name__] = schema
    return found


def turns_of(history: Sequence[PastTurn]) -> list[Turn]:
    """What was said before, with the pictures of those questions.

    Raises:
        ImageError: one of them cannot be read.
    """
    return [replace(past.turn(), image=picture(past.image)) for past in history]


class UnsupportedMediaType(ImageError):
    """A kind of body that is not read here."""


async def _form(request: Request) -> dict[str, Any]:
    values: dict[str, Any] = {}
    async with request.form(max_files=1, max_fields=20) as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                values[name] = base64.b64encode(await value.read()).decode()
            else:
                values[name] = value
    if "history" in values:
        try:
            values["history"] = from_json(values["history"])
        except ValueError as error:
            raise ConfigError("history is not JSON: a list of {question, answer}") from error
    return values
