"""Models that answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`images` are encoded pictures (PNG, JPEG, WebP), only for a model that can see."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatModelInfo:
    """What the server says of a model. `context_tokens` is the largest context it was trained for, 0 if unknown."""

    name: str
    context_tokens: int
    can_see: bool
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of a streamed reply. The last one has `done` and the counts that the server gives back."""

    text: str
    done: bool = False
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    done_reason: str | None = None


class ChatModel(Protocol):
    """A chat model. Closing the iterator of `stream` stops the generation upstream."""

    @property
    def name(self) -> str: ...

    async def info(self) -> ChatModelInfo:
        """Raises ChatUnreachable or ChatModelMissing."""

    def stream(
        self, messages: Sequence[ChatMessage], *, context_tokens: int, max_output_tokens: int
    ) -> AsyncIterator[ChatChunk]:
        """Raises ChatError (or a child) before the first chunk or between chunks."""
