"""Responses as OpenAI's clients send and expect them, as types."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rag.serve.openai.input import Unsupported
from rag.serve.openai.schemas import ChatRequest, Extras, ImagePart, ImageUrl, Message, TextPart
from rag.serve.schemas import AskResponse, KbName


class InputText(BaseModel):
    type: Literal["input_text", "output_text", "text"]
    text: str


class InputImage(BaseModel):
    type: Literal["input_image"]
    image_url: str = Field(description="a data: URL, or base64; nothing is fetched from elsewhere")


Part = Annotated[InputText | InputImage, Field(discriminator="type")]


class InputMessage(BaseModel):
    """One message of the conversation, or an earlier answer as it came."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]

    def message(self) -> Message:
        if isinstance(self.content, str):
            return Message(role=self.role, content=self.content)
        parts = [
            TextPart(type="text", text=part.text)
            if isinstance(part, InputText)
            else ImagePart(type="image_url", image_url=ImageUrl(url=part.image_url))
            for part in self.content
        ]
        return Message(role=self.role, content=parts)


def _messages(given: Any) -> Any:
    """What else may stand among the input says nothing to a knowledge base: thoughts, calls, references."""
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if isinstance(given, list):
        return [item for item in given if not isinstance(item, dict) or item.get("type", "message") == "message"]
    return given


class ResponsesRequest(BaseModel):
    """A request; settings that are not listed here are let in, and named in the notes or refused."""

    model_config = ConfigDict(extra="allow")

    model: KbName
    input: Annotated[
        list[InputMessage],
        Field(min_length=1, max_length=10_000),
        BeforeValidator(_messages, json_schema_input_type=str | list[InputMessage]),
    ]
    instructions: str | None = None
    stream: bool | None = False
    temperature: float | None = Field(None, ge=0, le=2)
    top_p: float | None = Field(None, ge=0, le=1)
    max_output_tokens: int | None = Field(None, ge=1)
    rag: Extras = Extras()

    def chat(self) -> ChatRequest:
        """The same as a chat completion's request.

        Raises:
            Unsupported: it goes on from something that was not kept, or wants another form than text.
        """
        others = dict(self.model_extra or {})
        for name in ("previous_response_id", "conversation", "prompt", "background"):
            if others.pop(name, None):
                raise Unsupported(name, f"nothing is kept here: send the whole conversation as input, without {name}")
        form = others.pop("text", None)
        kind = ((form or {}).get("format") or {}).get("type", "text") if isinstance(form, dict) else "text"
        if kind != "text":
            raise Unsupported("text.format", "answers are text with citations: text.format can only be of type 'text'")
        for name in ("store", "include", "metadata", "reasoning", "truncation", "parallel_tool_calls"):
            others.pop(name, None)
        told = [Message(role="system", content=self.instructions)] if self.instructions else []
        return ChatRequest(
            **{name: value for name, value in others.items() if name not in ChatRequest.model_fields},
            model=self.model,
            messages=[*told, *(item.message() for item in self.input)],
            stream=self.stream,
            temperature=self.temperature,
            top_p=self.top_p,
            max_completion_tokens=self.max_output_tokens,
            rag=self.rag,
        )


class TextAnnotation(BaseModel):
    """As in a chat completion, without the box around it."""

    type: Literal["url_citation"] = "url_citation"
    start_index: int
    end_index: int
    url: str
    title: str
    thumbnail: str | None = None


class OutputText(BaseModel):
    type: Literal["output_text"] = "output_text"
    text: str
    annotations: list[TextAnnotation] = []
    logprobs: list[Any] = []


class OutputMessage(BaseModel):
    type: Literal["message"] = "message"
    id: str
    role: Literal["assistant"] = "assistant"
    status: Literal["in_progress", "completed", "incomplete"]
    content: list[OutputText]


class CachedTokens(BaseModel):
    cached_tokens: int = 0


class ReasoningTokens(BaseModel):
    reasoning_tokens: int = 0


class ResponseUsage(BaseModel):
    input_tokens: int
    input_tokens_details: CachedTokens = CachedTokens()
    output_tokens: int
    output_tokens_details: ReasoningTokens = ReasoningTokens()
    total_tokens: int


class Incomplete(BaseModel):
    reason: Literal["max_output_tokens"] = "max_output_tokens"


class ResponseOut(BaseModel):
    """An answer; `rag` is what POST /v1/ask would have given, null before it has ended."""

    id: str
    object: Literal["response"] = "response"
    created_at: int
    status: Literal["in_progress", "completed", "incomplete"]
    model: str
    output: list[OutputMessage] = []
    usage: ResponseUsage | None = None
    error: None = None
    incomplete_details: Incomplete | None = None
    instructions: str | None = None
    metadata: dict[str, str] = {}
    parallel_tool_calls: bool = False
    temperature: float | None = None
    top_p: float | None = None
    tool_choice: Literal["none"] = "none"
    tools: list[Any] = []
    rag: AskResponse | None = None
