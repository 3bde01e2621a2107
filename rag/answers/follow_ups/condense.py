"""Follow-up questions made to stand alone, so that a search can understand them.

Words do first: what points back gets the key words of the question before it. Only where that finds nothing is the
model asked for a wording, and its wording is used only if its words come from the conversation.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from rag.answers.follow_ups.leaning import in_full, leans, recalled, rewords, says_something
from rag.answers.held.facts import alike, numbers_in
from rag.errors import ChatError, ChatModelMissing, ChatUnreachable
from rag.ports import EXACT, ChatMessage, ChatModel
from rag.text.quoting import quoted_line
from rag.text.words import content_words
from rag.trace import Note
from rag.types import SearchResult, TokenCount, Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from rag.ports import ChatChunk
    from rag.prompt import Prompt
    from rag.question import Question
    from rag.types import Query

_MAX_TURNS, _MAX_OUTPUT_TOKENS = 4, 96


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question that can be understood alone; `notes` tell how it was read where that is not certain.

    Attributes:
        own: the question as typed, where words of those before it were put behind it and it has some to search with.
        needs_model: it is about the answer before (`shorter`, `in German`), which only a model can put otherwise.
        spoken: the questions that it leans on and it itself, as they were asked; empty where it stands alone.
    """

    question: str
    notes: tuple[Note, ...] = ()
    own: str = ""
    needs_model: bool = False
    spoken: str = ""

    def query(self, asked: Question) -> Query:
        """What is searched for a question that was read as this."""
        return asked.query(self.own or self.question, recalled=self.question if self.own else "", spoken=self.spoken)


Search: TypeAlias = Callable[[Standalone], Awaitable[SearchResult]]


@dataclass(frozen=True, slots=True)
class Wording:
    """What a model made of a follow-up, and the tokens that took where its server told."""

    text: str
    tokens: TokenCount | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What a question was read as, what that found, and the tokens of a wording that a model was asked for."""

    read: Standalone
    result: SearchResult
    tokens: TokenCount | None = None


async def search_in_context(
    history: Sequence[Turn],
    question: str,
    search: Search,
    *,
    is_weak: Callable[[str, SearchResult], bool],
    reword: Callable[[], Awaitable[Wording]] | None = None,
) -> Found:
    """Searches for what the question means after the conversation so far; the better evidence wins.

    Args:
        history: oldest first.
        question: as typed.
        search: finds what a question means that can be understood alone.
        is_weak: whether nothing that a question found is close to it.
        reword: the model's wording of it; None without a model.
    """
    read = joined(history, question)
    if read.needs_model:
        return Found(read, SearchResult(()))
    best = Found(read, await search(read))
    if read.question == question or reword is None or not is_weak(read.question, best.result):
        return best
    wording, notes, tokens = await _reworded(reword, history, question)
    if wording is not None:
        other = Found(wording, await search(wording))
        best = other if _closeness(other.result) > _closeness(best.result) else best
    return Found(replace(best.read, notes=(*notes, *best.read.notes)), best.result, tokens)


def depends(question: str) -> bool:
    """Whether a question needs the conversation to be understood."""
    return leans(question) or rewords(question)


def joined(history: Sequence[Turn], question: str) -> Standalone:
    """By words alone: a question that leans on those before it gets their key words; see `leaning.recalled`."""
    if history and rewords(question):
        return Standalone(question, needs_model=True)
    read = recalled(history, question)
    if not read:
        return Standalone(question)
    text = f"the follow-up took words of the question before it; it was searched as: {read}"
    own = question if says_something(question) else ""
    return Standalone(read, (Note("follow_up_joined", text),), own=own, spoken=in_full(history, question))


async def ask_for_wording(
    chat: ChatModel, conversation: Sequence[ChatMessage], asked: Question, prompt: Prompt, context_tokens: int
) -> Wording:
    """What the model makes of a follow-up, asked as the conversation's next turn.

    Raises:
        ChatError: it failed.
    """
    wish = prompt.render(question=quoted_line(asked.text))[-1]
    reply = chat.stream(
        [*conversation, wish],
        context_tokens=context_tokens,
        max_output_tokens=_MAX_OUTPUT_TOKENS,
        sampling=EXACT,
        arrived_s=asked.arrived_s,
    )
    async with aclosing(cast("AsyncGenerator[ChatChunk, None]", reply)) as chunks:
        said = [chunk async for chunk in chunks]
    return Wording("".join(chunk.text for chunk in said), said[-1].tokens if said else None)


def accepted(reply: str, question: str, history: Sequence[Turn]) -> str:
    """The first line of the model's wording; empty where it is no question, or has words that nobody said."""
    line = next((line.strip() for line in reply.splitlines() if line.strip()), "")
    line = re.sub(r"^(?:standalone |rewritten |the last )?question:\s*", "", line, flags=re.IGNORECASE).strip("\"'“” ")
    line = re.sub(r"\s*\[\d+\]", "", line)
    if not line or len(line) > 3 * len(question) + 300:
        return ""
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history[-_MAX_TURNS:])])
    known = content_words(said)
    if any(not any(alike(word, other) for other in known) for word in content_words(line)):
        return ""
    held = numbers_in(said)
    return line if all(any(number.agrees(other) for other in held) for number in numbers_in(line)) else ""


async def _reworded(
    reword: Callable[[], Awaitable[Wording]], history: Sequence[Turn], question: str
) -> tuple[Standalone | None, tuple[Note, ...], TokenCount | None]:
    try:
        reply = await reword()
    except (ChatUnreachable, ChatModelMissing):
        return None, (), None  # the answer itself will say what is missing and what to type
    except ChatError as error:
        return None, (Note("follow_up_failed", f"the follow-up could not be rewritten: {error}"),), None
    line = accepted(reply.text, question, history)
    if not line or line.casefold() == question.strip().casefold():
        return None, (), reply.tokens
    note = Note("follow_up_rewritten", f"the follow-up was read as: {line}")
    return Standalone(line, (note,)), (), reply.tokens


def _closeness(found: SearchResult) -> float:
    """The best cosine of a text with what was asked; of pictures alone the best score says less."""
    views = [hit.channels["text"].raw for hit in found.hits if "text" in hit.channels]
    return max((raw for raw in views if raw is not None), default=-1.0)
