"""What goes wrong, as HTTP: a status, a type for programs, a sentence for people; never a trace."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse

from rag import errors
from rag.serve.guard.access import Access, Forbidden
from rag.serve.guard.admission import TooBusy
from rag.serve.requests_log import current_id
from rag.serve.uploads.process import IngestStopped, JobCancelled
from rag.text.quoting import plain

log = logging.getLogger("rag.serve")

_STATUS: Mapping[type[errors.RagError], int] = {
    TooBusy: 429,
    Forbidden: 403,
    errors.ConfigError: 422,
    errors.FilterSyntaxError: 422,
    errors.ImageError: 415,
    errors.AssetError: 404,
    errors.KnowledgeBaseNotFound: 404,
    errors.FingerprintMismatch: 409,
    errors.StoreError: 503,
    errors.ModelError: 503,
    errors.ChatError: 503,
    errors.IngestError: 422,
    IngestStopped: 503,
    JobCancelled: 409,
}
_STATUS_TYPES = {
    400: "bad_request", 401: "token_needed", 403: "forbidden", 404: "not_found", 405: "method_not_allowed",
    408: "timed_out", 409: "conflict", 413: "too_large", 415: "unsupported_media_type", 421: "unknown_host",
    429: "too_busy", 503: "unavailable", 507: "no_room",
}  # fmt: skip
RETRY_AFTER_S = 2
_OF_THE_MACHINE = (errors.StoreError, errors.ModelError, errors.FingerprintMismatch)
"""What they say may name files of the server. A ConfigError does not: during a request it is the caller's mistake."""


_PATH = re.compile(r"(?<![\w:/.])(?:[A-Za-z]:)?[/\\](?:[^\s/\\'\":,;()]+[/\\])+([^\s/\\'\":,;()]*)")
"""An absolute path of at least two parts; `https://host/path` is none."""


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


def status_of(error: errors.RagError) -> int:
    """The HTTP status of an error; that of its closest ancestor."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def message_of(error: errors.RagError, access: Access) -> str:
    """What is said of it. Nobody learns where things lie on the machine, and who sees only some knowledge bases learns
    nothing of it; the log has it all."""
    message = plain(str(error))
    if isinstance(error, errors.ImageError):  # one that wants an extra tells how to install it, and where
        return without_paths(message)
    if not isinstance(error, _OF_THE_MACHINE):
        return message
    log.error("%s: %s", type(error).__name__, message)
    if access.is_limited:
        return "this cannot be done at present; whoever runs the server finds the reason in its log"
    return without_paths(message)


def without_paths(message: str) -> str:
    """The message with the last part of each path only: where things lie on the server is nobody's business."""
    return _PATH.sub(lambda found: found[1] or "a folder of the server", message)


def error_body(error: errors.RagError, access: Access) -> dict[str, Any]:
    """`{"error": {"type", "message"}}`; a filter's error also has `position`, from 0."""
    position = {"position": error.position} if isinstance(error, errors.FilterSyntaxError) else {}
    return said(error.code, message_of(error, access), **position)


def said(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """`{"error": {"type", "message"}}`, with the id of the request by which its lines are found in the log."""
    request_id = {"request_id": current_id()} if current_id() else {}
    return {"error": {"type": kind, "message": message, **more, **request_id}}


def refusal(status: int, message: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """A response for what is refused before it reaches a route."""
    body = said(_STATUS_TYPES.get(status, "error"), message)
    if status == 429:
        headers = {"Retry-After": str(RETRY_AFTER_S), **(headers or {})}
    return JSONResponse(body, status, dict(headers or {}))


def unexpected(error: BaseException) -> dict[str, Any]:
    """The body for a bug of ours: logged with its trace here, said without it there."""
    log.error("unexpected error", exc_info=error)
    return said("internal_error", "this is a bug; the server's log has what happened")
