"""Follow-up questions made to stand alone, so that a search can understand them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from rag.answers.follow_up import recalled, rewords, says_something
from rag.errors import ChatError, ChatModelMissing, ChatUnreachable
from rag.ports import ChatMessage, ChatModel
from rag.prompt import Prompt
from rag.text.quoting import quoted, quoted_line
from rag.text.tokens import context_limit, context_size, output_limit, prompt_tokens
from rag.trace import Note
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from rag.ports import ChatChunk

_MAX_TURNS, _MAX_ANSWER_CHARS, _MAX_OUTPUT_TOKENS = 4, 600, 160


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be understood alone; `notes` tell how it was read where that is not certain.

    Attributes:
        own: the question as typed, where words of those before it were put behind it and it has some to search with.
        needs_model: it is about the answer before (`shorter`, `in German`), which only a model can put otherwise.
    """

    question: str
    notes: tuple[Note, ...] = ()
    own: str = ""
    needs_model: bool = False


async def condense(
    history: Sequence[Turn],
    question: str,
    chat: ChatModel | None,
    prompt: Prompt,
    *,
    context_tokens: int = 4096,
) -> Standalone:
    """What the question means after the conversation so far.

    Args:
        history: oldest first; the last few turns are read.
        question: as typed.
        chat: rewrites it; None, a failure or an unusable reply fall back to `joined`.
        prompt: `load_prompt("condense")`.
        context_tokens: the most to ask for.
    """
    if not history or not question.strip():
        return Standalone(question)
    if chat is None:
        return joined(history, question)
    try:
        reply = await _ask(chat, _messages(history, question, prompt), context_tokens)
    except (ChatUnreachable, ChatModelMissing):
        return joined(history, question)  # the answer itself will say what is missing and what to type
    except ChatError as error:
        plain = joined(history, question)
        failed = Note("follow_up_failed", f"the follow-up could not be rewritten: {error}")
        return replace(plain, notes=(failed, *plain.notes))
    return _accepted(reply, question) or replace(joined(history, question), needs_model=False)


def joined(history: Sequence[Turn], question: str) -> Standalone:
    """Without a model: a question that leans on those before it gets their key words; see `rag.answers.follow_up`."""
    if history and rewords(question):
        return Standalone(question, needs_model=True)
    read = recalled(history, question)
    if not read:
        return Standalone(question)
    text = f"no model rewrote the follow-up question; it was searched as: {read}"
    return Standalone(read, (Note("follow_up_joined", text),), own=question if says_something(question) else "")


def _messages(history: Sequence[Turn], question: str, prompt: Prompt) -> list[ChatMessage]:
    turns = [
        f"Question: {quoted_line(turn.question)}\nAnswer: {quoted(turn.answer)[:_MAX_ANSWER_CHARS]}"
        for turn in history[-_MAX_TURNS:]
    ]
    return prompt.render(history="\n\n".join(turns), question=quoted_line(question))


async def _ask(chat: ChatModel, messages: list[ChatMessage], context_tokens: int) -> str:
    limit = context_limit(context_tokens, (await chat.info()).context_tokens)
    size = context_size(prompt_tokens(messages) + _MAX_OUTPUT_TOKENS, limit)
    reply = chat.stream(messages, context_tokens=size, max_output_tokens=output_limit(_MAX_OUTPUT_TOKENS, limit))
    async with aclosing(cast("AsyncGenerator[ChatChunk, None]", reply)) as chunks:
        return "".join([chunk.text async for chunk in chunks])


def _accepted(reply: str, question: str) -> Standalone | None:
    """The first line of the reply, unless it is no question of a sensible length (then the model answered it)."""
    line = next((line.strip() for line in reply.splitlines() if line.strip()), "")
    line = re.sub(r"^(?:standalone |rewritten |the last )?question:\s*", "", line, flags=re.IGNORECASE).strip("\"'“” ")
    if not line or len(line) > 3 * len(question) + 300:
        return None
    same = line.casefold() == question.strip().casefold()
    note = Note("follow_up_rewritten", f"the follow-up was read as: {line}")
    return Standalone(question) if same else Standalone(line, (note,))
