"""Streams of server-sent events that end well: errors are said in the stream, a client that leaves stops the work."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable
from contextlib import aclosing
from typing import Any, TypeVar

import anyio
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.requests import Request

from rag.errors import RagError
from rag.serve.errors import ClientGone, error_body, unexpected
from rag.types import Answer, AnswerEvent, Event

T = TypeVar("T")

PING_S = 15
SEND_TIMEOUT_S = 60
"""A client that takes nothing for so long is given up: its place belongs to others."""


def event(name: str, data: BaseModel | dict[str, Any]) -> ServerSentEvent:
    text = data.model_dump_json() if isinstance(data, BaseModel) else json.dumps(data, ensure_ascii=False)
    return ServerSentEvent(text, event=name)


def event_stream(request: Request, events: AsyncGenerator[ServerSentEvent, None]) -> EventSourceResponse:
    """A response of events; an error among them becomes an `error` event, and closes it."""
    access = request.state.access

    async def said() -> AsyncIterator[ServerSentEvent]:
        async with aclosing(events):
            try:
                async for item in events:
                    yield item
            except RagError as error:
                yield event("error", error_body(error, access))
            except Exception as error:  # noqa: BLE001 - the status is sent already: the stream has to say it
                yield event("error", unexpected(error))

    return EventSourceResponse(said(), ping=PING_S, send_timeout=SEND_TIMEOUT_S)


async def last_answer(events: AsyncGenerator[Event, None]) -> Answer:
    """The answer that a stream of events ends with."""
    async with aclosing(events):
        return [item.answer async for item in events if isinstance(item, AnswerEvent)][-1]


async def unless_gone(request: Request, work: Awaitable[T]) -> T:
    """What the work gives; it is cancelled when the client goes away.

    Raises:
        ClientGone: it did.
    """
    done: list[T] = []
    failed: list[Exception] = []

    async def watch(scope: anyio.CancelScope) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        scope.cancel()

    async with anyio.create_task_group() as group:
        group.start_soon(watch, group.cancel_scope)
        try:
            done.append(await work)
        except Exception as error:  # noqa: BLE001 - raised below: out of the group it would come in a wrapper
            failed.append(error)
        group.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise ClientGone
    return done[0]
