"""One channel's ranked list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from rag.errors import StoreError
from rag.filters.parse import matches
from rag.filters.tree import Filter
from rag.ports import Capabilities
from rag.store.capabilities import full_like
from rag.store.client import Client
from rag.store.expressions import Expression, encode, one_of
from rag.store.index.tuning import dense_search
from rag.store.names import Collections
from rag.store.rows.records import RECORD_FIELDS, Row, to_record
from rag.store.rows.sparse import to_query
from rag.store.rows.values import checked_vector, clean_text
from rag.types import Channel, Record, ScoredRecord, Space

if TYPE_CHECKING:
    from rag.types import Vector

MAX_LIMIT = 16_384
"""Milvus's own; more in one answer is refused."""
IDS_PER_REQUEST = 500
FULL_PROBE_ROWS = 200_000
"""Up to this many rows a filtered search probes every cell: what a filter leaves may lie in any of them, and only
what it leaves is compared."""


@dataclass(frozen=True, slots=True)
class Probe:
    """How wide to search: cells to probe, cells there are, rows at the time that this was measured."""

    nprobe: int
    nlist: int
    n_rows: int

    def width(self, filtered: bool) -> int:
        if not filtered:
            return self.nprobe
        return self.nlist if self.n_rows <= FULL_PROBE_ROWS else min(self.nlist, 8 * self.nprobe)


Pages: TypeAlias = Iterable[list[Row]]
ProbeOf: TypeAlias = Callable[[Collections, Space], Probe]
"""How wide to search that space."""


class Searcher:
    """Searches one collection of a knowledge base for one channel."""

    def __init__(
        self, client: Client, capabilities: Capabilities, collections: Collections, channel: Channel, probe_of: ProbeOf
    ) -> None:
        space: Space = "images" if channel == "image" else "texts"
        kb, spec = collections.kb, collections.spec
        if not collections.dim(space):
            raise StoreError(
                f"knowledge base {kb!r} has no image channel: it was built without an image model. "
                f"Set RAG_IMAGE_MODEL and type 'ingest reembed --kb {kb}'."
            )
        self._lexical_form = spec.lexical_form(capabilities)
        if channel == "lexical" and self._lexical_form == "none":
            raise StoreError(" ".join(map(str, spec.no_lexical(capabilities))))
        self._client = client
        self._full_like = full_like(capabilities)
        self._spec = spec
        self._channel = channel
        self._dim = collections.dim(space)
        self._collection = collections.name(space)
        self._probe_of = partial(probe_of, collections, space)
        # Lite gives BM25 as a distance, below zero and best first; an inner product as it is.
        self._lexical_sign = -1.0 if capabilities.engine == "lite" and self._lexical_form == "words" else 1.0

    def search(
        self, query: Vector | str | Mapping[int, float], limit: int, where: Filter | None, ids: Sequence[str] | None
    ) -> list[ScoredRecord]:
        """See `rag.ports.Store.search`."""
        limit = min(limit, MAX_LIMIT)
        expression = Expression("") if where is None else encode(where, self._spec.fields, full_like=self._full_like)
        if limit <= 0 or (ids is not None and not ids):
            return []
        if self._channel == "lexical":
            if not expression.exact:
                ids, expression = self._matching_ids(expression.text, where, ids), Expression("")
            return self._lexical(query, limit, expression.text, ids)
        if isinstance(query, str | Mapping):
            raise StoreError(f"the {self._channel} channel takes a vector, not words or weights of tokens")
        vector = checked_vector(query, self._dim, "query")
        check = None if expression.exact else where
        if ids is not None:
            return self._compare(vector, limit, self._chosen(ids, expression.text), check)
        if check is not None:
            return self._compare(vector, limit, self._all(expression.text), check)
        return self._dense(vector, limit, expression.text)

    def _dense(self, vector: Vector, limit: int, expression: str) -> list[ScoredRecord]:
        probe = self._probe_of()
        width = probe.width(bool(expression))
        hits = self._probed(vector, limit, expression, width)
        if len(hits) < limit and width < probe.nlist:
            hits = self._probed(vector, limit, expression, probe.nlist)
        # A server searches rows that are not indexed yet by a makeshift with a width of its own.
        short = len(hits) < limit and not self._client.is_lite
        if short and len(hits) < self._client.count(self._collection, expression):
            return self._compare(vector, limit, self._all(expression), None)
        return _ranked((to_record(hit["entity"]), _cosine(hit["distance"])) for hit in hits)

    def _probed(self, vector: Vector, limit: int, expression: str, nprobe: int) -> list[dict[str, Any]]:
        return dense_search(
            self._client,
            self._collection,
            [vector],
            limit=limit,
            nprobe=nprobe,
            expression=expression,
            fields=RECORD_FIELDS,
        )[0]

    def _compare(self, vector: Vector, limit: int, pages: Pages, check: Filter | None) -> list[ScoredRecord]:
        """Exact scores of all these rows, of those that pass the check."""
        unit = vector / np.linalg.norm(vector)
        best: list[ScoredRecord] = []
        for page in pages:
            scored = [
                (to_record(row), _cosine(float(_normalised(row["vector"]) @ unit)))
                for row in page
                if self._passes(row, check)
            ]
            best = _ranked([*((hit.record, hit.score) for hit in best), *scored])[:limit]
        return best

    def _passes(self, row: Row, check: Filter | None) -> bool:
        return check is None or matches(check, to_record(row), self._spec.fields)

    def _chosen(self, ids: Sequence[str], expression: str) -> Pages:
        fields = [*RECORD_FIELDS, "vector"]
        return (self._client.query(self._collection, _all_of(chunk, expression), fields) for chunk in _chunks(ids))

    def _all(self, expression: str) -> Pages:
        return self._client.pages(self._collection, expression, [*RECORD_FIELDS, "vector"])

    def _lexical(
        self, query: Vector | str | Mapping[int, float], limit: int, expression: str, ids: Sequence[str] | None
    ) -> list[ScoredRecord]:
        asked, metric = self._lexical_query(query)
        if not asked:
            return []
        scored: list[tuple[Record, float]] = []
        for chunk in [None] if ids is None else _chunks(ids):
            results = self._client.read(
                "search",
                self._collection,
                data=[asked],
                anns_field="sparse",
                limit=limit,
                filter=expression if chunk is None else _all_of(chunk, expression),
                output_fields=RECORD_FIELDS,
                search_params={"metric_type": metric},
            )
            scored += [(to_record(hit["entity"]), self._lexical_sign * float(hit["distance"])) for hit in results[0]]
        return _ranked(scored)[:limit]

    def _lexical_query(self, query: Vector | str | Mapping[int, float]) -> tuple[str | dict[int, float], str]:
        """The query as Milvus takes it, empty where it asks for nothing, and the metric."""
        if self._lexical_form == "sparse":
            if not isinstance(query, Mapping):
                raise StoreError("the lexical channel of this knowledge base takes weights of tokens, not words")
            return to_query(query), "IP"
        if not isinstance(query, str):
            raise StoreError("the lexical channel of this knowledge base takes words, not weights of tokens")
        return clean_text(query).strip(), "BM25"

    def _matching_ids(self, expression: str, check: Filter | None, ids: Sequence[str] | None) -> list[str]:
        """Ids of the records that pass a filter which the engine can only say in part."""
        allowed = None if ids is None else set(ids)
        return [
            row["id"]
            for page in self._client.pages(self._collection, expression, RECORD_FIELDS)
            for row in page
            if (allowed is None or row["id"] in allowed) and self._passes(row, check)
        ]


def _chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    unique = list(dict.fromkeys(ids))
    return (unique[start : start + IDS_PER_REQUEST] for start in range(0, len(unique), IDS_PER_REQUEST))


def _all_of(ids: Sequence[str], expression: str) -> str:
    chosen = one_of("id", ids)
    return f"({chosen} and {expression})" if expression else chosen


def _normalised(vector: Sequence[float]) -> Vector:
    array = np.asarray(vector, dtype=np.float32)
    return array / np.linalg.norm(array)


def _cosine(score: float) -> float:
    return max(-1.0, min(1.0, float(score)))


def _ranked(scored: Iterable[tuple[Record, float]]) -> list[ScoredRecord]:
    """Best first; equal scores by id, so that the same search gives the same list."""
    return sorted(
        (ScoredRecord(record, score) for record, score in scored), key=lambda hit: (-hit.score, hit.record.id)
    )
