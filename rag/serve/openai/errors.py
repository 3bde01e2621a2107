"""Errors as OpenAI's clients expect them, so that each raises its own class for them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute

from rag.errors import FilterSyntaxError, ImageError, KnowledgeBaseNotFound, RagError
from rag.serve.error_handlers import invalid_body
from rag.serve.errors import RETRY_AFTER_S, error_body, status_of
from rag.serve.openai.input import Unsupported


class OpenAIRoute(APIRoute):
    """Whatever is wrong with a request is 400 here; errors have `param` and `code` beside our `type` and `message`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                field = [str(part) for part in error.errors()[0]["loc"][1:]]
                return _response(400, invalid_body(error), ".".join(field) or None)
            except RagError as error:
                status = 400 if isinstance(error, ImageError) else status_of(error)
                if status == 500:
                    raise
                body = error_body(error, request.state.access)
                return _response(400 if status == 422 else status, body, _param(error))

        return handled


def _response(status: int, body: dict[str, Any], param: str | None) -> Response:
    error = body["error"]
    code = "model_not_found" if error["type"] == "knowledge_base_not_found" else error["type"]
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
    return JSONResponse({"error": {**error, "param": param, "code": code}}, status, headers)


def _param(error: RagError) -> str | None:
    if isinstance(error, Unsupported):
        return error.param
    if isinstance(error, FilterSyntaxError):
        return "rag.where"
    if isinstance(error, ImageError):
        return "messages"
    return "model" if isinstance(error, KnowledgeBaseNotFound) else None
