"""The front door: one knowledge base, to search and to ask."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rag.answers.evidence import MIN_PICTURE_COSINE
from rag.config import Settings, load_settings
from rag.errors import ConfigError, ImageError, KnowledgeBaseNotFound
from rag.models.compatibility import require_same_models, wanted_spec
from rag.models.registry import Models
from rag.nn.array_cache import ArrayCache
from rag.sync.lazy import Lazy, lazy_property
from rag.sync.sync_iter import sync_iter
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Event, Query, SearchResult, Turn

if TYPE_CHECKING:
    from rag.answers.answerer import Answerer
    from rag.images.assets import StoredAssets
    from rag.ports import ImageTextEmbedder, KbSpec, Store, StoredKb, TextEmbedder
    from rag.search.retriever import Retriever
    from rag.types import FieldType


MAX_IMAGE_BYTES = 100 * 1024**2
SENTENCE_BYTES = 16 * 1024**2
"""Vectors of quotable sentences that are kept: ten thousand of 384 dimensions."""
_SURROGATES = re.compile("[\ud800-\udfff]")
"""What Python makes of an argument that is not UTF-8; no tokenizer takes it."""


class KnowledgeBase(Lazy):
    """One knowledge base. Thread-safe, a context manager; models are loaded when they are first needed.

    Open it with `KnowledgeBase.open`.

    Attributes:
        name: of the knowledge base.
        store: where its collections are.
        settings: what it was opened with.
        models: loaded when first used.
    """

    def __init__(self, name: str, store: Store, settings: Settings, models: Models | None = None) -> None:
        super().__init__()
        self.name = name
        self.store = store
        self.settings = settings
        self.models = models or Models(settings)

    @classmethod
    def open(
        cls,
        name: str,
        *,
        create: bool = False,
        fields: Mapping[str, FieldType] | None = None,
        settings: Settings | None = None,
        **overrides: Any,
    ) -> KnowledgeBase:
        """Opens a knowledge base that `ingest` made.

        Args:
            name: letters, digits and underscores.
            create: make it when it does not exist yet.
            fields: with `create`: user columns to keep as typed, indexed fields, such as `{"year": "int"}`.
            settings: default: from the environment, `.env` and `rag.toml`.
            **overrides: single settings, such as `store_uri="http://localhost:19530"`.

        Raises:
            ConfigError: a setting or the name cannot be used.
            KnowledgeBaseNotFound: it does not exist and `create` is off.
            FingerprintMismatch: with `create`: it was built with other models or fields than the settings name.
                Without, the first search raises it.
            StoreError: the store cannot be opened; the message says why and what to do.
        """
        if settings is not None and overrides:
            raise ConfigError("give either settings or single overrides, not both")
        settings = settings or load_settings(**overrides)
        kb = cls(name, open_store(settings), settings)
        try:
            if create:
                kb._create(fields)
            else:
                kb.spec  # noqa: B018 - raises when there is no such knowledge base
        except BaseException:
            kb.close()
            raise
        return kb

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Releases the store. Closing twice is fine."""
        if "_retriever" in self.__dict__:
            self._retriever.close()
        self.store.close()

    @lazy_property
    def spec(self) -> KbSpec:
        """What it was built with."""
        try:
            return self.store.spec(self.name)
        except KnowledgeBaseNotFound as error:
            known = ", ".join(self.store.list_kbs()) or "none yet"
            raise KnowledgeBaseNotFound(
                f"there is no knowledge base '{self.name}' in {self.store.uri} (there: {known}). "
                f"Make it with 'ingest PATH --kb {self.name}'"
            ) from error

    @lazy_property
    def stored(self) -> StoredKb:
        """Its records and documents in the store."""
        return self.store.kb(self.name)

    @property
    def text_embedder(self) -> TextEmbedder:
        return self.models.text_embedder

    @property
    def image_embedder(self) -> ImageTextEmbedder | None:
        return self.models.image_embedder

    @property
    def assets_uri(self) -> str:
        """Where its pictures are: a folder or bucket of its own."""
        return f"{self.settings.asset_uri.rstrip('/')}/{self.name}"

    def search(
        self, text: str = "", *, image: str | Path | bytes | None = None, where: str = "", top_k: int = 10
    ) -> SearchResult:
        """The records closest to words, a picture, or both.

        Args:
            text: words.
            image: a picture: its path or its encoded bytes.
            where: a filter, such as `year >= 2020 and author = "Ada"`.
            top_k: hits at most, at least 1.

        Raises:
            ConfigError: neither words nor picture, or `top_k` below 1.
            FilterSyntaxError: the filter cannot be parsed; the message points at the place.
            ImageError: the picture cannot be read.
            FingerprintMismatch: it was built with other models than the settings name.
            StoreError: the store failed, or the knowledge base was closed.
        """
        return self._retriever.search(_query(text, image, where, top_k))

    async def asearch(
        self, text: str = "", *, image: str | Path | bytes | None = None, where: str = "", top_k: int = 10
    ) -> SearchResult:
        """`search` for async code; several run at the same time."""
        from anyio import to_thread

        return await to_thread.run_sync(lambda: self.search(text, image=image, where=where, top_k=top_k))

    def ask(
        self,
        question: str = "",
        *,
        image: str | Path | bytes | None = None,
        where: str = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """An answer with citations, from the `top_k` best sources. Arguments and errors as in `search`."""
        return _last(self.stream(question, image=image, where=where, top_k=top_k, history=history))

    async def aask(
        self,
        question: str = "",
        *,
        image: str | Path | bytes | None = None,
        where: str = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
    ) -> Answer:
        """`ask` for async code."""
        events = self.astream(question, image=image, where=where, top_k=top_k, history=history)
        return _last([event async for event in events])

    def stream(
        self,
        question: str = "",
        *,
        image: str | Path | bytes | None = None,
        where: str = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
    ) -> Iterator[Event]:
        """The answer as it is written: sources first, then pieces of text, then the whole with checked citations.

        Closing the iterator stops the model. Arguments and errors as in `search`.

        Args:
            question: words; a follow-up is understood from `history`.
            image: as in `search`.
            where: as in `search`.
            top_k: sources at most.
            history: earlier turns, oldest first.
        """
        return sync_iter(lambda: self.astream(question, image=image, where=where, top_k=top_k, history=history))

    async def astream(
        self,
        question: str = "",
        *,
        image: str | Path | bytes | None = None,
        where: str = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
    ) -> AsyncGenerator[Event, None]:
        """`stream` for async code. Cancelling the task, or closing the generator, stops the model."""
        from anyio import to_thread

        from rag.answers.condense import condense
        from rag.answers.follow_up import picture_before, rewords
        from rag.answers.rewording import cannot_reword
        from rag.prompt import load_prompt

        query = _query(question, image, where, top_k)
        notes: tuple[Note, ...] = ()
        kept = picture_before(history, question) if image is None else None
        if kept is not None and not rewords(question):
            query = replace(query, image=kept)
            notes = (Note("follow_up_picture", "the question is read as one about the picture of a question before"),)
        elif history and image is None:  # "what is this?" asks about the picture, not about what was said before
            prompt = load_prompt("condense", self.settings.prompts_dir)
            chat = await to_thread.run_sync(lambda: self.models.chat)
            alone = await condense(history, question, chat, prompt)
            if alone.needs_model:
                for said in cannot_reword(question, alone.notes):
                    yield said
                return
            asked, notes = _query(alone.question, None, where, top_k).text, alone.notes
            query = replace(query, text=alone.own or asked, recalled=asked if alone.own else "")
        # In a thread from the properties on: their first use loads models, and the event loop must not wait for that.
        found, answerer = await to_thread.run_sync(lambda: (self._retriever.search(query), self._answerer))
        events = answerer.stream(
            query.recalled or query.text,
            found.hits,
            image=query.image,
            read=found.read,
            notes=(*notes, *found.notes),
            timings_s=found.timings_s,
        )
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()

    def _create(self, fields: Mapping[str, FieldType] | None) -> None:
        """Makes it for the models of the settings, or checks that it was made for them."""
        kept = self.store.spec(self.name) if self.name in self.store.list_kbs() else None
        if fields is None:
            fields = kept.fields if kept else {}
        wanted = wanted_spec(self.settings, self.models, fields)
        if kept:
            require_same_models(self.name, kept, wanted)
        self.store.create_kb(self.name, wanted)

    @lazy_property
    def _retriever(self) -> Retriever:
        from rag.search.retriever import Retriever, RetrieverOptions

        require_same_models(self.name, self.spec, wanted_spec(self.settings, self.models, self.spec.fields))
        s = self.settings
        return Retriever(
            self.stored,
            self.spec,
            text_embedder=self.text_embedder,
            image_embedder=self.image_embedder,
            reranker=self.models.reranker,
            reader=lambda: self.models.reader,
            options=RetrieverOptions(
                fusion=s.fusion,
                weights={"image": s.weight_image, "text": s.weight_text, "lexical": s.weight_lexical},
                n_candidates=s.candidates,
                n_reranked=s.rerank_candidates,
                rerank_budget_s=s.rerank_budget_s,
            ),
            asset=lambda name: self._assets.get(name),
        )

    @lazy_property
    def _assets(self) -> StoredAssets:
        from rag.images.assets import StoredAssets

        return StoredAssets(self.assets_uri)

    @lazy_property
    def _answerer(self) -> Answerer:
        from rag.answers.answerer import Answerer
        from rag.chat.pictures import for_chat
        from rag.prompt import load_prompt

        s = self.settings
        return Answerer(
            prompt=load_prompt("answer", s.prompts_dir),
            chat=self.models.chat,
            score=self._sentence_scores,
            context_tokens=s.context_tokens,
            max_output_tokens=s.max_output_tokens,
            asset=self._assets.get,
            encode=for_chat,
            min_cosine=self.text_embedder.min_cosine,
            min_image_cosine=self.image_embedder.min_cosine if self.image_embedder else None,
            min_likeness=self._min_likeness,
            fallback=s.chat == "auto",
        )

    @property
    def _min_likeness(self) -> float:
        measured = self.image_embedder.abilities.min_likeness if self.image_embedder else None
        return MIN_PICTURE_COSINE if measured is None else measured

    def _sentence_scores(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Cosines of sentences with the question, each in [-1, 1]."""
        asked = self.text_embedder.embed_query(question)
        return [float(vector @ asked) for vector in self._sentence_vectors(sentences)]

    @lazy_property
    def _sentence_vectors(self) -> ArrayCache:
        return ArrayCache(self.text_embedder.embed, SENTENCE_BYTES)


def open_store(settings: Settings) -> Store:
    """The store that the settings name. Raises StoreError; the message says why and what to do."""
    from rag.store import connect

    token = settings.store_token.get_secret_value() if settings.store_token else None
    return connect(settings.store_uri, token=token)


def counts_of(store: Store, name: str) -> dict[str, Any]:
    """Name, documents done and failed, texts and images of a knowledge base."""
    counts = store.kb(name).counts()
    return {
        "name": name,
        "documents": counts.documents.get("done", 0),
        "failed": counts.documents.get("failed", 0),
        "texts": counts.texts,
        "images": counts.images,
    }


def _query(text: str, image: str | Path | bytes | None, where: str, top_k: int) -> Query:
    if not text.strip() and image is None:
        raise ConfigError("nothing is asked: give words, a picture, or both")
    if top_k < 1:
        raise ConfigError(f"top_k is {top_k}; it must be at least 1")
    if image is not None and not isinstance(image, bytes):
        name = str(image)
        try:
            with Path(name).expanduser().open("rb") as file:
                image = file.read(MAX_IMAGE_BYTES + 1)
        except (OSError, ValueError, RuntimeError) as error:  # a NUL in the name; a '~name' that nobody has
            why = getattr(error, "strerror", None) or error
            raise ImageError(f"the picture '{name}' cannot be read: {why}") from error
    if image is not None and len(image) > MAX_IMAGE_BYTES:
        raise ImageError(f"the picture has more than {MAX_IMAGE_BYTES // 1024**2} MiB; ask with a smaller one")
    text = _SURROGATES.sub("\ufffd", text)
    return Query(text=text, image=image, where=where, top_k=top_k)


def _last(events: Iterator[Event] | Sequence[Event]) -> Answer:
    answers = [event.answer for event in events if isinstance(event, AnswerEvent)]
    return answers[-1]
