"""Calls of one model from many threads become few large ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import ImageTextEmbedder, Seen, SparseEmbedder, TextEmbedder, ThingNamer, TokenEmbedder
    from rag.types import Vector, Vectors

A = TypeVar("A")

MAX_ITEMS = 256


class MicroBatcher(Generic[A]):
    """A function over sequences that runs once at a time, for everyone who waits.

    What is asked while it runs waits and goes into the next run together: nobody waits for others to come, a model
    never runs twice at once on the same cores, and no thread of its own is needed: whoever comes first runs for all.

    Args:
        run: takes a sequence and gives something of the same length that can be sliced.
        max_items: of one run, unless a single call has more.
    """

    def __init__(self, run: Callable[[Sequence[A]], Any], max_items: int = MAX_ITEMS) -> None:
        self._run, self._max_items = run, max_items
        self._waiting: list[tuple[Sequence[A], Future[Any]]] = []
        self._guard, self._running = threading.Lock(), threading.Lock()

    def __call__(self, items: Sequence[A]) -> Any:
        """What the function gives for these items, or its error."""
        future: Future[Any] = Future()
        with self._guard:
            self._waiting.append((items, future))
        while not future.done():
            with self._running:
                if not future.done():
                    self._run_next()
        return future.result()

    def _run_next(self) -> None:
        calls = self._taken()
        try:
            made = self._run([item for items, _ in calls for item in items])
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            if len(calls) == 1:
                calls[0][1].set_exception(error)
                return
            for call in calls:  # one bad item must not spoil what others asked
                self._run_alone(*call)
            return
        start = 0
        for items, future in calls:
            future.set_result(made[start : start + len(items)])
            start += len(items)

    def _taken(self) -> list[tuple[Sequence[A], Future[Any]]]:
        with self._guard:
            n_calls, n_items = 0, 0
            for items, _ in self._waiting:
                n_items += len(items)
                if n_calls and n_items > self._max_items:
                    break
                n_calls += 1
            taken, self._waiting = self._waiting[:n_calls], self._waiting[n_calls:]
            return taken

    def _run_alone(self, items: Sequence[A], future: Future[Any]) -> None:
        try:
            future.set_result(self._run(items))
        except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
            future.set_exception(error)


class GatheredTexts:
    """A text embedder whose calls from several threads are gathered."""

    def __init__(self, model: TextEmbedder) -> None:
        self._model = model
        able = model.abilities
        self.abilities = replace(
            able,
            tokens=_GatheredTokens(able.tokens) if able.tokens else None,
            sparse=_GatheredSparse(able.sparse) if able.sparse else None,
        )
        self._embed = MicroBatcher(model.embed)

    @property
    def fingerprint(self) -> str:
        return self._model.fingerprint

    @property
    def dim(self) -> int:
        return self._model.dim

    @property
    def max_tokens(self) -> int:
        return self._model.max_tokens

    @property
    def min_cosine(self) -> float | None:
        return self._model.min_cosine

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._embed(texts)
        return vectors

    def embed_query(self, text: str) -> Vector:
        if not self.abilities.queries_as_texts:
            return self._model.embed_query(text)
        vector: Vector = self.embed([text])[0]
        return vector

    def count_tokens(self, text: str) -> int:
        return self._model.count_tokens(text)


class _GatheredTokens:
    def __init__(self, model: TokenEmbedder) -> None:
        self._embed = MicroBatcher(model.embed_tokens)

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        return list(self._embed(texts))


class _GatheredSparse:
    def __init__(self, model: SparseEmbedder) -> None:
        self._model, self._embed = model, MicroBatcher(model.embed_sparse)

    def embed_sparse(self, texts: Sequence[str]) -> list[dict[int, float]]:
        return list(self._embed(texts))

    def embed_sparse_query(self, text: str) -> dict[int, float]:
        return self._model.embed_sparse_query(text)


class _GatheredNames:
    def __init__(self, model: ThingNamer) -> None:
        self._see = MicroBatcher(model.see)

    def see(self, images: Sequence[Image]) -> list[Seen]:
        return list(self._see(images))


class GatheredPictures:
    """An image embedder whose calls from several threads are gathered."""

    def __init__(self, model: ImageTextEmbedder) -> None:
        names = model.abilities.names
        self._model, self.abilities = model, replace(model.abilities, names=_GatheredNames(names) if names else None)
        self._embed_images, self._embed_texts = MicroBatcher(model.embed_images), MicroBatcher(model.embed_texts)

    @property
    def fingerprint(self) -> str:
        return self._model.fingerprint

    @property
    def dim(self) -> int:
        return self._model.dim

    @property
    def background_std(self) -> float:
        return self._model.background_std

    @property
    def min_cosine(self) -> float | None:
        return self._model.min_cosine

    @property
    def wanted_side_px(self) -> int | None:
        return self._model.wanted_side_px

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        vectors: Vectors = self._embed_images(images)
        return vectors

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._embed_texts(texts)
        return vectors
