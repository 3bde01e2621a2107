"""For those who run a server: is it there, can it answer, how is it doing."""

from __future__ import annotations

import logging

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from rag.errors import RagError
from rag.serve.deps import Allowed, Opened

log = logging.getLogger("rag.serve")
router = APIRouter(tags=["operation"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "not yet, or not any more"}})
async def readyz(request: Request, library: Opened) -> Response:
    """The store answers and the models are loaded. `documents_without_records`: as it was at the start."""
    if request.app.state.leaving.is_leaving:
        return JSONResponse({"status": "stopping"}, 503)
    if not request.app.state.warm.is_set():
        return JSONResponse({"status": "loading models"}, 503)
    if request.app.state.broken:
        return JSONResponse({"status": request.app.state.broken}, 503)
    try:
        await to_thread.run_sync(library.names)
    except RagError:
        return JSONResponse({"status": "the store cannot be reached"}, 503)
    try:
        await to_thread.run_sync(library.models.text_embedder.embed_query, "ready?")
    except Exception as error:  # noqa: BLE001 - whatever a model raises, it cannot answer
        log.error("the text model does not answer: %s", error)
        return JSONResponse({"status": "a model does not answer; the server's log says why"}, 503)
    damaged = request.app.state.n_damaged
    return JSONResponse({"status": "ready", **({"documents_without_records": damaged} if damaged else {})})


@router.get("/metrics", response_class=Response)
async def metrics(library: Opened, access: Allowed) -> Response:
    """For Prometheus."""
    data = await to_thread.run_sync(generate_latest, library.metrics.registry)
    return Response(data, media_type=CONTENT_TYPE_LATEST)
