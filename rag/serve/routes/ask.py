"""Questions over HTTP: search, and answers that stream."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response
from sse_starlette import ServerSentEvent

from rag.errors import RagError
from rag.knowledge_base import KnowledgeBase
from rag.question import Question
from rag.serve.deps import Allowed, KbPath, Opened, opened
from rag.serve.inputs.bodies import body_of, body_schema, turns_of
from rag.serve.inputs.pictures import picture
from rag.serve.routes.openapi import EVENTS
from rag.serve.routes.understood import understood_out
from rag.serve.schemas import (
    AskRequest,
    AskResponse,
    QuoteOut,
    SearchRequest,
    SearchResponse,
    SourcesOut,
    TokenOut,
    answer_out,
    notes_out,
    search_out,
    sources_out,
    status_out,
)
from rag.serve.sse import event, event_stream, last_answer, unless_gone
from rag.serve.told import told_events, told_result
from rag.types import Event, QuoteEvent, SourcesEvent, StatusEvent, TokenEvent

log = logging.getLogger("rag.serve")
router = APIRouter(prefix="/v1", tags=["questions"])


@router.post("/search", response_model=SearchResponse, openapi_extra=body_schema(SearchRequest))
async def search(
    request: Request, library: Opened, access: Allowed, asked: Annotated[SearchRequest, Depends(body_of(SearchRequest))]
) -> SearchResponse:
    """The passages and pictures closest to words, a picture, or both; each with what every channel thought of it.

    With neither, the documents that match `where`, in the order of `sort`.
    """
    kb = await opened(request, library, asked.kb)
    question = Question(
        asked.question,
        picture(asked.image),
        asked.where,
        asked.top_k,
        sort=asked.sort,
        understand=asked.understand,
        as_words=tuple(asked.as_words),
    )
    found = library.metrics.searched(await unless_gone(request, kb.asearch(question)))
    return search_out(told_result(found, access))


@router.post(
    "/ask",
    response_model=AskResponse,
    openapi_extra=body_schema(AskRequest),
    responses={200: {"content": EVENTS}},
)
async def ask(
    request: Request, library: Opened, access: Allowed, asked: Annotated[AskRequest, Depends(body_of(AskRequest))]
) -> Response | AskResponse:
    """An answer with checked citations; with `stream` events: `sources`, `quote`, `status`, `token`, `answer`."""
    kb = await opened(request, library, asked.kb)
    history = tuple(turns_of(asked.history))
    image = picture(asked.image)
    question = Question(
        asked.question,
        image,
        asked.where,
        asked.top_k,
        history,
        asked.sampling(),
        understand=asked.understand,
        as_words=tuple(asked.as_words),
    )
    events = told_events(library.metrics.answering(kb.astream(question)), access)
    if asked.stream:
        return event_stream(request, _events(events))
    return answer_out(await unless_gone(request, last_answer(events)))


@router.post("/kb/{kb}/warm", status_code=204)
async def warm(request: Request, library: Opened, kb: KbPath, afterwards: BackgroundTasks) -> None:
    """Has the chat model loaded while the first question is still typed. Answers at once."""
    afterwards.add_task(_warmed, await opened(request, library, kb))


async def _warmed(kb: KnowledgeBase) -> None:
    try:
        await kb.warm()
    except RagError as error:  # said to whoever asks
        log.info("nothing to warm up: %s", error)


async def _events(events: AsyncGenerator[Event, None]) -> AsyncGenerator[ServerSentEvent, None]:
    async with aclosing(events) as stream:
        async for item in stream:
            if isinstance(item, SourcesEvent):
                sources, notes = sources_out(item.hits, item.numbers), notes_out(item.notes)
                understood = understood_out(item.understood)
                yield event("sources", SourcesOut(sources=sources, notes=notes, understood=understood))
            elif isinstance(item, TokenEvent):
                yield event("token", TokenOut(text=item.text))
            elif isinstance(item, StatusEvent):
                yield event("status", status_out(item))
            elif isinstance(item, QuoteEvent):
                yield event("quote", QuoteOut(text=item.text))
            else:
                yield event("answer", answer_out(item.answer))
