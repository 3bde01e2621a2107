"""The front door: one knowledge base, to search and to ask."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rag.columns.catalogue import Catalogue
from rag.config import Settings, load_settings
from rag.errors import ConfigError, KnowledgeBaseNotFound
from rag.models.compatibility import require_same_models, wanted_spec
from rag.models.registry import Models
from rag.models.store import counts_of, open_store
from rag.question import NOTHING_ASKED, Question
from rag.sync.lazy import lazy_property
from rag.sync.sync_iter import sync_iter
from rag.trace import Trace
from rag.types import Answer, AnswerEvent, Event, Hit, SearchResult, Turn

if TYPE_CHECKING:
    from rag.answers.answerer import Answerer
    from rag.answers.follow_ups.condense import Standalone
    from rag.images.assets import StoredAssets
    from rag.ports import ImageTextEmbedder, KbSpec, Sampling, Store, StoredKb, TextEmbedder
    from rag.question import Picture
    from rag.search.understood.search import UnderstandingSearch
    from rag.types import FieldType

_AT_ONCE = 100
"""Documents that are deleted with one request."""


class KnowledgeBase(Catalogue):
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

    def empty(self) -> int:
        """Removes every document, its pictures and what was uploaded; files elsewhere stay. Gives how many there were.

        Raises:
            AssetError, StoreError: not all of it could be removed; done again it goes on.
        """
        from rag.images.assets import StoredAssets
        from rag.uploads import Uploads

        ids = [document.doc_id for document in self.stored.documents()]
        Uploads.of_settings(self.settings).drop(self.name)  # first: else a next job would bring them back
        for start in range(0, len(ids), _AT_ONCE):
            self.stored.delete_documents(ids[start : start + _AT_ONCE])
        StoredAssets(self.assets_uri).drop()
        return len(ids)

    def drop(self) -> None:
        """Removes it with its pictures, what was uploaded, what is said of it and conversations; files elsewhere stay.

        Raises:
            AssetError, StoreError: not all of it could be removed; done again it goes on.
        """
        from rag.answers.chat_history import ChatHistory
        from rag.images.assets import StoredAssets
        from rag.uploads import Uploads
        from rag.uploads.about import drop_about

        StoredAssets(self.assets_uri).drop()  # first: without the collections nobody would know its name any more
        Uploads.of_settings(self.settings).drop(self.name)  # else the next upload of that name would bring them back
        self.store.drop_kb(self.name)
        drop_about(self.settings.data_dir, self.name)
        ChatHistory(self.settings.data_dir, self.name).clear()

    def _repr_html_(self) -> str:
        from rag.notebook import table

        return table(counts_of(self.store, self.name).items())

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
        self,
        text: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 10,
        sort: str | None = "",
    ) -> SearchResult:
        """The records closest to words, a picture, or both; with neither, the documents that match, in an order.

        Args:
            text: words, or the whole `Question`, which then has all that follows.
            image: a picture: its path, its encoded bytes, or an image of Pillow.
            where: a filter, such as `year >= 2020 and author = "Ada"`.
            top_k: hits at most, at least 1.
            sort: a column by which the hits are ordered in the end, such as `taken_at`, or `-taken_at` for the newest
                first; what has no value comes last.

        Raises:
            ConfigError: neither words nor picture, filter or order; or `top_k` below 1.
            FilterSyntaxError: the filter or the order cannot be parsed; the message points at the place.
            ImageError: the picture cannot be read.
            FingerprintMismatch: it was built with other models than the settings name.
            StoreError: the store failed, or the knowledge base was closed.
        """
        asked = Question.of(text, image, where, top_k, sort=sort)
        return self._listed(asked, self.assets_uri) if asked.is_list else self._retriever.search(asked.query())

    async def asearch(
        self,
        text: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 10,
        sort: str | None = "",
    ) -> SearchResult:
        """`search` for async code; several run at the same time."""
        from anyio import to_thread

        return await to_thread.run_sync(lambda: self.search(text, image=image, where=where, top_k=top_k, sort=sort))

    def ask(
        self,
        question: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
        sampling: Sampling | None = None,
    ) -> Answer:
        """An answer with citations, from the `top_k` best sources. Arguments and errors as in `search`."""
        return _last(self.stream(question, image=image, where=where, top_k=top_k, history=history, sampling=sampling))

    async def aask(
        self,
        question: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
        sampling: Sampling | None = None,
    ) -> Answer:
        """`ask` for async code."""
        events = self.astream(question, image=image, where=where, top_k=top_k, history=history, sampling=sampling)
        return _last([event async for event in events])

    def stream(
        self,
        question: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
        sampling: Sampling | None = None,
    ) -> Iterator[Event]:
        """The answer as it is written: sources first, then pieces of text, then the whole with checked citations.

        Closing the iterator stops the model. Arguments and errors as in `search`.

        Args:
            question: words; a follow-up is understood from `history`. Or the whole `Question`, with all that follows.
            image: as in `search`.
            where: as in `search`.
            top_k: sources at most.
            history: earlier turns, oldest first.
            sampling: how the model chooses its words; what it leaves open is as the settings say.
        """
        return sync_iter(
            lambda: self.astream(question, image=image, where=where, top_k=top_k, history=history, sampling=sampling)
        )

    async def astream(
        self,
        question: str | Question = "",
        *,
        image: Picture | None = None,
        where: str | None = "",
        top_k: int = 8,
        history: Sequence[Turn] = (),
        sampling: Sampling | None = None,
    ) -> AsyncGenerator[Event, None]:
        """`stream` for async code. Cancelling the task, or closing the generator, stops the model."""
        from anyio import to_thread

        from rag.answers.exact import stream_fact
        from rag.answers.follow_ups.condense import search_in_context
        from rag.answers.follow_ups.leaning import picture_before, rewords
        from rag.answers.follow_ups.rewording import cannot_reword

        asked = Question.of(question, image, where, top_k, history, sampling)
        if asked.is_list:
            raise ConfigError(NOTHING_ASKED)
        trace = Trace()
        earlier = picture_before(asked.history, asked.text) if asked.image is None else None
        if earlier is not None and not rewords(asked.text):
            asked = replace(asked, image=earlier)
            trace.note("follow_up_picture", "the question is read as one about the picture of a question before")
        # In a thread from the properties on: their first use loads models, and the event loop must not wait for that.
        answerer = await to_thread.run_sync(lambda: self._answerer)
        recall = partial(self._recalled, asked)

        async def search(read: Standalone) -> SearchResult:
            return await to_thread.run_sync(lambda: self._retriever.search(read.query(asked)))

        found = await search_in_context(
            # "what is this?" asks about the picture, not about what was said before
            asked.history if asked.image is None else (),
            asked.text,
            search,
            is_weak=lambda text, result: answerer.is_weak(text, result.hits),
            reword=partial(answerer.rewritten, asked, recall) if answerer.chat is not None else None,
        )
        if found.read.needs_model and answerer.chat is None:
            for said in cannot_reword(asked.text, found.read.notes):
                yield said
            return
        trace.notes += [*found.read.notes, *found.result.notes]
        trace.timings_s.update(found.result.timings_s)
        if found.result.fact is not None:
            events = stream_fact(asked, found.result, found.result.fact, trace)
        else:
            events = answerer.stream(
                asked, found.result, trace, searched=found.read.question, recall=recall, spent=found.tokens
            )
        try:
            async for event in events:
                yield event
        finally:
            await events.aclose()

    async def warm(self) -> None:
        """Loads what a first question needs, the chat model included, so that it need not wait.

        Raises:
            ChatError: the chat model cannot be used.
        """
        from anyio import to_thread

        answerer = await to_thread.run_sync(lambda: (self._retriever, self._answerer)[1])
        await answerer.warm()

    def _recalled(self, asked: Question, before: Sequence[Turn], turn: Turn) -> Sequence[Hit]:
        """What an earlier turn's question found, found again."""
        from rag.answers.follow_ups.condense import joined

        read = joined(before, turn.question)
        if read.needs_model or not (turn.question.strip() or turn.image):
            return ()
        then = replace(asked, text=turn.question, image=turn.image, history=())
        return self._retriever.search(read.query(then)).hits

    def _create(self, fields: Mapping[str, FieldType] | None) -> None:
        """Makes it for the models of the settings, or checks that it was made for them."""
        built_with = self.store.spec(self.name) if self.name in self.store.list_kbs() else None
        if fields is None:
            fields = built_with.fields if built_with else {}
        wanted = wanted_spec(self.settings, self.models, fields)
        if built_with:
            require_same_models(self.name, built_with, wanted)
        self.store.create_kb(self.name, wanted)

    @lazy_property
    def _retriever(self) -> UnderstandingSearch:
        from rag.models.searching import make_search

        require_same_models(self.name, self.spec, wanted_spec(self.settings, self.models, self.spec.fields))
        return make_search(
            self.settings,
            self.models,
            self.stored,
            self.spec,
            assets_uri=self.assets_uri,
            asset=lambda name: self._assets.get(name),
            facets=lambda: self._facets.get(),
        )

    @lazy_property
    def _assets(self) -> StoredAssets:
        from rag.images.assets import StoredAssets

        return StoredAssets(self.assets_uri)

    @lazy_property
    def _answerer(self) -> Answerer:
        from rag.models.answering import make_answerer

        return make_answerer(self.settings, self.models, self.name, self._assets.get)


def _last(events: Iterator[Event] | Sequence[Event]) -> Answer:
    answers = [event.answer for event in events if isinstance(event, AnswerEvent)]
    return answers[-1]
