"""One question of an OpenAI client, from its request to the pieces of its answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeAlias

from anyio import to_thread
from fastapi import Request

from rag.answers.held.reply import said_late
from rag.errors import KnowledgeBaseNotFound
from rag.question import Question
from rag.serve.deps import access_of, library_of, opened
from rag.serve.openai.addresses import AddressBreaker
from rag.serve.openai.citing import Citing
from rag.serve.openai.front_ends.tasks import TASK, Task, task_of
from rag.serve.openai.input import Asked, understood
from rag.serve.openai.reply import Reply
from rag.serve.openai.schemas import ChatRequest
from rag.serve.told import told_events
from rag.types import Answer, AnswerEvent, Event, QuoteEvent, SourcesEvent, StatusEvent, TokenEvent


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of an answer: its last words, with the files behind its numbers, and the whole."""

    words: str
    answer: Answer


Piece: TypeAlias = str | StatusEvent | QuoteEvent | Ended


async def asked_by(request: Request, wanted: ChatRequest) -> tuple[Reply, AsyncGenerator[Event, None]]:
    """What is common to the answer, and its events.

    Raises:
        RagError: the request cannot be as it is.
    """
    library, access = library_of(request), access_of(request)
    await check_model(request, wanted.model)
    kb = await opened(request, library, wanted.model)
    task = task_of(wanted.messages)
    if task is not None:
        asked, events = Asked(Question("task"), (TASK,), is_task=True), _performed(task)
    else:
        asked = understood(wanted)
        events = told_events(library.metrics.answering(kb.astream(asked.question)), access)
    citing = Citing(library.links, wanted.model, library.settings.serve_url or str(request.base_url))
    return Reply(wanted, asked, citing, keeps_links=library.settings.serve_links), events


async def check_model(request: Request, model: str) -> None:
    """`gpt-4o` is no name that a knowledge base can have, but to clients it is a model that is not there.

    Raises:
        KnowledgeBaseNotFound: there is none of that name for this caller.
    """
    access_of(request).check(model)
    if model not in await to_thread.run_sync(library_of(request).names):
        raise KnowledgeBaseNotFound(f"there is no knowledge base '{model:.64}'; GET /v1/models lists them")


async def pieces(reply: Reply, events: AsyncGenerator[Event, None]) -> AsyncGenerator[Piece, None]:
    """What is sent of an answer, without its sources; `Ended` comes last."""
    said, breaker = "", AddressBreaker()
    async with aclosing(events):
        async for item in events:
            if isinstance(item, TokenEvent):
                said += item.text
                if text := item.text if reply.keeps_links else breaker.feed(item.text):
                    yield text
            elif isinstance(item, StatusEvent):
                yield item
            elif isinstance(item, QuoteEvent):
                yield QuoteEvent(reply.safe(item.text))
            elif isinstance(item, AnswerEvent):
                late, held, footer = said_late(item.answer, said), breaker.flush(), reply.footer(item.answer)
                yield Ended(f"{held}\n\n{reply.safe(late)}{footer}" if late else f"{held}{footer}", item.answer)


async def _performed(task: Task) -> AsyncGenerator[Event, None]:
    """A front end's own task as an answer without sources."""
    text = task.reply()
    yield SourcesEvent(())
    yield TokenEvent(text)
    yield AnswerEvent(Answer(text, (), ()))
