"""`rag.ports.StoredKb` over Milvus: the collections of one knowledge base."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.filters.parse import matches
from rag.filters.tree import Filter
from rag.ports import Capabilities, Counts
from rag.store.capabilities import full_like
from rag.store.client import Client
from rag.store.errors import CollectionMissing
from rag.store.expressions import Expression, encode, one_of
from rag.store.index.sampling import sample_vectors
from rag.store.index.upkeep import Upkeep
from rag.store.lifecycle import Lifecycle
from rag.store.manifest import (
    DOCUMENT_FIELDS,
    FACTS_ID,
    STATES,
    document_row,
    in_states,
    to_document,
)
from rag.store.names import MANIFEST, Collections
from rag.store.rows.records import RECORD_FIELDS, batches, to_record, to_rows
from rag.store.rows.sparse import from_stored
from rag.store.search import IDS_PER_REQUEST, Searcher
from rag.types import Channel, Document, EmbeddedRecord, Record, ScoredRecord, Space

if TYPE_CHECKING:
    from rag.types import Vector, Vectors


_SCAN_ROWS = 4000
"""In one answer of a pass over all: the embedded engine walks all of its keys for each."""


class MilvusKb:
    """One knowledge base. Thread-safe; a handle, nothing is asked before it is used.

    Args:
        name: of the knowledge base.
        client: requests.
        lifecycle: opens its collections.
        upkeep: of their indexes.
        check_open: raises StoreError once the store is closed.
    """

    def __init__(
        self, name: str, client: Client, lifecycle: Lifecycle, upkeep: Upkeep, check_open: Callable[[], None]
    ) -> None:
        self._name = name
        self._client, self._lifecycle, self._upkeep = client, lifecycle, upkeep
        self._check_open = check_open
        self._has_written = False

    @property
    def capabilities(self) -> Capabilities:
        return self._lifecycle.capabilities

    def put_documents(self, documents: Sequence[Document], vectors: Mapping[str, Vector] | None = None) -> None:
        with self._open() as base:
            given = vectors or {}
            rows = {
                document.doc_id: document_row(document, given.get(document.doc_id), base.spec.text_dim)
                for document in documents
            }
            self._write(base.manifest, list(rows.values()))

    def documents(self, *, states: Sequence[str] = ()) -> Iterator[Document]:
        with self._open() as base:
            for page in self._client.pages(base.manifest, in_states(tuple(states)), DOCUMENT_FIELDS):
                yield from map(to_document, page)

    def document(self, doc_id: str) -> Document | None:
        if doc_id == FACTS_ID:
            return None
        with self._open() as base:
            return next(map(to_document, self._by_id(base.manifest, [doc_id], DOCUMENT_FIELDS)), None)

    def upsert(self, rows: Sequence[EmbeddedRecord]) -> None:
        with self._open() as base:
            for space, new in to_rows(rows, base, base.spec.lexical_form(self.capabilities)).items():
                self._write(base.name(space), new)

    def _write(self, collection: str, rows: list[dict[str, Any]]) -> None:
        """Rows in the place of those with their ids, of which nothing stays.

        Lite's upsert keeps what the new row lacks of the old one's dynamic field; its insert replaces the row, in one
        step. A server's insert would leave both.
        """
        self._revise()
        method = "insert" if self._client.is_lite else "upsert"
        for batch in batches(rows):
            self._client.call(method, collection, data=batch, writes=True)

    def delete_records(self, space: Space, ids: Sequence[str]) -> None:
        with self._open() as base:
            if base.dim(space):
                self._delete(base.name(space), "id", ids)

    def delete_documents(self, doc_ids: Sequence[str]) -> None:
        with self._open() as base:
            for space in base.spaces:
                self._delete(base.name(space), "doc_id", doc_ids)
            self._delete(base.manifest, "id", [doc_id for doc_id in doc_ids if doc_id != FACTS_ID])

    def _delete(self, collection: str, field: str, values: Sequence[str]) -> None:
        self._revise()
        for start in range(0, len(values), IDS_PER_REQUEST):
            self._client.delete(collection, one_of(field, values[start : start + IDS_PER_REQUEST]))

    def _revise(self) -> None:
        """Once: an ingest's end says it again, and counts tell what is between."""
        if not self._has_written:
            self._has_written = True
            self._upkeep.revise(self._lifecycle.open(self._name))

    def scan(self, where: Filter | None = None) -> Iterator[Record]:
        with self._open() as base:
            fields = base.spec.fields
            said = Expression("") if where is None else encode(where, fields, full_like=full_like(self.capabilities))
            for space in base.spaces:
                for page in self._client.pages(base.name(space), said.text, RECORD_FIELDS, page_rows=_SCAN_ROWS):
                    records = map(to_record, page)
                    yield from (each for each in records if where is None or said.exact or matches(where, each, fields))

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        with self._open() as base:
            found: dict[str, Record] = {}
            for space in base.spaces:
                missing = [id_ for id_ in ids if id_ not in found]
                rows = self._by_id(base.name(space), missing, RECORD_FIELDS)
                found.update((row["id"], to_record(row)) for row in rows)
            return found

    def vectors(self, space: Space, ids: Sequence[str]) -> dict[str, Vector]:
        with self._open() as base:
            if not base.dim(space):
                return {}
            rows = self._by_id(base.name(space), ids, ["id", "vector"])
            return {row["id"]: np.asarray(row["vector"], dtype=np.float32) for row in rows}

    def sparse_vectors(self, ids: Sequence[str]) -> dict[str, dict[int, float]]:
        with self._open() as base:
            if base.spec.lexical_form(self.capabilities) != "sparse":
                return {}
            rows = self._by_id(base.name("texts"), ids, ["id", "sparse"])
            return {row["id"]: from_stored(row["sparse"]) for row in rows}

    def _by_id(self, collection: str, ids: Sequence[str], fields: list[str]) -> Iterator[dict[str, Any]]:
        unique = list(dict.fromkeys(ids))
        for start in range(0, len(unique), IDS_PER_REQUEST):
            yield from self._client.query(collection, one_of("id", unique[start : start + IDS_PER_REQUEST]), fields)

    def sample_vectors(self, space: Space, n: int) -> Vectors:
        with self._open() as base:
            dim = base.dim(space)
            if not dim:
                return np.zeros((0, 0), dtype=np.float32)
            return sample_vectors(self._client, base.name(space), dim, n)

    def search(
        self,
        channel: Channel,
        query: Vector | str | Mapping[int, float],
        *,
        limit: int,
        where: Filter | None = None,
        ids: Sequence[str] | None = None,
    ) -> list[ScoredRecord]:
        with self._open() as base:
            searcher = Searcher(self._client, self.capabilities, base, channel, self._upkeep.probe)
            return searcher.search(query, limit, where, ids)

    def counts(self) -> Counts:
        with self._open() as base:
            rows = {space: self._client.count(base.name(space)) for space in base.spaces}
            states = {state: self._client.count(base.manifest, one_of("state", [state])) for state in STATES}
            return Counts(rows.get("texts", 0), rows.get("images", 0), states)

    def revision(self) -> str:
        with self._open() as base:
            rows = (self._client.count(base.name(part)) for part in (*base.spaces, MANIFEST))
            return "-".join((str(base.generation), *map(str, rows), self._upkeep.revision(base)))

    def optimize(self) -> Mapping[str, Any]:
        with self._open() as base:
            self._upkeep.optimize(base)
            return self._upkeep.index_info(base)

    def index_info(self) -> Mapping[str, Any]:
        with self._open() as base:
            return self._upkeep.index_info(base)

    @contextmanager
    def _open(self) -> Iterator[Collections]:
        """Its collections, and the right error when somebody drops or replaces it meanwhile."""
        self._check_open()
        try:
            yield self._lifecycle.open(self._name)
        except CollectionMissing:
            raise self._lifecycle.gone(self._name) from None
