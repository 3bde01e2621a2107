"""OpenAI's API over knowledge bases, each as a model: whatever speaks it can be pointed here.

Everything that OpenAI's API has no place for is in one field, `rag`, of requests and answers, because front ends give
`sources`, `citations` and `top_k` meanings of their own: Open WebUI fails to draw an answer that has other `sources`
than its own kind.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from rag.answers.held.reply import said_late
from rag.errors import KnowledgeBaseNotFound
from rag.serve.deps import Allowed, Opened, opened
from rag.serve.guard.access import Access
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.openai.addresses import NOTE as BROKEN
from rag.serve.openai.addresses import AddressBreaker, broken
from rag.serve.openai.errors import OpenAIRoute
from rag.serve.openai.footer import footer
from rag.serve.openai.input import Asked, understood
from rag.serve.openai.schemas import (
    ChatCompletion,
    ChatRequest,
    Choice,
    ModelList,
    ModelOut,
    ReplyMessage,
    Usage,
    Waiting,
)
from rag.serve.schemas import AskResponse, SourcesOut, answer_out, notes_out, sources_out, status_out
from rag.serve.sse import event_stream, last_answer, unless_gone
from rag.text.tokens import estimate_tokens
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Event, QuoteEvent, SourcesEvent, StatusEvent, TokenEvent

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=OpenAIRoute)

ModelPath = Annotated[str, Path(max_length=64, description="a knowledge base")]


@dataclass(frozen=True, slots=True)
class _Reply:
    """What the chunks of one answer have in common, and what the last of them is made from."""

    request: ChatRequest
    asked: Asked
    keeps_links: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def safe(self, text: str) -> str:
        """What of an answer's words is shown."""
        return text if self.keeps_links else broken(text)

    def text(self, answer: Answer) -> str:
        return self.safe(answer.text) + self.footer(answer)

    def footer(self, answer: Answer) -> str:
        if not self.request.rag.sources_in_text:
            return ""
        return footer(answer, *self._broken(answer))

    def rag(self, answer: Answer) -> AskResponse:
        out = answer_out(answer)
        return out.model_copy(
            update={"notes": [*notes_out(self.asked.notes), *out.notes, *notes_out(self._broken(answer))]}
        )

    def _broken(self, answer: Answer) -> list[Note]:
        return [BROKEN] if self.safe(answer.text) != answer.text else []

    def usage(self, answer: Answer) -> Usage:
        """Counted by the model's server; estimated where no model wrote the answer, or its end was not waited for."""
        counted = answer.tokens
        n_sent = counted.read if counted else sum(estimate_tokens(message.text) for message in self.request.messages)
        n_back = counted.written if counted else estimate_tokens(answer.text)
        return Usage(prompt_tokens=n_sent, completion_tokens=n_back, total_tokens=n_sent + n_back)

    def chunk(self, *choices: dict[str, Any], **more: BaseModel) -> ServerSentEvent:
        options = self.request.stream_options
        body = {
            **({"usage": None} if options and options.include_usage else {}),
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.request.model,
            "choices": [{"index": 0, "finish_reason": None, **choice} for choice in choices],
            **{name: value.model_dump(mode="json") for name, value in more.items()},
        }
        return _data(json.dumps(body))


@router.get("/models")
async def list_models(library: Opened, access: Allowed) -> ModelList:
    """The knowledge bases that the caller may see, as models."""
    names = access.visible(await to_thread.run_sync(library.names))
    return ModelList(data=[ModelOut(id=name) for name in names])


@router.get("/models/{model}")
async def get_model(library: Opened, access: Allowed, model: ModelPath) -> ModelOut:
    """One of them."""
    await _check(library, access, model)
    return ModelOut(id=model)


@router.post(
    "/chat/completions",
    response_model=ChatCompletion,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def chat_completions(
    request: Request, library: Opened, access: Allowed, wanted: ChatRequest
) -> Response | ChatCompletion:
    """An answer with checked citations to the last message of the user. With `stream`: chunks, then `[DONE]`."""
    await _check(library, access, wanted.model)
    kb = await opened(request, library, wanted.model)
    asked = understood(wanted)
    reply = _Reply(wanted, asked, library.settings.serve_links)
    events = library.metrics.answering(kb.astream(asked.question))
    if wanted.stream:
        # What is wrong with the request shows before the first event, and can still be said with a status.
        first = await unless_gone(request, anext(events))
        return event_stream(request, _chunks(reply, first, events))
    answer = await unless_gone(request, last_answer(events))
    message = ReplyMessage(content=reply.text(answer))
    return ChatCompletion(
        id=reply.id,
        created=reply.created,
        model=wanted.model,
        choices=[Choice(message=message, finish_reason=answer.stopped)],
        usage=reply.usage(answer),
        rag=reply.rag(answer),
    )


async def _check(library: OpenKnowledgeBases, access: Access, model: str) -> None:
    """`gpt-4o` is no name that a knowledge base can have, but to clients it is a model that is not there.

    Raises:
        KnowledgeBaseNotFound: there is none of that name for this caller.
    """
    access.check(model)
    if model not in await to_thread.run_sync(library.names):
        raise KnowledgeBaseNotFound(f"there is no knowledge base '{model:.64}'; GET /v1/models lists them")


async def _chunks(
    reply: _Reply, first: Event, rest: AsyncGenerator[Event, None]
) -> AsyncGenerator[ServerSentEvent, None]:
    """The role and the sources; the words; the footer; why it ended, with the whole answer; the usage; the end."""
    async with aclosing(rest):
        assert isinstance(first, SourcesEvent)
        sources = SourcesOut(
            sources=sources_out(first.hits, first.numbers), notes=notes_out((*reply.asked.notes, *first.notes))
        )
        yield reply.chunk({"delta": {"role": "assistant", "content": ""}}, rag=sources)
        said, breaker = "", AddressBreaker()
        async for item in rest:
            if isinstance(item, TokenEvent):
                said += item.text
                if text := item.text if reply.keeps_links else breaker.feed(item.text):
                    yield reply.chunk({"delta": {"content": text}})
            elif isinstance(item, StatusEvent):
                yield reply.chunk({"delta": {"content": ""}}, rag=Waiting(status=status_out(item)))
            elif isinstance(item, QuoteEvent):
                yield reply.chunk({"delta": {"content": ""}}, rag=Waiting(quote=reply.safe(item.text)))
            elif isinstance(item, AnswerEvent):
                for last in _ending(reply, item.answer, said, breaker.flush()):
                    yield last


def _ending(reply: _Reply, answer: Answer, said: str, held: str) -> list[ServerSentEvent]:
    late = reply.safe(said_late(answer, said))
    end = f"{held}\n\n{late}{reply.footer(answer)}" if late else f"{held}{reply.footer(answer)}"
    chunks = [reply.chunk({"delta": {"content": end}})] if end else []
    chunks.append(reply.chunk({"delta": {}, "finish_reason": answer.stopped}, rag=reply.rag(answer)))
    if reply.request.stream_options and reply.request.stream_options.include_usage:
        chunks.append(reply.chunk(usage=reply.usage(answer)))
    return [*chunks, _data("[DONE]")]


def _data(text: str) -> ServerSentEvent:
    """Line ends are LF: simple clients cut the stream where two of them are."""
    return ServerSentEvent(text, sep="\n")
