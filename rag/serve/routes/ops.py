"""For those who run a server: is it there, can it answer, how is it doing."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.errors import RagError
from rag.serve.deps import Allowed, Opened
from rag.serve.guard.admission import Admission

log = logging.getLogger("rag.serve")
router = APIRouter(tags=["operation"])

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)


class Metrics:
    """Counts of one server, in the terms of Prometheus."""

    def __init__(self, gate: Admission) -> None:
        self.registry = CollectorRegistry()
        names = ["method", "route"]
        self.requests = Counter("rag_http_requests", "Requests", [*names, "status"], registry=self.registry)
        self.seconds = Histogram(
            "rag_http_request_seconds",
            "Seconds until the response ended",
            names,
            buckets=_SECONDS,
            registry=self.registry,
        )
        inside = Gauge("rag_requests_inside", "Requests that models work for, or that wait", registry=self.registry)
        inside.set_function(lambda: gate.n_inside)


@dataclass(frozen=True)
class Observer:
    """Counts and logs every request: method, route, status, time; never a query, a body or a token."""

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 499

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        finally:
            seconds = time.perf_counter() - started
            # The route's pattern, not the path: a path holds names of documents, and each would be a series of its own.
            method, route = scope["method"], getattr(scope.get("route"), "path", "other")
            if method not in _METHODS:
                method = "OTHER"
            self.metrics.requests.labels(method, route, str(status)).inc()
            self.metrics.seconds.labels(method, route).observe(seconds)
            log.info("%s %s %s %.0f ms", method, route, status, seconds * 1000)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "not yet, or not any more"}})
async def readyz(request: Request, library: Opened) -> Response:
    """The store answers and the models are loaded."""
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
    return JSONResponse({"status": "ready"})


@router.get("/metrics", response_class=Response)
async def metrics(request: Request, access: Allowed) -> Response:
    """For Prometheus."""
    data = await to_thread.run_sync(generate_latest, request.app.state.metrics.registry)
    return Response(data, media_type=CONTENT_TYPE_LATEST)
