"""`POST /v1/responses`: whole, or as the events that OpenAI's clients put together again."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from rag.serve.openai.asking import Ended, asked_by, pieces
from rag.serve.openai.errors import OpenAIRoute
from rag.serve.openai.reply import Reply
from rag.serve.openai.responses.schemas import (
    Incomplete,
    OutputMessage,
    OutputText,
    ResponseOut,
    ResponsesRequest,
    ResponseUsage,
    TextAnnotation,
)
from rag.serve.sse import event_stream, last_answer, unless_gone
from rag.types import Answer, Event

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=OpenAIRoute)


@router.post(
    "/responses",
    response_model=ResponseOut,
    responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
)
async def create_response(request: Request, wanted: ResponsesRequest) -> Response | ResponseOut:
    """An answer with checked citations, as the text subset of the Responses API. Nothing is kept: no `previous_...`."""
    reply, events = await asked_by(request, wanted.chat())
    made = _Made(reply, wanted)
    if wanted.stream:
        await unless_gone(request, anext(events))  # the sources; what is wrong can still be said with a status
        return event_stream(request, made.events(events))
    return made.whole(await unless_gone(request, last_answer(events)))


@dataclass(slots=True)
class _Made:
    """One response, and the events that it is sent as."""

    reply: Reply
    wanted: ResponsesRequest
    n_sent: int = field(default=0)

    def whole(self, answer: Answer, text: str | None = None) -> ResponseOut:
        """The finished response.

        Args:
            answer: with its sources.
            text: the words as they were streamed; None: as they are.
        """
        text, is_cut = self.reply.text(answer) if text is None else text, answer.stopped == "length"
        usage = self.reply.usage(answer)
        return self._bare(
            status="incomplete" if is_cut else "completed",
            incomplete_details=Incomplete() if is_cut else None,
            output=[self._message("incomplete" if is_cut else "completed", [self._text(answer, text)])],
            usage=ResponseUsage(
                input_tokens=usage.prompt_tokens,
                output_tokens=usage.completion_tokens,
                total_tokens=usage.total_tokens,
            ),
            rag=self.reply.rag(answer),
        )

    async def events(self, rest: AsyncGenerator[Event, None]) -> AsyncGenerator[ServerSentEvent, None]:
        """Created; a message begins; its words; what they cite; all of it again, whole."""
        begun, said = self._bare(status="in_progress"), ""
        yield self._event("response.created", response=begun)
        yield self._event("response.in_progress", response=begun)
        yield self._event("response.output_item.added", output_index=0, item=self._message("in_progress", []))
        yield self._event("response.content_part.added", **self._place(), part=OutputText(text=""))
        async with aclosing(pieces(self.reply, rest)) as sent:
            async for piece in sent:
                words = piece.words if isinstance(piece, Ended) else piece if isinstance(piece, str) else ""
                if words:
                    said += words
                    yield self._event("response.output_text.delta", **self._place(), delta=words, logprobs=[])
                if isinstance(piece, Ended):
                    for last in self._ending(piece.answer, said):
                        yield last

    def _ending(self, answer: Answer, said: str) -> list[ServerSentEvent]:
        whole = self.whole(answer, said)
        part = whole.output[0].content[0]
        cited = [
            self._event("response.output_text.annotation.added", **self._place(), annotation_index=at, annotation=each)
            for at, each in enumerate(part.annotations)
        ]
        return [
            *cited,
            self._event("response.output_text.done", **self._place(), text=said, logprobs=[]),
            self._event("response.content_part.done", **self._place(), part=part),
            self._event("response.output_item.done", output_index=0, item=whole.output[0]),
            self._event(f"response.{whole.status}", response=whole),
        ]

    def _bare(self, **facts: Any) -> ResponseOut:
        asked = self.wanted
        return ResponseOut(
            id=self.reply.id.replace("chatcmpl-", "resp_"),
            created_at=self.reply.created,
            model=asked.model,
            instructions=asked.instructions,
            temperature=asked.temperature,
            top_p=asked.top_p,
            **facts,
        )

    @property
    def _message_id(self) -> str:
        return self.reply.id.replace("chatcmpl-", "msg_")

    def _message(
        self, status: Literal["in_progress", "completed", "incomplete"], content: list[OutputText]
    ) -> OutputMessage:
        return OutputMessage(id=self._message_id, status=status, content=content)

    def _text(self, answer: Answer, text: str) -> OutputText:
        cited = [TextAnnotation(**each.url_citation.model_dump()) for each in self.reply.annotations(answer)]
        return OutputText(text=text, annotations=cited)

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._message_id, "output_index": 0, "content_index": 0}

    def _event(self, kind: str, **facts: Any) -> ServerSentEvent:
        said = {name: value.model_dump() if isinstance(value, BaseModel) else value for name, value in facts.items()}
        body = {"type": kind, "sequence_number": self.n_sent, **said}
        self.n_sent += 1
        return ServerSentEvent(json.dumps(body), event=kind, sep="\n")
