"""Models that answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Protocol

from rag.types import StatusEvent, TokenCount


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`images` are encoded pictures (PNG, JPEG, WebP), only for a model that can see."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatModelInfo:
    """What the server says of a model. `context_tokens` is the largest context it was trained for, 0 if unknown.

    `note`: what people should know of it, such as that it stands in for another; empty for nothing. `read_tokens_s`:
    how fast it reads a prompt here; None before anything was measured.
    """

    name: str
    context_tokens: int
    can_see: bool
    capabilities: tuple[str, ...] = ()
    note: str = ""
    read_tokens_s: float | None = None


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of a streamed reply. The last one has `done` and the counts that the server gives back.

    One with `status` has no text: it says what is waited for. `context_tokens` is the context that was really used;
    `has_thought`, in the last one: there were thoughts before the reply, or instead of one.
    """

    text: str
    done: bool = False
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    done_reason: str | None = None
    context_tokens: int | None = None
    status: StatusEvent | None = None
    has_thought: bool = False

    @property
    def tokens(self) -> TokenCount | None:
        """None where the server did not count."""
        if self.prompt_tokens is None or self.output_tokens is None:
            return None
        return TokenCount(self.prompt_tokens, self.output_tokens)


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next word is chosen. None, or nothing, leaves it to who is asked next: the settings, then the model.

    Attributes:
        temperature: 0 takes the likeliest word each time, so that the same question has the same answer.
        seed: for temperatures above 0.
        top_p: only the likeliest words that together have this probability.
        repeat_penalty: above 1 makes words that were just used less likely.
        presence_penalty, frequency_penalty: above 0 make words less likely that were used, and the more often.
        stop: texts at which the reply ends.
        max_tokens: most tokens of the reply; the bound of the settings holds all the same.
        options: any other option of the server by its name there.
    """

    temperature: float | None = None
    seed: int | None = None
    top_p: float | None = None
    repeat_penalty: float | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    stop: tuple[str, ...] = ()
    max_tokens: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def or_else(self, other: Sampling) -> Sampling:
        """This, and what it leaves open as the other has it."""
        own = {each.name: getattr(self, each.name) for each in fields(self)}
        kept = {name: value for name, value in own.items() if value is not None and value != () and name != "options"}
        rest = {each.name: getattr(other, each.name) for each in fields(other)}
        return Sampling(**{**rest, **kept, "options": {**other.options, **self.options}})


EXACT = Sampling(temperature=0.0)
"""For rewritings and captions: the same each time, whatever the settings want of answers."""


class ChatModel(Protocol):
    """A chat model. Closing the iterator of `stream` stops the generation upstream."""

    @property
    def name(self) -> str: ...

    async def info(self, *, sees: bool = False) -> ChatModelInfo:
        """What the model can do.

        Args:
            sees: pictures count: where another model has to stand in, one that sees goes before one that does not.

        Raises:
            ChatUnreachable, ChatModelMissing: it cannot be asked.
        """

    def stream(
        self,
        messages: Sequence[ChatMessage],
        *,
        context_tokens: int,
        max_output_tokens: int,
        sampling: Sampling | None = None,
        arrived_s: float | None = None,
    ) -> AsyncIterator[ChatChunk]:
        """A reply, with statuses before its first words.

        Args:
            messages: the conversation.
            context_tokens: what the prompt and the reply need, at least.
            max_output_tokens: of the reply.
            sampling: None: as the model's settings say.
            arrived_s: when the question came, on the clock of `time.monotonic`; of those that wait, the earliest goes
                first. None: now.

        Raises:
            ChatError: (or a child) before the first chunk or between chunks.
        """
