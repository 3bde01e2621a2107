"""Follow-up questions made to stand alone, so that a search can understand them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rag.errors import ChatError, ChatModelMissing, ChatUnreachable
from rag.ports import ChatMessage, ChatModel
from rag.prompt import Prompt
from rag.text.quoting import quoted, quoted_line
from rag.text.tokens import context_limit, context_size, output_limit, prompt_tokens
from rag.text.words import content_words
from rag.trace import Note
from rag.types import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from rag.ports import ChatChunk

_MAX_TURNS, _MAX_ANSWER_CHARS, _MAX_OUTPUT_TOKENS, _SHORT_WORDS = 4, 600, 160, 3
_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|there|then|one|ones|same|other"
    r"|others|another|former|latter|such|both)\b|^(?:and|but|or|so|also|why|what about|how about)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be understood alone; `notes` tell how it was read where that is not certain."""

    question: str
    notes: tuple[Note, ...] = ()


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
        return Standalone(plain.question, (failed, *plain.notes))
    return _accepted(reply, question) or joined(history, question)


def joined(history: Sequence[Turn], question: str) -> Standalone:
    """Without a model: a question that points back, or is very short, gets the key words of the one before it.

    `And in 2020?` after `How much rain fell at Kestrel Point in 2019?` is searched as
    `And in 2020? (much rain fell kestrel point 2019)`. Where that one points back itself, the one before it helps too.
    """
    if not history or not _depends(question):
        return Standalone(question)
    own, key_words = set(content_words(question)), list[str]()
    for turn in reversed(history[-_MAX_TURNS:]):
        key_words += [word for word in content_words(turn.question) if word not in own and word not in key_words]
        if not _depends(turn.question):
            break
    if not key_words:
        return Standalone(question)
    read = f"{question} ({' '.join(key_words)})"
    text = f"no model rewrote the follow-up question; it was searched as: {read}"
    return Standalone(read, (Note("follow_up_joined", text),))


def _depends(question: str) -> bool:
    return bool(_POINTS_BACK.search(question.strip())) or len(content_words(question)) < _SHORT_WORDS


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
