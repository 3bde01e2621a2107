"""Chat completions as OpenAI's clients send and expect them, as types."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from rag.ports import Sampling
from rag.serve.schemas import AskResponse, Body, KbName, SamplingIn, StatusOut, TopK, Where


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class ImageUrl(BaseModel):
    url: str = Field(description="a data: URL, or base64; nothing is fetched from elsewhere")


class ImagePart(BaseModel):
    type: Literal["image_url"]
    image_url: ImageUrl


Part = Annotated[TextPart | ImagePart, Field(discriminator="type")]


class Message(BaseModel):
    """One message of the conversation. Other fields of OpenAI's (`name`, `tool_calls`, ...) are read over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if isinstance(part, TextPart))
        return self.content or ""

    @property
    def pictures(self) -> list[str]:
        """URLs of the pictures in it."""
        parts = self.content if isinstance(self.content, list) else []
        return [part.image_url.url for part in parts if isinstance(part, ImagePart)]


class StreamOptions(BaseModel):
    include_usage: bool = False


class Extras(Body):
    """What can be asked for beyond OpenAI's API.

    It has a field of its own, because clients send a `top_k` that means something else: tokens to sample from.
    """

    where: Where = ""
    top_k: TopK = 8
    sources_in_text: Annotated[
        bool, Field(description="end the text with the files that its [n] stand for, and with the notes")
    ] = True


class ChatRequest(SamplingIn):
    """A request; settings that are not listed here are let in, and named in the notes or refused."""

    model_config = ConfigDict(extra="allow")

    model: KbName
    messages: list[Message] = Field(
        min_length=1, max_length=10_000, description="the last one of the user is the question"
    )
    max_completion_tokens: int | None = Field(None, ge=1, description="as max_tokens, and before it")
    stream: bool | None = False
    stream_options: StreamOptions | SkipJsonSchema[None] = None
    rag: Extras = Extras()

    def sampling(self) -> Sampling:
        made = super().sampling()
        return replace(made, max_tokens=self.max_completion_tokens or made.max_tokens)


class UrlCitation(BaseModel):
    """Where `[n]` first stands in the text (`end_index` 0: nowhere), and a page that shows the source for some days."""

    start_index: int
    end_index: int
    url: str
    title: str
    thumbnail: str | None = Field(None, description="address of the picture, small, for as long")


class Annotation(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class ReplyMessage(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    annotations: list[Annotation] = []


class Choice(BaseModel):
    index: int = 0
    message: ReplyMessage
    finish_reason: Literal["stop", "length"]
    logprobs: None = None


class Usage(BaseModel):
    """As the model's server counted them: the prompt has the sources in it. Estimates of the words that were sent and
    that came back where no model wrote the answer."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class ChatCompletion(BaseModel):
    """An answer; `rag` is what POST /v1/ask would have given, `rag.sources` among it."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]
    usage: Usage
    rag: AskResponse


class Waiting(BaseModel):
    """In the field `rag` of chunks before the first word: what is waited for, and the sources' own words."""

    status: StatusOut | None = None
    quote: str | None = None


class ModelOut(BaseModel):
    """A knowledge base, as a model. `created` is not known: 0."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "multimodal-rag"


class ModelList(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelOut]
