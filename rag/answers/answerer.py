"""Answers from sources: ask the model, pass its words on, hold them to the sources. Streams events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeAlias, cast

from anyio import to_thread

from rag.answers.asked_picture import told_of_picture
from rag.answers.boundary import conversation_boundary
from rag.answers.citations import renumbered
from rag.answers.conversation import Exchange, TurnMemory, turns_digest
from rag.answers.draft import Draft, nothing_found
from rag.answers.evidence import MIN_PICTURE_COSINE, found_by_looks, has_evidence
from rag.answers.follow_ups.condense import Wording, ask_for_wording, depends
from rag.answers.follow_ups.rewording import cannot_reword
from rag.answers.given import attached_hits, placed, taken_numbers
from rag.answers.held.grounding import Closeness
from rag.answers.held.reply import THE_MODEL, UNSUPPORTED, Reply
from rag.answers.no_words import why_no_model, wrote_nothing
from rag.answers.request import Request, RequestMaker, Room, with_wishes
from rag.answers.source_pictures import SourcePictures
from rag.errors import ChatError
from rag.extractive.alike import alike, describe
from rag.extractive.quote import NO_MODEL_NOTE, Score, extract
from rag.ports import ChatChunk, ChatModel, ChatModelInfo, Sampling, TextEmbedder
from rag.prompt import Prompt
from rag.question import Question
from rag.sync.beside import beside
from rag.text.tokens import CountTokens, count_notes, estimate_tokens
from rag.trace import Note, Trace
from rag.types import (
    Event,
    Hit,
    QuoteEvent,
    SearchResult,
    SourcesEvent,
    StatusEvent,
    TokenCount,
    TokenEvent,
    Turn,
)

NO_EVIDENCE_NOTE = "no evidence: no source is close enough to the question to rest an answer on"

Recall: TypeAlias = Callable[[Sequence[Turn], Turn], Sequence[Hit]]
"""(turns before, turn) to what its question finds, for a turn of the past that nobody remembers."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Writes answers. Remembers for a while what earlier turns were given; nothing depends on it but time.

    Attributes:
        prompt: `load_prompt("answer")`.
        chat: None for answers without a model.
        score: ranks sentences for those; see `rag.extractive.quote`.
        context_tokens: the most to ask the server for.
        conversation_tokens: what a conversation may take before its oldest sources leave.
        max_output_tokens: of an answer.
        first_word_s: the longest that reading the sources may take, where the model's speed is known.
        asset: encoded picture by asset id, such as `StoredAssets.get`.
        encode: makes any picture's bytes into what a chat model reads, such as `rag.chat.pictures.for_chat`.
        max_images: pictures of sources at most, for a model that sees.
        min_cosine: of the text model, for `rag.answers.evidence.has_evidence`; None: anything that was found counts.
        min_image_cosine: of the image model, likewise; None where it has none.
        min_likeness: of two pictures, likewise.
        closeness: late interaction, for statements; None: words alone.
        rows: a picture's words to the rows of its chart, such as `rag.extractive.chart_lines.chart_rows`.
        fallback: quote the sources when the model cannot be used; False: raise.
        count: tokens of a text, rather too many than too few.
        kb: name of the knowledge base, as a part of what tells conversations apart.
        texts: how close a text that came with a question is to it; None: such texts are passed over.
        wish: `load_prompt("condense")`, for follow-ups that words alone do not explain; None: they do.
        secret: of the data folder, for the mark around sources.
        memory: of what turns were given.
    """

    prompt: Prompt
    chat: ChatModel | None = None
    score: Score | None = None
    context_tokens: int = 16_384
    conversation_tokens: int = 8192
    max_output_tokens: int = 1024
    first_word_s: float = 20.0
    asset: Callable[[str], bytes] | None = None
    encode: Callable[[bytes], bytes] | None = None
    max_images: int = 4
    min_cosine: float | None = None
    min_image_cosine: float | None = None
    min_likeness: float = MIN_PICTURE_COSINE
    closeness: Closeness | None = None
    rows: Callable[[Hit], Sequence[str]] | None = None
    fallback: bool = True
    count: CountTokens = estimate_tokens
    kb: str = ""
    texts: TextEmbedder | None = None
    wish: Prompt | None = None
    secret: bytes = b""
    memory: TurnMemory = field(default_factory=TurnMemory)

    async def stream(
        self,
        asked: Question,
        found: SearchResult,
        trace: Trace,
        *,
        searched: str | None = None,
        recall: Recall | None = None,
        spent: TokenCount | None = None,
    ) -> AsyncGenerator[Event, None]:
        """One SourcesEvent, a QuoteEvent and StatusEvents, then TokenEvents, then one AnswerEvent.

        Closing it stops the generation upstream.

        Args:
            asked: its words as typed.
            found: hits, most relevant first, and what was read in the question's picture.
            trace: of the question so far; carried into the answer.
            searched: what the question means without the conversation; None: as typed.
            recall: finds what an earlier turn's question found.
            spent: tokens that the model read and wrote for this question before.

        Raises:
            ChatError: the model cannot be used and `fallback` is off. What fails after the first token never raises.
        """
        hits, history = found.hits, asked.history
        alone = asked.text if searched is None else searched
        boundary = self._boundary(asked)
        past = await to_thread.run_sync(self._past, asked, recall, boundary) if history else []
        weak = not hits or bool(found.missing) or self.is_weak("" if asked.image else alone, hits)
        look = partial(attached_hits, alone, asked.given, hits, self.texts, self.is_weak, trace)
        attached = await to_thread.run_sync(look) if asked.given else ()
        hits, numbers, weak = placed(hits, attached, weak, past, asked)
        draft = Draft(hits, numbers, trace, past=past, spent=spent)
        draft.understood, draft.looks_like = found.understood, found.looks_like
        if weak and not (self.chat and past and depends(asked.text)):
            yield SourcesEvent(draft.hits, tuple(trace.notes), draft.numbers, draft.understood)
            draft.text = nothing_found(draft.hits, draft.numbers, found.missing, found.looks_like)
            trace.note("no_evidence", NO_EVIDENCE_NOTE)
            yield TokenEvent(draft.text)
            yield draft.event(asked.wishes)
            return
        if weak:  # `shorter`, `in German`: what is asked about is the conversation
            draft.hits = draft.numbers = ()
        request = await self._prepared(asked, draft, boundary, found.read)
        yield SourcesEvent(draft.hits, tuple(trace.notes), draft.numbers, draft.understood)
        quote = partial(self._described if asked.image else self._quoted, alone, draft)
        if request is None:
            draft.quote = await to_thread.run_sync(quote)
        else:
            written = self._written(request, draft, asked, alone)
            async with aclosing(beside(written, lambda: QuoteEvent(quote()), _is_word)) as events:
                async for event in events:
                    if isinstance(event, QuoteEvent):
                        draft.quote = event.text
                    if event != QuoteEvent(""):
                        yield event
            self._judged(draft)
        if draft.model is None and weak:
            for said in list(cannot_reword(asked.text, tuple(trace.notes)))[1:]:
                yield said
            return
        if draft.model is None:
            draft.text = draft.quote or "The sources have no words that could be quoted."
            trace.note("no_model", NO_MODEL_NOTE)
            yield TokenEvent(draft.text)
        answered = draft.event(asked.wishes)
        if request is not None:
            turns = [*history, Turn(asked.text, answered.answer.text)]
            self.memory.put(turns_digest(self.kb, turns), request.exchange)
        yield answered

    async def warm(self) -> None:
        """Has the model loaded, and what every conversation begins with read, while the user still types.

        Raises:
            ChatError: the model cannot be used.
        """
        if self.chat is not None and hasattr(self.chat, "warm"):
            room = self._room()
            await self.chat.warm(self._maker(Trace()).beginning(), context_tokens=min(room.context, room.conversation))

    async def rewritten(self, asked: Question, recall: Recall | None) -> Wording:
        """The model's wording of a follow-up, asked as the conversation's next turn, so that little has to be read.

        Args:
            asked, recall: as in `stream`.

        Raises:
            ChatError: it cannot be used.
        """
        chat = self.chat
        if chat is None or self.wish is None:
            return Wording("")
        boundary = self._boundary(asked)
        past = await to_thread.run_sync(self._past, asked, recall, boundary)
        info = await chat.info()
        request = self._maker(Trace()).make(asked.text, [], (), past, boundary, info)
        return await ask_for_wording(chat, request.messages[:-1], asked, self.wish, request.needed)

    def _boundary(self, asked: Question) -> str:
        history = asked.history
        first = history[0].question if history else asked.text
        texts = [asked.text, *(turn.question for turn in history), *(turn.answer for turn in history)]
        return conversation_boundary(self.secret, f"{self.kb}\0{first.strip()}", texts)

    def _past(self, asked: Question, recall: Recall | None, boundary: str) -> list[Exchange]:
        """The conversation so far as it stood in the prompt: remembered, or found again."""
        past: list[Exchange] = []
        history, least = asked.history, taken_numbers(asked.given)
        for at, turn in enumerate(history):
            held = self.memory.get(turns_digest(self.kb, history[: at + 1]))
            if held is None:
                hits = recall(history[:at], turn) if recall is not None and self.chat is not None else ()
                held = self._maker(Trace()).recall(turn.question, hits, past, boundary, least)
                self.memory.put(turns_digest(self.kb, history[: at + 1]), held)
            past.append(replace(held, answer=turn.answer))
        return past

    def _quoted(self, question: str, draft: Draft) -> str:
        least, least_image, hits = self.min_cosine, self.min_image_cosine, draft.hits
        if not question or least is None or least_image is None:
            return renumbered(extract(question, hits, self.score), draft.numbers)
        by_looks = [at for at, hit in enumerate(hits) if found_by_looks(hit, least_image)]
        may_quote = [at for at, hit in enumerate(hits) if has_evidence(question, [hit], least)] if by_looks else None
        return renumbered(extract(question, hits, self.score, by_looks=by_looks, may_quote=may_quote), draft.numbers)

    def _described(self, question: str, draft: Draft) -> str:
        """A question by picture is answered by the pictures that are like it, and by what says the same in words."""
        least, hits = self.min_cosine, draft.hits
        may_quote = [at for at, hit in enumerate(hits) if least is None or has_evidence("", [_wordy(hit)], least)]
        told = describe(question, hits, self.min_likeness, self.score, may_quote=may_quote, things=draft.looks_like)
        return renumbered(told, draft.numbers)

    def is_weak(self, question: str, hits: Sequence[Hit]) -> bool:
        """Whether nothing that was found is close to the question."""
        least = self.min_cosine
        return least is not None and not has_evidence(question, hits, least, self.min_image_cosine, self.min_likeness)

    async def _prepared(self, asked: Question, draft: Draft, boundary: str, read: str) -> Request | None:
        """What to send; None where no model can be asked. `read` is what was read in the question's picture."""
        if self.chat is None:
            return None
        question, trace = asked.text, draft.trace
        try:
            info = await self.chat.info(sees=asked.image is not None or _has_picture(draft.hits[:1]))
            own = self._own_picture(asked.image, info, trace, asked.history)
            if asked.image is not None:
                near = alike(draft.hits, self.min_likeness)
                question = told_of_picture(
                    question, draft.hits, near, read, can_see=info.can_see, numbers=draft.numbers
                )
            make = partial(
                self._maker(trace).make,
                with_wishes(question, asked.wishes),
                draft.hits,
                draft.numbers,
                draft.past,
                boundary,
                info,
                own,
            )
            request = await to_thread.run_sync(make) if info.can_see else make()  # pictures are read and made smaller
        except ChatError as error:
            self._gave_up(error, draft)
            return None
        draft.given = tuple(source.number for source in request.given)
        if info.note:
            trace.note("model_stands_in", info.note)
        shown = [hit for exchange in draft.past for _, hit in exchange.shown]
        if not info.can_see and _has_picture(draft.hits) and not _has_picture(shown):  # said once in a conversation
            text = f"'{info.name}' cannot see pictures: it was given the words that are known about them"
            trace.note("model_blind", text)
        draft.lap("pack")
        return request

    def _room(self) -> Room:
        return Room(self.context_tokens, self.conversation_tokens, self.max_output_tokens, self.first_word_s)

    def _maker(self, trace: Trace) -> RequestMaker:
        picture = SourcePictures(self.asset, self.encode, trace) if self.asset is not None else None
        return RequestMaker(self.prompt, self.count, self._room(), picture, self.max_images, trace)

    def _own_picture(
        self, image: bytes | None, info: ChatModelInfo, trace: Trace, history: Sequence[Turn]
    ) -> tuple[bytes, ...]:
        if image is None:
            return ()
        if not info.can_see:
            text = (
                f"'{info.name}' cannot see the picture in the question: it was told what was read in it, and the "
                "pictures nearest to it"
            )
            if not any(turn.image for turn in history):  # said once in a conversation
                trace.note("model_blind", text)
            return ()
        return (self.encode(image) if self.encode else image,)

    async def _written(
        self, request: Request, draft: Draft, asked: Question, alone: str
    ) -> AsyncGenerator[TokenEvent | StatusEvent | QuoteEvent, None]:
        """Streams the model's words into the draft. `draft.model` stays None where it wrote nothing."""
        chat = cast("ChatModel", self.chat)
        words = f"{asked.text} {alone}"
        reply = draft.reply = Reply(request, draft.hits, draft.numbers, draft.past, words, self.closeness, self.rows)
        sampling, last = asked.sampling or Sampling(), ChatChunk("")
        most = min(request.output, sampling.max_tokens or request.output)
        try:
            stream = chat.stream(
                request.messages,
                context_tokens=request.needed,
                max_output_tokens=most,
                sampling=replace(sampling, stop=(*sampling.stop, *reply.stop)),
                arrived_s=asked.arrived_s,
            )
            async with aclosing(cast("AsyncGenerator[ChatChunk, None]", stream)) as chunks:
                async for chunk in chunks:
                    if chunk.status is not None:
                        yield chunk.status
                    text = await to_thread.run_sync(reply.feed, chunk.text) if chunk.text else ""
                    if text:
                        self._said(text, draft)
                        yield TokenEvent(text)
                    if chunk.done:
                        last = chunk
                        draft.trace.notes += _counted(chunk, request, most)
                        draft.tokens = chunk.tokens
                        draft.ending = "cut" if chunk.done_reason == "length" else "complete"
                    if reply.ended:
                        break
            if rest := await to_thread.run_sync(reply.flush):
                self._said(rest, draft)
                yield TokenEvent(rest)
            if not draft.text:
                raise wrote_nothing(chat.name, last, request.output, was_cut=bool(reply.ended))
        except ChatError as error:
            if not draft.text:
                self._gave_up(error, draft)
                return
            rest = await to_thread.run_sync(reply.flush)
            draft.text += rest
            if rest:
                yield TokenEvent(rest)
            draft.ending = "broken"
            draft.trace.note("answer_incomplete", f"the answer is not complete: {error}")

    def _said(self, text: str, draft: Draft) -> None:
        draft.lap("first_token")
        draft.model = cast("ChatModel", self.chat).name
        draft.text += text

    def _judged(self, draft: Draft) -> None:
        """What readers must know of the whole answer; one that rests on nothing steps back behind the quote."""
        reply = draft.reply
        if reply is None or draft.model is None:
            return
        draft.text = reply.kept(draft.text)
        draft.trace.notes += reply.notes()
        if reply.rests_on_nothing and draft.quote:
            reply.moved_behind(len(UNSUPPORTED) + len(draft.quote) + len(THE_MODEL) + 3)
            draft.text = f"{UNSUPPORTED}\n{draft.quote}\n\n{THE_MODEL}{draft.text}"

    def _gave_up(self, error: ChatError, draft: Draft) -> None:
        if not self.fallback:
            raise error
        draft.trace.note(why_no_model(error), str(error))


def _is_word(event: TokenEvent | StatusEvent | QuoteEvent) -> bool:
    """The sources' own words come before those of the model."""
    return isinstance(event, TokenEvent)


def _wordy(hit: Hit) -> Hit:
    """The hit as words see it."""
    return replace(hit, channels={name: view for name, view in hit.channels.items() if name != "image"})


def _has_picture(hits: Sequence[Hit]) -> bool:
    return any(hit.record.kind == "image" for hit in hits)


def _counted(last: ChatChunk, request: Request, max_output_tokens: int) -> tuple[Note, ...]:
    return count_notes(
        last,
        request.messages,
        estimated=request.estimated,
        context_tokens=last.context_tokens or request.needed,
        max_output_tokens=max_output_tokens,
        is_asked=max_output_tokens < request.output,
    )
