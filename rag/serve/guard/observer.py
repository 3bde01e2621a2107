"""What sees every request first: gives it an id, counts it, logs it."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rag.serve.metrics import Metrics
from rag.serve.requests_log import HEADER, begin
from rag.text.quoting import plain

log = logging.getLogger("rag.serve")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_QUIET = ("/healthz", "/readyz", "/metrics")
_MAX_PATH_CHARS = 200


@dataclass(frozen=True)
class Observer:
    """Counts and logs every request: id, client, method, route, status, time; never a query, a body or a token.

    Of a refused one the path is logged, too, without what stands behind its `?`.
    """

    app: ASGIApp
    metrics: Metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, status = time.perf_counter(), 499
        request_id = begin(Headers(scope=scope).get(HEADER, ""))

        async def noticed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        try:
            await self.app(scope, receive, noticed)
        finally:
            self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # The route's pattern, not the path: a path holds names of documents, and each would be a series of its own.
        method, route = scope["method"], getattr(scope.get("route"), "path", "other")
        if method not in _METHODS:
            method = "OTHER"
        self.metrics.request(method, route, status, seconds)
        client = (scope.get("client") or ("-",))[0]
        ms = round(seconds * 1000)
        facts = {"method": method, "route": route, "status": status, "ms": ms, "client": client}
        level = logging.DEBUG if status < 400 and scope["path"] in _QUIET else logging.INFO
        if status < 400:
            log.log(level, "%s %s %s %d ms %s", method, route, status, ms, client, extra=facts)
            return
        path = " ".join(plain(scope["path"]).split())[:_MAX_PATH_CHARS]
        log.info("%s %s %s %d ms %s", method, path, status, ms, client, extra={**facts, "path": path})
