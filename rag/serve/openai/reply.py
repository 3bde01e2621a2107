"""One answer in OpenAI's form, whole or in chunks."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from sse_starlette import ServerSentEvent

from rag.serve.openai.addresses import NOTE as BROKEN
from rag.serve.openai.addresses import broken
from rag.serve.openai.citing import Citing
from rag.serve.openai.footer import footer
from rag.serve.openai.input import Asked
from rag.serve.openai.schemas import Annotation, ChatRequest, Usage
from rag.serve.schemas import AskResponse, answer_out, notes_out
from rag.text.tokens import estimate_tokens
from rag.trace import Note
from rag.types import Answer


@dataclass(frozen=True, slots=True)
class Reply:
    """What the chunks of one answer have in common, and what the last of them is made from."""

    request: ChatRequest
    asked: Asked
    citing: Citing
    keeps_links: bool = False
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    def safe(self, text: str) -> str:
        """What of an answer's words is shown."""
        return text if self.keeps_links else broken(text)

    def text(self, answer: Answer) -> str:
        return self.safe(answer.text) + self.footer(answer)

    def footer(self, answer: Answer) -> str:
        """Notes on the request are said once, with the first answer: front ends send the same settings each time."""
        if not self.request.rag.sources_in_text or self.asked.is_task:
            return ""
        return footer(answer, *self.asked.said, *self._broken(answer))

    def annotations(self, answer: Answer) -> list[Annotation]:
        return self.citing.annotations(answer, self.safe(answer.text), self.asked.question.given)

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
        return data_event(json.dumps(body))


def data_event(text: str) -> ServerSentEvent:
    """Line ends are LF: simple clients cut the stream where two of them are."""
    return ServerSentEvent(text, sep="\n")
