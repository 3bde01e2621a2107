"""What a knowledge base answers from the columns of its documents, without a model: counts, orders, lists."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import islice
from typing import TYPE_CHECKING

from rag.filters.parse import filter_of
from rag.sync.lazy import Lazy, lazy_property

if TYPE_CHECKING:
    from rag.columns.cached import CachedFacets
    from rag.columns.facets import Facets
    from rag.columns.listing import Listing
    from rag.ports import KbSpec, StoredKb
    from rag.question import Question
    from rag.types import SearchResult


class Catalogue(Lazy, ABC):
    """Over the records that `stored` has and the columns that `spec` declares."""

    @property
    @abstractmethod
    def stored(self) -> StoredKb: ...

    @property
    @abstractmethod
    def spec(self) -> KbSpec: ...

    def facets(self, where: str | None = "", *, n_documents: int | None = None) -> Facets:
        """What the columns of its documents hold: types, how many have each, values with counts, years and months.

        Args:
            where: a filter: only of documents with a record that matches. Without one the counts are kept until the
                knowledge base changes; with one every call reads all that match.
            n_documents: only so many of them are looked at; None: all.

        Raises:
            FilterSyntaxError: the filter cannot be parsed.
            StoreError: the store failed.
        """
        from rag.columns.documents import columns_by_document
        from rag.columns.facets import tally

        chosen = filter_of(where)
        if chosen is None and n_documents is None:
            return self._facets.get()
        columns = columns_by_document(self.stored, chosen)
        return tally(islice(columns, n_documents), self.spec.fields)

    def documents(self, where: str | None = "", *, sort: str = "", limit: int = 100) -> Listing:
        """Its documents in the order of a column, exactly counted: a list, where `search` ranks.

        Args:
            where: a filter: only documents with a record that matches.
            sort: a column, such as `taken_at`, or `-taken_at` for the newest first; those without it come last.
                Empty: by their sources.
            limit: most of them.

        Raises:
            FilterSyntaxError: the filter or the order cannot be parsed.
            StoreError: the store failed.
        """
        from rag.columns.listing import list_documents
        from rag.columns.order import parse_sort

        order = parse_sort(sort) if sort else None
        return list_documents(self.stored, self.spec.fields, where=filter_of(where), sort=order, limit=limit)

    def _listed(self, asked: Question, assets_uri: str) -> SearchResult:
        """What a question without words and picture lists: a hit a document."""
        from rag.text.quoting import plain
        from rag.trace import Note
        from rag.types import Hit, SearchResult

        found = self.documents(asked.where, sort=asked.sort, limit=asked.top_k)
        hits = tuple(Hit(record, 0.0, {}, 0.0, assets_uri=assets_uri) for record in found.records)
        by = f"in the order of {asked.sort.strip()}" if asked.sort else "by their sources"
        lack = f"; {found.without:,} have none and come last" if found.without else ""
        text = f"{len(hits):,} of {found.documents:,} documents that match, {by}{lack}"
        return SearchResult(hits, (Note("listed", plain(text)),), total=found.documents)

    @lazy_property
    def _facets(self) -> CachedFacets:
        from rag.columns.cached import CachedFacets

        return CachedFacets(self.stored, self.spec.fields)
