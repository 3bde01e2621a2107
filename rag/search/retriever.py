"""Encode the query, search the channels, fuse, rerank, group."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from rag.columns.order import in_order
from rag.errors import AssetError, StoreError
from rag.filters.parse import filter_of
from rag.search.background_sample import Sample
from rag.search.exact import look_exactly
from rag.search.fusion import (
    FUSIONS,
    SHARE_OF_MIN_COSINE,
    Background,
    ChannelResult,
    dense_background,
    lexical_background,
    narrowed,
)
from rag.search.preference import preference
from rag.search.query_encoder import Form, QueryEncoder, QueryForms
from rag.search.ranking import Ranking
from rag.sync.fan_out import Closed, FanOut
from rag.trace import Note, Trace
from rag.types import MIN_STD, Channel, Query, Record, ScoredRecord, SearchResult, Space

if TYPE_CHECKING:
    from rag.filters.tree import Filter
    from rag.ports import ImageTextEmbedder, KbSearch, KbSpec, Reranker, TextEmbedder, TextReader

T = TypeVar("T")

FEW_PICTURES = 50
"""Up to so many a picture is judged without itself: it would be a good part of its own background."""
WAITING_THREADS = 32
"""That wait for a server's answers, for all questions together. The embedded engine computes in this process, under
Python's lock: three channels at once took as long as one after the other (19.7 ms, 4,000 rows) and 5 % more CPU."""


SPOKEN_SHARE = 0.65
"""Of the reranker, at least, where a question leans on those before it: fusion adds what the two find, a reranker reads
them as one. It judges pictures by their words then, too. See `docs/decisions/037-follow-ups-by-weight.md`."""


@dataclass(frozen=True, slots=True)
class RetrieverOptions:
    """How to fuse and rerank. See `rag.config.Settings` for each.

    `n_candidates` is what a channel returns, `n_reranked` the most that the reranker sees, `assets_uri` where the
    pictures of hits are.
    """

    fusion: str = "calibrated"
    weights: Mapping[Channel, float] = field(default_factory=lambda: {"image": 1.0, "text": 1.0, "lexical": 0.25})
    n_candidates: int = 50
    n_reranked: int = 20
    rerank_budget_s: float = 10.0
    assets_uri: str = ""


class Retriever:
    """Searches one knowledge base; thread-safe.

    Args:
        kb: its records in the store.
        spec: what it was built with.
        text_embedder: makes the query's dense vector.
        image_embedder: None switches the image channel off.
        reranker: None keeps the fused order.
        reader: gives what reads the words in query pictures (loaded when first needed), or None where OCR is off.
        options: see `RetrieverOptions`.
        asset: encoded picture by asset id, such as `StoredAssets.get`, for a reranker that looks at pictures; None:
            it reads their words.
    """

    def __init__(
        self,
        kb: KbSearch,
        spec: KbSpec,
        *,
        text_embedder: TextEmbedder,
        image_embedder: ImageTextEmbedder | None,
        reranker: Reranker | None,
        reader: Callable[[], TextReader | None],
        options: RetrieverOptions,
        asset: Callable[[str], bytes] | None = None,
    ) -> None:
        self._kb, self._spec = kb, spec
        self._encoder = QueryEncoder(spec, text_embedder, image_embedder, reader)
        self._can_see = image_embedder is not None
        self._reranker, self._options = reranker, options
        sighted = reranker.abilities.sighted if reranker else None
        self._sighted = (sighted, asset) if asset and sighted else None
        self._min_std: dict[Space, float] = {
            "images": image_embedder.background_std if image_embedder else MIN_STD,
            "texts": MIN_STD,
        }
        least = text_embedder.min_cosine
        self._min_cosine: dict[Space, float | None] = {"images": None, "texts": least and SHARE_OF_MIN_COSINE * least}
        self._samples: dict[Space, Sample] = {
            space: Sample(partial(kb.sample_vectors, space)) for space in self._min_std
        }
        self._calls = FanOut(WAITING_THREADS if kb.capabilities.engine == "server" else 0)

    def close(self) -> None:
        self._calls.close()

    def search(self, query: Query) -> SearchResult:
        """Hits, best first, at most `query.top_k`.

        Raises:
            FilterSyntaxError: the filter cannot be parsed.
            ImageError: the query's picture cannot be decoded.
            StoreError: the store failed, or this was closed.
        """
        trace = Trace()
        where = filter_of(query.where)
        with trace.timed("encode"):
            forms = self._encoder.encode(query, trace)
        channels = self._searchable(forms, trace)
        with trace.timed("search"):
            limit = max(self._options.n_candidates, query.top_k)
            lists = self._search_channels(channels, limit, where)
            # What is missing was noted with the channels of the question: these count less.
            beside = self._searchable(forms.narrowing, Trace()) if forms.narrowing else {}
            lists_beside = self._search_channels(beside, limit, where)
            if where is not None and not any(lists.values()):
                trace.notes += self._why_nothing(channels, where)
        with trace.timed("fuse"):
            every = [*lists.values(), *lists_beside.values()]
            records = list({scored.record.id: scored.record for ranked in every for scored in ranked}.values())
            exact = look_exactly(query, forms.text, records, where, self._kb, limit)
            records += exact.found
            results = self._complete(channels, lists, records)
            fused = FUSIONS[self._options.fusion](results)
            if beside:
                narrowing = FUSIONS[self._options.fusion](self._complete(beside, lists_beside, records))
                fused = narrowed(fused, narrowing, by_picture=query.image is not None)
            if self._options.fusion == "calibrated":
                fused += [exact.evidence(record) for record in records]
                fused += preference(records, query.preferred, self._spec.fields)
            ranking = Ranking.of(records, fused.tolist(), [exact.tier(record) for record in records])
        with trace.timed("rerank"):
            self._rerank(forms.words, query, ranking, trace)
        trace.notes += exact.notes()
        hits = ranking.hits(results, query.top_k, exact.names)
        hits = tuple(replace(hit, assets_uri=self._options.assets_uri) for hit in hits)
        if query.sort:
            hits = in_order(hits, query.sort, self._spec.fields, trace)
        return SearchResult(
            hits, tuple(trace.notes), trace.timings_s, forms.read, exact.missing, looks_like=forms.looks_like
        )

    def _searchable(self, forms: QueryForms, trace: Trace) -> dict[Channel, Form]:
        channels = forms.by_channel()
        if not self._can_see:
            trace.note("image_channel_off", "the image channel is off: no image model is set (RAG_IMAGE_MODEL)")
        can = self._kb.capabilities
        if "lexical" in channels and self._spec.lexical_form(can) == "none":
            del channels["lexical"]
            trace.notes += self._spec.no_lexical(can)
        weighed = {channel: form for channel, form in channels.items() if self._options.weights[channel] > 0}
        if not weighed:
            text = "no channel could be searched: none is on, weighs anything and understands this question"
            trace.note("no_channel", text)
        return weighed

    def _search_channels(
        self, channels: Mapping[Channel, Form], limit: int, where: Filter | None
    ) -> dict[Channel, list[ScoredRecord]]:
        return self._each(channels, lambda channel, form: self._kb.search(channel, form, limit=limit, where=where))

    def _why_nothing(self, channels: Mapping[Channel, Form], where: Filter) -> list[Note]:
        from rag.search.empty_filter import empty_parts
        from rag.search.unknown_columns import unknown_columns

        dense: dict[Channel, Form] = {channel: form for channel, form in channels.items() if channel != "lexical"}

        def find(where: Filter | None) -> list[Record]:
            lists = self._search_channels(dense, self._options.n_candidates, where)
            return [scored.record for ranked in lists.values() for scored in ranked]

        fields = self._spec.fields
        return [*unknown_columns(where, fields, find), *empty_parts(where, fields, find)]

    def _complete(
        self,
        channels: Mapping[Channel, Form],
        lists: Mapping[Channel, Sequence[ScoredRecord]],
        records: Sequence[Record],
    ) -> list[ChannelResult]:
        """Every candidate gets a score in every channel that has a row for it, not only where it was returned."""
        indices = {record.id: index for index, record in enumerate(records)}
        raws, ranks = {}, {}
        for channel, ranked in lists.items():
            raws[channel], ranks[channel] = np.full(len(records), np.nan), np.zeros(len(records), np.int64)
            returned = [indices[scored.record.id] for scored in ranked]
            raws[channel][returned] = [scored.score for scored in ranked]
            ranks[channel][returned] = np.arange(1, len(ranked) + 1)

        def missing(channel: Channel, form: Form) -> list[ScoredRecord]:
            ids = [records[index].id for index in np.flatnonzero(np.isnan(raws[channel])).tolist()]
            return self._kb.search(channel, form, limit=len(ids), ids=ids) if ids else []

        for channel, extra in self._each(channels, missing).items():
            raws[channel][[indices[scored.record.id] for scored in extra]] = [scored.score for scored in extra]
        if "lexical" in raws and "text" in raws:  # a text row without any of the words has a BM25 of zero
            raws["lexical"][np.isnan(raws["lexical"]) & ~np.isnan(raws["text"])] = 0.0
        return [
            ChannelResult(
                channel=channel,
                raw=raws[channel],
                ranks=ranks[channel],
                background=self._background(channel, form, lists[channel]),
                weight=self._options.weights[channel],
            )
            for channel, form in channels.items()
        ]

    def _each(self, channels: Mapping[Channel, Form], call: Callable[[Channel, Form], T]) -> dict[Channel, T]:
        """What a call returns for each channel."""
        try:
            results = self._calls.run([partial(call, channel, form) for channel, form in channels.items()])
        except Closed:
            raise StoreError(
                f"knowledge base '{self._kb}' is closed; open it again with KnowledgeBase.open('{self._kb}')"
            ) from None
        return dict(zip(channels, results, strict=True))

    def _background(self, channel: Channel, form: Form, ranked: Sequence[ScoredRecord]) -> Background:
        if isinstance(form, str | Mapping):
            # Not over all of `ranked`: asking for more hits must not change what a hit is worth.
            return lexical_background([scored.score for scored in ranked], self._options.n_candidates)
        space: Space = "images" if channel == "image" else "texts"
        sample = self._samples[space].rows()
        # Of texts a candidate left out changes nothing that could be shown; of few pictures it is all there is.
        holds_all = space == "images" and 2 <= len(sample) <= FEW_PICTURES
        return dense_background(sample @ form, self._min_std[space], self._min_cosine[space], holds_all=holds_all)

    def _rerank(self, words: str, query: Query, ranking: Ranking, trace: Trace) -> None:
        """Whatever the reranker does not score keeps its fused place."""
        reranker, image = self._reranker, query.image
        if reranker is None or not (words or (image and self._sighted)) or len(ranking.order) < 2:
            return
        records = [ranking.records[index] for index in ranking.order[: self._options.n_reranked]]
        try:
            prose_only = reranker.abilities.prose_only and not query.spoken
            scores = self._scores(reranker, words, image, records, trace, prose_only=prose_only)
        except Exception as error:  # noqa: BLE001 - a reranker that fails must not take the answer with it
            text = f"the reranker '{reranker.name}' failed ({error}); the fused order stands"
            trace.note("reranker_failed", text)
        else:
            if any(score is not None for score in scores):
                ranking.rerank(scores, max(reranker.share, SPOKEN_SHARE) if query.spoken else reranker.share)

    def _scores(
        self,
        reranker: Reranker,
        words: str,
        image: bytes | None,
        records: Sequence[Record],
        trace: Trace,
        *,
        prose_only: bool,
    ) -> list[float | None]:
        budget_s = self._options.rerank_budget_s
        if self._sighted is None:
            judged = [index for index, record in enumerate(records) if record.kind == "text" or not prose_only]
            passages = [records[index].text for index in judged]
            judgements = reranker.score(words, passages, deadline_s=budget_s, trace=trace) if judged else []
            scores = dict(zip(judged, judgements, strict=True))
            return [scores.get(index) for index in range(len(records))]
        passages = [record.text for record in records]
        sighted, asset = self._sighted
        start = time.monotonic()
        pictures = _pictures(records, asset, trace)
        left_s = budget_s - (time.monotonic() - start)
        return sighted.score_with_pictures(
            words, passages, image=image, pictures=pictures, deadline_s=left_s, trace=trace
        )


def _pictures(records: Sequence[Record], asset: Callable[[str], bytes], trace: Trace) -> list[bytes | None]:
    """Of those that are pictures. One that cannot be fetched is left to its words, and that is noted."""
    pictures: list[bytes | None] = [None] * len(records)
    n_lost = 0
    for i, record in enumerate(records):
        if record.kind == "image" and (name := record.metadata.get("asset")):
            try:
                pictures[i] = asset(str(name))
            except AssetError:
                n_lost += 1
    if n_lost:
        trace.note(
            "pictures_missing",
            f"the reranker went by the words of {n_lost} pictures that the asset store could not give; ingest their "
            "documents again to restore them",
        )
    return pictures
