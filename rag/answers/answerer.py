"""Answers from sources: pack them, ask the model, check what it cites. Streams events."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import cast

from anyio import to_thread

from rag.answers.asked_picture import told_of_picture
from rag.answers.citations import citation_notes, find_citations
from rag.answers.context import Packed, pack
from rag.answers.evidence import MIN_PICTURE_COSINE, found_by_looks, has_evidence
from rag.errors import ChatError, ChatModelMissing, ChatUnreachable, RagError
from rag.extractive.alike import alike, describe
from rag.extractive.quote import NO_MODEL_NOTE, Score, extract, quotable
from rag.ports import ChatChunk, ChatMessage, ChatModel, ChatModelInfo
from rag.prompt import Prompt
from rag.text.labels import citation_label
from rag.text.quoting import new_boundary, quoted
from rag.text.tokens import (
    IMAGE_TOKENS,
    CountTokens,
    context_limit,
    context_size,
    count_notes,
    estimate_tokens,
    output_limit,
    prompt_tokens,
)
from rag.trace import Note, NoteCode
from rag.types import Answer, AnswerEvent, Ending, Event, Hit, SourcesEvent, TokenEvent

_MIN_SOURCES_TOKENS = 128
_N_NEAREST = 3
NO_EVIDENCE_NOTE = "no evidence: no source is close enough to the question to rest an answer on"
_NEAREST_CHARS = 160


@dataclass(frozen=True, slots=True)
class _Request:
    """One call of the model, ready to send."""

    packed: Packed
    messages: list[ChatMessage]
    estimated: int
    context_tokens: int
    max_output_tokens: int


@dataclass(slots=True)
class _Draft:
    """An answer that is being written."""

    hits: tuple[Hit, ...]
    notes: list[Note]
    timings_s: dict[str, float]
    started_s: float = field(default_factory=time.perf_counter)
    text: str = ""
    model: str | None = None
    ending: Ending = "complete"

    def lap(self, stage: str) -> None:
        self.timings_s.setdefault(stage, time.perf_counter() - self.started_s)

    def event(self) -> AnswerEvent:
        citations = find_citations(self.text, len(self.hits))
        if self.model is not None:
            self.notes += citation_notes(self.text, citations, len(self.hits))
        self.lap("answer")
        notes = tuple(dict.fromkeys(self.notes))
        return AnswerEvent(Answer(self.text, citations, self.hits, notes, self.timings_s, self.model, self.ending))


@dataclass(frozen=True, slots=True)
class Answerer:
    """Writes answers. Holds no state between questions.

    Attributes:
        prompt: `load_prompt("answer")`.
        chat: None for answers without a model.
        score: ranks sentences for those; see `rag.extractive.quote`.
        context_tokens: the most to ask the server for.
        max_output_tokens: of an answer.
        asset: encoded picture by asset id, such as `StoredAssets.get`.
        encode: makes any picture's bytes into what a chat model reads, such as `rag.chat.pictures.for_chat`.
        max_images: pictures of sources at most, for a model that sees.
        min_cosine: of the text model, for `rag.answers.evidence.has_evidence`; None: anything that was found counts.
        min_image_cosine: of the image model, likewise; None where it has none.
        min_likeness: of two pictures, likewise.
        fallback: quote the sources when the model cannot be used; False: raise.
        count: tokens of a text, rather too many than too few.
    """

    prompt: Prompt
    chat: ChatModel | None = None
    score: Score | None = None
    context_tokens: int = 16_384
    max_output_tokens: int = 1024
    asset: Callable[[str], bytes] | None = None
    encode: Callable[[bytes], bytes] | None = None
    max_images: int = 4
    min_cosine: float | None = None
    min_image_cosine: float | None = None
    min_likeness: float = MIN_PICTURE_COSINE
    fallback: bool = True
    count: CountTokens = estimate_tokens

    async def stream(
        self,
        question: str,
        hits: Sequence[Hit],
        *,
        image: bytes | None = None,
        read: str = "",
        notes: Sequence[Note] = (),
        timings_s: Mapping[str, float] | None = None,
    ) -> AsyncGenerator[Event, None]:
        """One SourcesEvent, then TokenEvents, then one AnswerEvent. Closing it stops the generation upstream.

        Args:
            question: words, understandable alone; may be empty when a picture is asked about.
            hits: most relevant first.
            image: the question's own picture, encoded.
            read: what was read in it.
            notes: of the search, carried into the answer.
            timings_s: of the search, carried into the answer.

        Raises:
            ChatError: the model cannot be used and `fallback` is off. What fails after the first token never raises.
        """
        draft = _Draft(tuple(hits), list(notes), dict(timings_s or {}))
        if not hits or self._is_weak("" if image else question, hits):
            yield SourcesEvent(draft.hits, tuple(draft.notes))
            draft.text = _no_evidence(hits)
            draft.notes.append(Note("no_evidence", NO_EVIDENCE_NOTE))
            yield TokenEvent(draft.text)
            yield draft.event()
            return
        request = await self._prepared(question, hits, image, read, draft)
        yield SourcesEvent(draft.hits, tuple(draft.notes))
        if request is not None:
            async with aclosing(self._written(request, draft)) as tokens:
                async for token in tokens:
                    yield token
        if draft.model is None:
            quote = self._described if image else self._quoted
            draft.text = await to_thread.run_sync(quote, question, draft.hits)
            draft.text = draft.text or "The sources have no words that could be quoted."
            draft.notes.append(Note("no_model", NO_MODEL_NOTE))
            yield TokenEvent(draft.text)
        yield draft.event()

    def _quoted(self, question: str, hits: Sequence[Hit]) -> str:
        least, least_image = self.min_cosine, self.min_image_cosine
        if not question or least is None or least_image is None:
            return extract(question, hits, self.score)
        seen = [at for at, hit in enumerate(hits) if found_by_looks(hit, least_image)]
        told = [at for at, hit in enumerate(hits) if has_evidence(question, [hit], least)] if seen else None
        return extract(question, hits, self.score, seen=seen, told=told)

    def _described(self, question: str, hits: Sequence[Hit]) -> str:
        """A question by picture is answered by the pictures that are like it, and by what says the same in words."""
        least = self.min_cosine
        told = [at for at, hit in enumerate(hits) if least is None or has_evidence("", [_wordy(hit)], least)]
        return describe(question, hits, self.min_likeness, self.score, told=told)

    def _is_weak(self, question: str, hits: Sequence[Hit]) -> bool:
        least = self.min_cosine
        return least is not None and not has_evidence(question, hits, least, self.min_image_cosine, self.min_likeness)

    async def _prepared(
        self, question: str, hits: Sequence[Hit], image: bytes | None, read: str, draft: _Draft
    ) -> _Request | None:
        if self.chat is None:
            return None
        try:
            info = await self.chat.info()
            make = partial(self._request, question, hits, image, read, info, draft.notes)
            request = await to_thread.run_sync(make) if info.can_see else make()  # pictures are read and made smaller
        except ChatError as error:
            self._gave_up(error, draft)
            return None
        draft.hits = request.packed.hits
        draft.lap("pack")
        return request

    def _request(
        self, question: str, hits: Sequence[Hit], image: bytes | None, read: str, info: ChatModelInfo, notes: list[Note]
    ) -> _Request:
        limit = context_limit(self.context_tokens, info.context_tokens)
        n_output = output_limit(self.max_output_tokens, limit)
        own = self._own_picture(image, info, notes)
        boundary = new_boundary([question, read, *(hit.record.text for hit in hits)])
        asked = quoted(question).strip()
        if image is not None:
            asked = told_of_picture(question, hits, alike(hits, self.min_likeness), read, can_see=info.can_see)
        bare = self._messages(asked, "", boundary, own)
        budget = limit - n_output - prompt_tokens(bare, self.count)
        if budget < _MIN_SOURCES_TOKENS:
            raise ChatError(
                f"the question takes {limit - n_output - budget} of {limit - n_output} tokens and leaves no room for "
                "sources; ask more briefly, or raise RAG_CONTEXT_TOKENS"
            )
        packed = pack(
            hits,
            budget,
            boundary,
            count=self.count,
            picture=_Pictures(self.asset, self.encode, notes),
            max_images=self.max_images if info.can_see and self.asset else 0,
            image_tokens=IMAGE_TOKENS,
            first_image=len(own) + 1,
        )
        notes += packed.notes
        if not info.can_see and any(hit.record.kind == "image" for hit in packed.hits):
            text = f"'{info.name}' cannot see pictures: it was given the words that are known about them"
            notes.append(Note("model_blind", text))
        messages = self._messages(asked, packed.text, boundary, (*own, *packed.images))
        estimated = prompt_tokens(messages, self.count)
        return _Request(packed, messages, estimated, context_size(estimated + n_output, limit), n_output)

    def _own_picture(self, image: bytes | None, info: ChatModelInfo, notes: list[Note]) -> tuple[bytes, ...]:
        if image is None:
            return ()
        if not info.can_see:
            text = (
                f"'{info.name}' cannot see the picture in the question: it was told what was read in it, and the "
                "pictures nearest to it"
            )
            notes.append(Note("model_blind", text))
            return ()
        return (self.encode(image) if self.encode else image,)

    def _messages(self, question: str, sources: str, boundary: str, images: tuple[bytes, ...]) -> list[ChatMessage]:
        messages = self.prompt.render(question=question, sources=sources, boundary=boundary)
        last = messages[-1]
        return [*messages[:-1], ChatMessage(last.role, last.content, images)]

    async def _written(self, request: _Request, draft: _Draft) -> AsyncGenerator[TokenEvent, None]:
        """Streams the model's words into the draft. `draft.model` stays None where it wrote nothing."""
        chat = cast("ChatModel", self.chat)
        reply = chat.stream(
            request.messages, context_tokens=request.context_tokens, max_output_tokens=request.max_output_tokens
        )
        try:
            async with aclosing(cast("AsyncGenerator[ChatChunk, None]", reply)) as chunks:
                async for chunk in chunks:
                    text = chunk.text if draft.text else chunk.text.lstrip()
                    if text:
                        draft.lap("first_token")
                        draft.model = chat.name
                        draft.text += text
                        yield TokenEvent(text)
                    if chunk.done:
                        draft.ending = "cut" if chunk.done_reason == "length" else "complete"
                        draft.notes += _counted(chunk, request)
            if not draft.text:
                raise ChatError(
                    f"'{chat.name}' wrote nothing. A model that thinks first may need more than "
                    f"{request.max_output_tokens} tokens: raise RAG_MAX_OUTPUT_TOKENS, or take an 'instruct' model"
                )
        except ChatError as error:
            if draft.text:
                draft.ending = "broken"
                draft.notes.append(Note("answer_incomplete", f"the answer is not complete: {error}"))
            else:
                self._gave_up(error, draft)

    def _gave_up(self, error: ChatError, draft: _Draft) -> None:
        if not self.fallback:
            raise error
        draft.notes.append(Note(_why_no_model(error), str(error)))


def _wordy(hit: Hit) -> Hit:
    """The hit as words see it."""
    return replace(hit, channels={name: view for name, view in hit.channels.items() if name != "image"})


class _Pictures:
    """The picture of a hit, ready for the model; each picture once, and a broken one is a note."""

    def __init__(
        self, asset: Callable[[str], bytes] | None, encode: Callable[[bytes], bytes] | None, notes: list[Note]
    ) -> None:
        self._asset, self._encode, self._notes = asset, encode, notes
        self._seen: set[str] = set()

    def __call__(self, hit: Hit) -> bytes | None:
        name = str(hit.record.metadata.get("asset") or "")
        if not name or name in self._seen or self._asset is None:
            return None
        self._seen.add(name)
        try:
            data = self._asset(name)
            return self._encode(data) if self._encode else data
        except RagError as error:
            text = f"the picture of {citation_label(hit.record)} could not be shown to the model: {error}"
            self._notes.append(Note("picture_not_shown", text))
            return None


def _why_no_model(error: ChatError) -> NoteCode:
    if isinstance(error, ChatUnreachable):
        return "chat_unreachable"
    return "chat_model_missing" if isinstance(error, ChatModelMissing) else "chat_failed"


def _counted(last: ChatChunk, request: _Request) -> tuple[Note, ...]:
    return count_notes(
        last,
        request.messages,
        estimated=request.estimated,
        context_tokens=request.context_tokens,
        max_output_tokens=request.max_output_tokens,
    )


def _no_evidence(hits: Sequence[Hit]) -> str:
    if not hits:
        return "I found nothing in this knowledge base that answers the question."
    nearest = [
        f"- {quotable(citation_label(hit.record))}: {quotable(hit.record.text, _NEAREST_CHARS) or '(no words)'} [{n}]"
        for n, hit in enumerate(hits[:_N_NEAREST], 1)
    ]
    return "\n".join(
        ["I found nothing in this knowledge base that answers the question. The nearest it has:", *nearest]
    )
