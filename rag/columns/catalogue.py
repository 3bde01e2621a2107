"""What a knowledge base answers from the columns of its documents, without a model: counts, orders, lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.filters.parse import filter_of
from rag.sync.lazy import Lazy, lazy_property

if TYPE_CHECKING:
    from rag.columns.cached import CachedFacets
    from rag.columns.facets import Facets
    from rag.columns.listing import Listing
    from rag.ports import KbSpec, StoredKb


class Catalogue(Lazy):
    """Over the records that `stored` has and the columns that `spec` declares."""

    @property
    def stored(self) -> StoredKb:
        raise NotImplementedError

    @property
    def spec(self) -> KbSpec:
        raise NotImplementedError

    def facets(self, where: str | None = "") -> Facets:
        """What the columns of its documents hold: types, how many have each, values with counts, years and months.

        Args:
            where: a filter: only of documents with a record that matches. Without one the counts are kept until the
                knowledge base changes; with one every call reads all that match.

        Raises:
            FilterSyntaxError: the filter cannot be parsed.
            StoreError: the store failed.
        """
        from rag.columns.documents import columns_by_document
        from rag.columns.facets import tally

        chosen = filter_of(where)
        if chosen is None:
            return self._facets.get()
        return tally(columns_by_document(self.stored, chosen), self.spec.fields)

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

    @lazy_property
    def _facets(self) -> CachedFacets:
        from rag.columns.cached import CachedFacets

        return CachedFacets(self.stored, self.spec.fields)
