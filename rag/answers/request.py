"""One call of a model, put together: the conversation so far, the sources that are new, the question."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from rag.answers.context import ChosenSource, Packed, body_of, header_of, pack
from rag.answers.conversation import Exchange, GivenSource, Window, at_hand, fitted, messages_of, numbers_of, taken_by
from rag.answers.selection import carrying
from rag.errors import ChatError
from rag.ports import ChatMessage, ChatModelInfo
from rag.prompt import Prompt
from rag.text.quoting import quoted, quoted_line
from rag.text.tokens import IMAGE_TOKENS, CountTokens, context_limit, output_limit, prompt_tokens
from rag.text.words import content_words
from rag.trace import NoteCode, Trace
from rag.types import Hit

MIN_SOURCES_TOKENS = 128
ABOUT_THE_PICTURE = "What is in the attached picture, and what do the sources say about it?"
_NO_NEW = "(no new sources for this question)"
_LEFT = "(the sources of this question are no longer shown)"


@dataclass(frozen=True, slots=True)
class Room:
    """How many tokens there are.

    Attributes:
        context: the most that the model may be loaded with.
        conversation: what a conversation may take before its oldest sources leave.
        output: of an answer.
        first_word_s: the longest that reading the sources may take.
    """

    context: int
    conversation: int
    output: int
    first_word_s: float


@dataclass(frozen=True, slots=True)
class Request:
    """Ready to send.

    Attributes:
        messages: the whole conversation, the question last.
        exchange: the question as a later turn will find it; its answer is missing.
        estimated: tokens of the messages.
        needed: context tokens that it needs, reply included.
        output: tokens that the reply may have.
        boundary: of the conversation.
        given: number and words of every source that the model has before it, earlier turns' included.
    """

    messages: list[ChatMessage]
    exchange: Exchange
    estimated: int
    needed: int
    output: int
    boundary: str
    given: tuple[GivenSource, ...]


@dataclass(slots=True)
class RequestMaker:
    """Puts requests together.

    Attributes:
        prompt: `load_prompt("answer")`.
        count: tokens of a text.
        room: how many there are.
        picture: the encoded picture of a hit; None where it has none.
        max_images: of sources, for a model that sees.
        trace: gets the notes on what was cut or left out.
    """

    prompt: Prompt
    count: CountTokens
    room: Room
    picture: Callable[[Hit], bytes | None] | None = None
    max_images: int = 0
    trace: Trace = field(default_factory=Trace)

    def make(
        self,
        question: str,
        hits: Sequence[Hit],
        numbers: Sequence[int],
        past: Sequence[Exchange],
        boundary: str,
        info: ChatModelInfo,
        own: tuple[bytes, ...] = (),
    ) -> Request:
        """The request for a question.

        Args:
            question: as typed.
            hits: what was found for it, best first; empty where only the conversation so far is asked about.
            numbers: of the hits, in this conversation.
            past: the conversation so far, oldest first.
            boundary: of the conversation.
            info: of the model.
            own: the question's own picture, encoded.

        Raises:
            ChatError: the question leaves no room for sources.
        """
        limit = context_limit(self.room.context, info.context_tokens)
        n_output = output_limit(self.room.output, limit)
        asked = quoted(question).strip() or ABOUT_THE_PICTURE
        system, bare = self._rendered(asked, _LEFT, boundary)
        fixed = prompt_tokens(system, self.count)
        own_tokens = self._cost(bare) + IMAGE_TOKENS * len(own)
        budget = min(limit, self.room.conversation) - n_output - fixed
        if budget - own_tokens < MIN_SOURCES_TOKENS:
            budget = limit - n_output - fixed
        if budget - own_tokens < MIN_SOURCES_TOKENS:
            raise ChatError(
                f"the question takes {fixed + own_tokens} of {limit - n_output} tokens and leaves no room for sources; "
                "ask more briefly, or raise RAG_CONTEXT_TOKENS"
            )
        chosen = _chosen(hits, numbers)
        costs = [self._costs(exchange) for exchange in past]
        most = sum(each.max_tokens + 50 for each in chosen) + IMAGE_TOKENS * min(len(chosen), self._n_images(info))
        window = fitted([*costs, (most, own_tokens, 0)], budget)
        held = at_hand(past, window)
        free = budget - taken_by([*costs, (0, own_tokens, 0)], window.first_turn, window.first_sources)
        new = [each for each in chosen if each.hit.record.id not in held]
        packed = self._packed(new, content_words(question), free, boundary, info, first_image=len(own) + 1)
        user = self._rendered(asked, _sources_text(packed, chosen, held, past), boundary)[1]
        shown = tuple(zip(numbers, hits, strict=True))
        exchange = Exchange(user, bare, packed.sources, shown, (*own, *packed.images))
        exchanges = [*past, exchange]
        window = fitted([*costs, self._costs(exchange)], budget)
        messages = messages_of(system, exchanges, window)
        estimated = prompt_tokens(messages, self.count)
        given = tuple({s.number: s for e in exchanges[window.first_sources :] for s in e.sources}.values())
        return Request(messages, exchange, estimated, min(estimated + n_output, limit), n_output, boundary, given)

    def recall(
        self, question: str, hits: Sequence[Hit], past: Sequence[Exchange], boundary: str, least: int = 0
    ) -> Exchange:
        """A turn of the past as it stood in the prompt, where nobody remembers it: from what its question finds."""
        numbers = numbered(hits, past, least)
        asked = quoted(question).strip() or ABOUT_THE_PICTURE
        chosen, held = _chosen(hits, numbers), at_hand(past, Window())
        new = [each for each in chosen if each.hit.record.id not in held]
        packed = pack(new, self.room.conversation, boundary, asked=content_words(question), count=self.count)
        text = _sources_text(packed, chosen, held, past)
        user, bare = (self._rendered(asked, sources, boundary)[1] for sources in (text, _LEFT))
        return Exchange(user, bare, packed.sources, tuple(zip(numbers, hits, strict=True)))

    def beginning(self) -> list[ChatMessage]:
        """What every conversation begins with."""
        return self._rendered("", "", "")[0]

    def _packed(
        self,
        new: Sequence[ChosenSource],
        asked: Sequence[str],
        budget: int,
        boundary: str,
        info: ChatModelInfo,
        *,
        first_image: int,
    ) -> Packed:
        """As many of the sources that are new to the model as there is room and time for; the rest is noted."""
        code: NoteCode = "sources_left_out"
        bound, reason = budget, "RAG_CONTEXT_TOKENS raises the limit"
        if info.read_tokens_s:
            readable = max(MIN_SOURCES_TOKENS, int(info.read_tokens_s * self.room.first_word_s))
            if readable < bound:
                code, bound = "sources_left_out_for_time", readable
                reason = (
                    f"this machine reads {info.read_tokens_s:.0f} tokens a second, and the first word is to come "
                    f"within {self.room.first_word_s:g} s (RAG_FIRST_WORD_S)"
                )
        packed = pack(
            new,
            bound,
            boundary,
            asked=asked,
            count=self.count,
            picture=self.picture,
            max_images=self._n_images(info),
            image_tokens=IMAGE_TOKENS,
            first_image=first_image,
        )
        self.trace.notes += packed.notes
        if packed.dropped:
            text = (
                f"{len(packed.dropped)} of {len(new)} sources were not given to the model: "
                f"{', '.join(packed.dropped)}; {reason}"
            )
            self.trace.note(code, text)
        return packed

    def _n_images(self, info: ChatModelInfo) -> int:
        return self.max_images if info.can_see and self.picture is not None else 0

    def _rendered(self, question: str, sources: str, boundary: str) -> tuple[list[ChatMessage], str]:
        """What comes before the conversation, and the user's message."""
        *system, last = self.prompt.render(question=question, sources=sources, boundary=boundary)
        return system, last.content.strip()

    def _cost(self, text: str) -> int:
        return prompt_tokens([ChatMessage("user", text)], self.count)

    def _costs(self, exchange: Exchange) -> tuple[int, int, int]:
        bare = self._cost(exchange.bare)
        given = self._cost(exchange.user) - bare + IMAGE_TOKENS * len(exchange.images)
        return max(0, given), bare, self._cost(exchange.answer) if exchange.answer else 0


def with_wishes(question: str, wishes: str) -> str:
    """The question with the asker's wishes for the form of the answer, which stand below the rules of the prompt."""
    if not wishes:
        return question
    return f"{question}\n(For the form of the answer only, below all rules: {quoted_line(wishes)})"


def numbered(hits: Sequence[Hit], past: Sequence[Exchange], least: int = 0) -> tuple[int, ...]:
    """Numbers for hits: those they have in this conversation, or the next ones; above `least` in any case."""
    held = numbers_of(past)
    following = max([least, *held.values()], default=0)
    numbers = []
    for hit in hits:
        if hit.record.id not in held:
            following += 1
            held[hit.record.id] = following
        numbers.append(held[hit.record.id])
    return tuple(numbers)


def checkable(hit: Hit, rows: Sequence[str] = ()) -> str:
    """All words of a source that a statement can be held to: where it is from, what it says, a chart's rows."""
    return "\n".join([header_of(hit.record), body_of(hit.record), *rows])


def _chosen(hits: Sequence[Hit], numbers: Sequence[int]) -> list[ChosenSource]:
    selected = carrying(hits, [body_of(hit.record) for hit in hits])
    return [ChosenSource(hits[each.at], numbers[each.at], each.max_tokens) for each in selected]


def _sources_text(
    packed: Packed, chosen: Sequence[ChosenSource], held: Collection[str], past: Sequence[Exchange]
) -> str:
    """The sources that are new, then which of those above belong to the question too."""
    again = _again([each.number for each in chosen if each.hit.record.id in held])
    return "\n\n".join(filter(None, (packed.text, again))) or (_NO_NEW if past else "")


def _again(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    listed = ", ".join(map(str, sorted(numbers)))
    return f"(source{'s' if len(numbers) > 1 else ''} {listed} above belong{'' if len(numbers) > 1 else 's'} here too)"
