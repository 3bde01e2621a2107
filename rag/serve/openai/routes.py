"""OpenAI's API over knowledge bases, each as a model: whatever speaks it can be pointed here.

Everything that OpenAI's API has no place for is in one field, `rag`, of requests and answers, because front ends give
`sources`, `citations` and `top_k` meanings of their own: Open WebUI fails to draw an answer that has other `sources`
than its own kind.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request, Response
from sse_starlette import ServerSentEvent

from rag.serve.deps import Allowed, Opened
from rag.serve.openai.asking import asked_by, check_model, pieces
from rag.serve.openai.errors import OpenAIRoute
from rag.serve.openai.reply import Reply, data_event
from rag.serve.openai.schemas import ChatCompletion, ChatRequest, Choice, ModelList, ModelOut, ReplyMessage, Waiting
from rag.serve.schemas import SourcesOut, notes_out, sources_out, status_out
from rag.serve.sse import event_stream, last_answer, unless_gone
from rag.types import Answer, Event, QuoteEvent, SourcesEvent, StatusEvent

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=OpenAIRoute)

ModelPath = Annotated[str, Path(max_length=64, description="a knowledge base")]


@router.get("/models")
async def list_models(library: Opened, access: Allowed) -> ModelList:
    """The knowledge bases that the caller may see, as models."""
    names = access.visible(await to_thread.run_sync(library.names))
    return ModelList(data=[ModelOut(id=name) for name in names])


@router.get("/models/{model}")
async def get_model(request: Request, model: ModelPath) -> ModelOut:
    """One of them."""
    await check_model(request, model)
    return ModelOut(id=model)


@router.post(
    "/chat/completions",
    response_model=ChatCompletion,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def chat_completions(request: Request, wanted: ChatRequest) -> Response | ChatCompletion:
    """An answer with checked citations to the last message of the user. With `stream`: chunks, then `[DONE]`."""
    reply, events = await asked_by(request, wanted)
    if wanted.stream:
        # What is wrong with the request shows before the first event, and can still be said with a status.
        first = await unless_gone(request, anext(events))
        return event_stream(request, _chunks(reply, first, events))
    answer = await unless_gone(request, last_answer(events))
    message = ReplyMessage(content=reply.text(answer), annotations=reply.annotations(answer))
    return ChatCompletion(
        id=reply.id,
        created=reply.created,
        model=wanted.model,
        choices=[Choice(message=message, finish_reason=answer.stopped)],
        usage=reply.usage(answer),
        rag=reply.rag(answer),
    )


async def _chunks(
    reply: Reply, first: Event, rest: AsyncGenerator[Event, None]
) -> AsyncGenerator[ServerSentEvent, None]:
    """The role and the sources; the words; the footer; why it ended, with the whole answer; the usage; the end."""
    async with aclosing(rest):
        assert isinstance(first, SourcesEvent)
        sources = SourcesOut(
            sources=sources_out(first.hits, first.numbers), notes=notes_out((*reply.asked.notes, *first.notes))
        )
        yield reply.chunk({"delta": {"role": "assistant", "content": ""}}, rag=sources)
        async for piece in pieces(reply, rest):
            if isinstance(piece, str):
                yield reply.chunk({"delta": {"content": piece}})
            elif isinstance(piece, StatusEvent):
                yield reply.chunk({"delta": {"content": ""}}, rag=Waiting(status=status_out(piece)))
            elif isinstance(piece, QuoteEvent):
                yield reply.chunk({"delta": {"content": ""}}, rag=Waiting(quote=piece.text))
            else:
                for last in _ending(reply, piece.answer, piece.words):
                    yield last


def _ending(reply: Reply, answer: Answer, end: str) -> list[ServerSentEvent]:
    cited = {"annotations": [each.model_dump() for each in reply.annotations(answer)]}
    delta = {"content": end, **(cited if cited["annotations"] else {})}
    chunks = [reply.chunk({"delta": delta})] if end or cited["annotations"] else []
    chunks.append(reply.chunk({"delta": {}, "finish_reason": answer.stopped}, rag=reply.rag(answer)))
    if reply.request.stream_options and reply.request.stream_options.include_usage:
        chunks.append(reply.chunk(usage=reply.usage(answer)))
    return [*chunks, data_event("[DONE]")]
