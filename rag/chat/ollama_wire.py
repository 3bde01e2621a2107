"""What goes to Ollama's chat route and what comes back, as this program's own values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import ollama

from rag.chat.thinking import think_option
from rag.ollama.server import ShownModel
from rag.ports import ChatChunk, ChatMessage, ChatModelInfo, Sampling
from rag.types import StatusEvent


@dataclass(frozen=True, slots=True)
class Described:
    """A model as its server describes it: what it can do, how it is told not to think, its own stop words."""

    info: ChatModelInfo
    think: bool | None
    stop: tuple[str, ...]


@dataclass(slots=True)
class Work:
    """One request on its way."""

    messages: Sequence[ChatMessage]
    options: dict[str, Any]
    n_new: int = 0
    n_new_share: float = 1.0
    reading_s: float | None = None


def described(name: str, model: ShownModel, note: str = "") -> Described:
    info = ChatModelInfo(name, model.context_tokens, "vision" in model.capabilities, model.capabilities, note)
    return Described(info, think_option(model.capabilities, model.template, model.modelfile), model.stop)


def wire_options(sampling: Sampling, own_stop: tuple[str, ...]) -> dict[str, Any]:
    """As Ollama names them. A request's `stop` takes the place of the model's own, so these go with it."""
    named = {
        "temperature": sampling.temperature,
        "seed": sampling.seed,
        "top_p": sampling.top_p,
        "repeat_penalty": sampling.repeat_penalty,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "stop": [*dict.fromkeys((*own_stop, *sampling.stop))] if sampling.stop else None,
    }
    return {**sampling.options, **{name: value for name, value in named.items() if value is not None}}


def waiting_status(ahead: int) -> StatusEvent:
    return StatusEvent("waiting", f"waiting, {ahead} before you", ahead=ahead)


def reading_status(work: Work) -> StatusEvent:
    seconds = work.reading_s
    about = "" if seconds is None else f", about {max(1, round(seconds))} s" if seconds >= 0.5 else ", at once"
    return StatusEvent("reading", f"reading {work.n_new:,} tokens{about}", n_tokens=work.n_new, seconds=seconds)


def wire_message(message: ChatMessage, can_see: bool) -> ollama.Message:
    images = [ollama.Image(value=image) for image in message.images] if can_see else []
    return ollama.Message(role=message.role, content=message.content, images=images or None)


def last_chunk(part: ollama.ChatResponse, text: str, context_tokens: int, *, has_thought: bool) -> ChatChunk:
    return ChatChunk(
        text,
        True,
        part.prompt_eval_count,
        part.eval_count,
        part.done_reason,
        context_tokens,
        has_thought=has_thought,
    )
