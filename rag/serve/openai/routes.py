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

from rag.answers.held.reply import said_late
from rag.errors import KnowledgeBaseNotFound
from rag.question import Question
from rag.serve.deps import Allowed, Opened, opened
from rag.serve.guard.access import Access
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from rag.serve.openai.addresses import AddressBreaker
from rag.serve.openai.citing import Citing
from rag.serve.openai.errors import OpenAIRoute
from rag.serve.openai.front_ends.tasks import TASK, Task, task_of
from rag.serve.openai.input import Asked, understood
from rag.serve.openai.reply import Reply, data_event
from rag.serve.openai.schemas import ChatCompletion, ChatRequest, Choice, ModelList, ModelOut, ReplyMessage, Waiting
from rag.serve.schemas import SourcesOut, notes_out, sources_out, status_out
from rag.serve.sse import event_stream, last_answer, unless_gone
from rag.serve.told import told_events
from rag.types import Answer, AnswerEvent, Event, QuoteEvent, SourcesEvent, StatusEvent, TokenEvent

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=OpenAIRoute)

ModelPath = Annotated[str, Path(max_length=64, description="a knowledge base")]


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
    task = task_of(wanted.messages)
    if task is not None:
        asked, events = Asked(Question("task"), (TASK,), is_task=True), _performed(task)
    else:
        asked = understood(wanted)
        events = told_events(library.metrics.answering(kb.astream(asked.question)), access)
    citing = Citing(library.links, wanted.model, library.settings.serve_url or str(request.base_url))
    reply = Reply(wanted, asked, citing, keeps_links=library.settings.serve_links)
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


async def _performed(task: Task) -> AsyncGenerator[Event, None]:
    """A front end's own task as an answer without sources."""
    text = task.reply()
    yield SourcesEvent(())
    yield TokenEvent(text)
    yield AnswerEvent(Answer(text, (), ()))


async def _check(library: OpenKnowledgeBases, access: Access, model: str) -> None:
    """`gpt-4o` is no name that a knowledge base can have, but to clients it is a model that is not there.

    Raises:
        KnowledgeBaseNotFound: there is none of that name for this caller.
    """
    access.check(model)
    if model not in await to_thread.run_sync(library.names):
        raise KnowledgeBaseNotFound(f"there is no knowledge base '{model:.64}'; GET /v1/models lists them")


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


def _ending(reply: Reply, answer: Answer, said: str, held: str) -> list[ServerSentEvent]:
    late = reply.safe(said_late(answer, said))
    end = f"{held}\n\n{late}{reply.footer(answer)}" if late else f"{held}{reply.footer(answer)}"
    cited = {"annotations": [each.model_dump() for each in reply.annotations(answer)]}
    delta = {"content": end, **(cited if cited["annotations"] else {})}
    chunks = [reply.chunk({"delta": delta})] if end or cited["annotations"] else []
    chunks.append(reply.chunk({"delta": {}, "finish_reason": answer.stopped}, rag=reply.rag(answer)))
    if reply.request.stream_options and reply.request.stream_options.include_usage:
        chunks.append(reply.chunk(usage=reply.usage(answer)))
    return [*chunks, data_event("[DONE]")]
