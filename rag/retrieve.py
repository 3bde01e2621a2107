"""Encode the query, search the channels at the same time, fuse, rerank, group."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from rag.errors import StoreError
from rag.fusion import FUSIONS, Background, ChannelResult, blend, dense_background, explain, lexical_background
from rag.grouping import group
from rag.query_forms import Form, QueryEncoder, QueryForms
from rag.types import MIN_STD, Channel, Hit, Query, ScoredRecord, SearchResult, Space

if TYPE_CHECKING:
    from rag.filter_tree import Filter
    from rag.ports import ImageTextEmbedder, KbSpec, Reranker, Store, TextEmbedder, TextReader
    from rag.types import Vectors

SAMPLE_ROWS = 512
SAMPLE_AGE_S = 30.0


@dataclass(frozen=True, slots=True)
class RetrieverOptions:
    """How to fuse and rerank. See `rag.config.Settings` for each.

    `n_candidates` is what a channel returns, `n_reranked` the most that the reranker sees.
    """

    fusion: str = "calibrated"
    weights: Mapping[Channel, float] = field(default_factory=lambda: {"image": 1.0, "text": 1.0, "lexical": 0.25})
    n_candidates: int = 50
    n_reranked: int = 20
    rerank_budget_s: float = 10.0


class Retriever:
    """Searches one knowledge base; thread-safe.

    Args:
        store: where the knowledge base is.
        kb: its name.
        spec: what it was built with.
        text_embedder: makes the query's dense vector.
        image_embedder: None switches the image channel off.
        reranker: None keeps the fused order.
        reader: gives what reads the words in query pictures (loaded when first needed), or None where OCR is off.
        options: see `RetrieverOptions`.
    """

    def __init__(
        self,
        store: Store,
        kb: str,
        spec: KbSpec,
        *,
        text_embedder: TextEmbedder,
        image_embedder: ImageTextEmbedder | None,
        reranker: Reranker | None,
        reader: Callable[[], TextReader | None],
        options: RetrieverOptions,
    ) -> None:
        self._store, self._kb, self._spec = store, kb, spec
        self._encoder = QueryEncoder(spec, text_embedder, image_embedder, reader)
        self._can_see = image_embedder is not None
        self._reranker, self._options = reranker, options
        self._min_std: dict[Space, float] = {
            "images": image_embedder.background_std if image_embedder else MIN_STD,
            "texts": MIN_STD,
        }
        self._samples: dict[Space, tuple[float, Vectors]] = {}
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(max_workers=3, thread_name_prefix="channel")

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def search(self, query: Query) -> SearchResult:
        """Hits, best first, at most `query.top_k`.

        Raises:
            FilterSyntaxError: the filter cannot be parsed.
            ImageError: the query's picture cannot be decoded.
            StoreError: the store failed, or this was closed.
        """
        notes: list[str] = []
        timings: dict[str, float] = {}
        where = _parse_where(query.where)
        with _timed(timings, "encode"):
            forms = self._encoder.encode(query, notes)
        channels = self._searchable(forms, notes)
        with _timed(timings, "search"):
            limit = max(self._options.n_candidates, query.top_k)
            found = self._search_channels(channels, limit, where)
        with _timed(timings, "fuse"):
            records = {scored.record.id: scored.record for ranked in found.values() for scored in ranked}
            results = self._complete(channels, found, list(records))
            fused = FUSIONS[self._options.fusion](results)
            order = sorted(fused, key=lambda record: (-fused[record], record))
            hits = [Hit(records[r], fused[r], explain(r, results), fused[r]) for r in order]
        with _timed(timings, "rerank"):
            hits = self._rerank(forms.words, hits, notes)
        return SearchResult(tuple(group(hits)[: query.top_k]), tuple(notes), timings)

    def _searchable(self, forms: QueryForms, notes: list[str]) -> dict[Channel, Form]:
        channels = forms.by_channel()
        if not self._can_see:
            notes.append("the image channel is off: no image model is set (RAG_IMAGE_MODEL)")
        can = self._store.capabilities
        if "lexical" in channels and not (can.sparse if self._spec.sparse_model else can.lexical):
            del channels["lexical"]
            notes.extend(can.missing)
        weighed = {channel: form for channel, form in channels.items() if self._options.weights[channel] > 0}
        if not weighed:
            notes.append("no channel could be searched: none is on, weighs anything and understands this question")
        return weighed

    def _search_channels(
        self, channels: Mapping[Channel, Form], limit: int, where: Filter | None
    ) -> dict[Channel, list[ScoredRecord]]:
        try:
            futures = {
                channel: self._pool.submit(self._store.search, self._kb, channel, form, limit=limit, where=where)
                for channel, form in channels.items()
            }
        except RuntimeError as error:  # what a pool says that was shut down
            raise _closed(self._kb) from error
        try:
            return {channel: future.result() for channel, future in futures.items()}
        except CancelledError as error:
            raise _closed(self._kb) from error

    def _complete(
        self,
        channels: Mapping[Channel, Form],
        found: Mapping[Channel, Sequence[ScoredRecord]],
        candidates: Sequence[str],
    ) -> list[ChannelResult]:
        """Every candidate gets a score in every channel that has a row for it, not only where it was returned."""
        raws: dict[Channel, dict[str, float]] = {}
        for channel, form in channels.items():
            raw = {scored.record.id: scored.score for scored in found[channel]}
            missing = [record for record in candidates if record not in raw]
            if missing:
                extra = self._store.search(self._kb, channel, form, limit=len(missing), ids=missing)
                raw |= {scored.record.id: scored.score for scored in extra}
            raws[channel] = raw
        if "lexical" in raws and "text" in raws:  # a text row without any of the words has a BM25 of zero
            raws["lexical"] = dict.fromkeys(raws["text"], 0.0) | raws["lexical"]
        return [
            ChannelResult(
                channel=channel,
                raw=raws[channel],
                ranks={scored.record.id: rank for rank, scored in enumerate(found[channel], start=1)},
                background=self._background(channel, form, found[channel]),
                weight=self._options.weights[channel],
            )
            for channel, form in channels.items()
        ]

    def _background(self, channel: Channel, form: Form, ranked: Sequence[ScoredRecord]) -> Background:
        if isinstance(form, str | Mapping):
            # Not over all of `ranked`: asking for more hits must not change what a hit is worth.
            return lexical_background([scored.score for scored in ranked], self._options.n_candidates)
        space: Space = "images" if channel == "image" else "texts"
        return dense_background((self._sample(space) @ form).tolist(), self._min_std[space])

    def _sample(self, space: Space) -> Vectors:
        with self._lock:
            taken, vectors = self._samples.get(space, (0.0, None))
            if vectors is None or not len(vectors) or time.monotonic() - taken > SAMPLE_AGE_S:
                vectors = self._store.sample_vectors(self._kb, space, SAMPLE_ROWS)
                self._samples[space] = (time.monotonic(), vectors)
            return vectors

    def _rerank(self, words: str, hits: list[Hit], notes: list[str]) -> list[Hit]:
        """The candidates in the reranker's order; whatever it does not score keeps its fused place."""
        if self._reranker is None or not words or len(hits) < 2:
            return hits
        candidates, rest = hits[: self._options.n_reranked], hits[self._options.n_reranked :]
        try:
            scores = self._reranker.score(
                words,
                [hit.record.text for hit in candidates],
                deadline_s=self._options.rerank_budget_s,
                note=notes.append,
            )
        except Exception as error:  # noqa: BLE001 - a reranker that fails must not take the answer with it
            notes.append(f"the reranker '{self._reranker.name}' failed ({error}); the fused order stands")
            return hits
        final = blend([hit.fused for hit in candidates], scores, self._reranker.share)
        reranked = [
            Hit(hit.record, score, hit.channels, hit.fused, rerank)
            for hit, score, rerank in zip(candidates, final, scores, strict=True)
        ]
        floor = min(final)
        tail = [Hit(h.record, floor + h.fused - candidates[-1].fused, h.channels, h.fused) for h in rest]
        return sorted(reranked, key=lambda hit: (-hit.score, hit.record.id)) + tail


def _closed(kb: str) -> StoreError:
    return StoreError(f"knowledge base '{kb}' is closed; open it again with KnowledgeBase.open('{kb}')")


def _parse_where(where: str) -> Filter | None:
    if not where.strip():
        return None
    from rag.filters import parse_where

    return parse_where(where)


@contextmanager
def _timed(timings: dict[str, float], stage: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    timings[stage] = time.perf_counter() - start
