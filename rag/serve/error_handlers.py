"""The answers of an app to what goes wrong in its routes."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from rag import errors
from rag.serve.errors import RETRY_AFTER_S, ClientGone, error_body, refusal, said, status_of, unexpected
from rag.serve.not_here import not_here
from rag.text.quoting import plain

log = logging.getLogger("rag.serve")


def invalid_body(error: RequestValidationError) -> dict[str, Any]:
    """The body for a request that is not as the schema wants it, naming each field."""
    facts = [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
    return said("invalid_request", plain("; ".join(facts))[:2000])


def add_error_handlers(app: FastAPI) -> None:
    @app.exception_handler(errors.RagError)
    async def known(request: Request, error: errors.RagError) -> JSONResponse:
        status = status_of(error)
        if status == 500:
            log.error("%s: %s", type(error).__name__, plain(str(error)))
        headers = {"Retry-After": str(RETRY_AFTER_S)} if status in (429, 503) else None
        return JSONResponse(error_body(error, request.state.access), status, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        return JSONResponse(invalid_body(error), 422)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        is_nowhere = error.status_code == 404 and "route" not in request.scope
        message = not_here(request.url.path) if is_nowhere else str(error.detail)
        return refusal(error.status_code, plain(message), error.headers)

    @app.exception_handler(ClientGone)
    async def gone(request: Request, error: ClientGone) -> Response:
        return Response(status_code=499)  # nobody reads it; nginx's number for this, in the metrics

    @app.exception_handler(Exception)
    async def bug(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse(unexpected(error), 500)
