"""pymilvus's exceptions as ours: what happened, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import grpc
from pymilvus.exceptions import MilvusException

from rag.errors import StoreAuthError, StoreError, StoreUnreachable

_CONNECT_FAILED = 2
_MISSING = {4, 100}
_NOT_LOADED = {101}
_AUTH = {1400, 1401, 1402, 1800, 1801}
_TRANSIENT = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED, grpc.StatusCode.RESOURCE_EXHAUSTED}


class CollectionMissing(StoreError):
    """The collection is gone: dropped by somebody else since we looked."""


class NotLoaded(StoreError):
    """The collection is not in the server's memory: another process is rebuilding its index."""


class Interrupted(StoreUnreachable):
    """The connection broke; the same request may work in a moment."""


class HostGone(Interrupted):
    """The process that had the embedded store open for this one has ended."""


def translate(error: Exception, uri: str, doing: str, *, is_lite: bool = False) -> StoreError:
    """The StoreError to raise in place of anything that pymilvus or gRPC raised.

    Args:
        error: as caught.
        uri: the server, or the path of the embedded store.
        doing: the operation, for the message: `search`, `connect`.
        is_lite: whether it is the embedded store.
    """
    late, silent, check = (
        (f"the process that has {uri} open did not", f"the process that has {uri} open does not answer", _CHECK_PROCESS)
        if is_lite
        else (f"the Milvus server at {uri} did not", f"no Milvus server answers at {uri}", _CHECK_SERVER)
    )
    status = _grpc_status(error)
    code, message = getattr(error, "code", None), _message(error)
    if status in (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED) or code in _AUTH:
        return StoreAuthError(
            f"the Milvus server at {uri} refuses the token ({message}). "
            "Set RAG_STORE_TOKEN to 'user:password' or an API key that it knows."
        )
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return StoreUnreachable(f"{late} answer '{doing}' in time. {check}")
    if status is grpc.StatusCode.UNIMPLEMENTED:
        return StoreUnreachable(
            f"what answers at {uri} is not a Milvus server of 2.3 or later ({message}). "
            "RAG_STORE_URI must name its gRPC port, usually 19530."
        )
    if status in _TRANSIENT or code == _CONNECT_FAILED or "closed channel" in message:
        return Interrupted(f"{silent} ({message}). {check}")
    if code in _MISSING:
        return CollectionMissing(f"the collection is gone from {uri} ({message})")
    if code in _NOT_LOADED:
        return NotLoaded(f"the collection at {uri} is being re-indexed by another process; try again in a moment")
    return StoreError(f"Milvus at {uri} failed to {doing.replace('_', ' ')}: {message}")


_CHECK_PROCESS = "It may be busy, or stopped in the middle: try again, or end it."
_CHECK_SERVER = "Start it ('docker compose up -d milvus'), check RAG_STORE_URI, or unset it to use the embedded store."


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # pymilvus raises `e from e`
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _grpc_status(error: BaseException) -> grpc.StatusCode | None:
    for link in _chain(error):
        code = link.code() if isinstance(link, grpc.RpcError) and hasattr(link, "code") else getattr(link, "code", None)
        if isinstance(code, grpc.StatusCode):
            return code
    return None


def _message(error: BaseException) -> str:
    """The innermost text that says something, on one line and without anything a terminal would obey."""
    texts = [error.message] if isinstance(error, MilvusException) else []
    texts += [
        link.details() or "" for link in _chain(error) if isinstance(link, grpc.RpcError) and hasattr(link, "details")
    ]
    text = next((text for text in reversed(texts) if text), "") or str(error) or type(error).__name__
    line = re.sub(r"[\x00-\x1f\x7f-\x9f\s]+", " ", text).strip()
    return line if len(line) <= 300 else line[:299] + "…"
