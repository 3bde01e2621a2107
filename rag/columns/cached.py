"""What the columns of a whole knowledge base hold, worked out once for each of its states."""

from __future__ import annotations

import time
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING

from rag.columns.documents import columns_by_document
from rag.columns.facets import Facets, tally

if TYPE_CHECKING:
    from rag.ports import StoredKb
    from rag.types import FieldType

_LOOK_AGAIN_S = 2.0
"""How long a state is taken for the present one: another process may write."""


class CachedFacets:
    """Thread-safe: one thread counts, the others wait for it.

    Args:
        kb: its records.
        fields: its declared columns.
    """

    def __init__(self, kb: StoredKb, fields: Mapping[str, FieldType]) -> None:
        self._kb, self._fields = kb, fields
        self._lock = Lock()
        self._counted: tuple[str, Facets] | None = None
        self._looked_s = 0.0

    def get(self) -> Facets:
        """As they are now, or were two seconds ago; the first time and after changes in a pass over all documents."""
        with self._lock:
            if self._counted is None or time.monotonic() - self._looked_s > _LOOK_AGAIN_S:
                revision = self._kb.revision()
                if self._counted is None or self._counted[0] != revision:
                    self._counted = revision, tally(columns_by_document(self._kb, None), self._fields)
                self._looked_s = time.monotonic()
            return self._counted[1]
