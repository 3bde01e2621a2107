"""The manifest's rows: documents, and one row of measured facts.

Both engines read back what a collection was created with, but Lite forgets properties that are changed later. So what
is measured (nprobe and its recall) stands in a row of its own in `<kb>_documents`, which works on both, is dropped
with the knowledge base, and is never taken for a document: its state is `facts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from rag.store.expressions import one_of
from rag.store.rows.records import Row
from rag.store.rows.values import checked_metadata, checked_text, checked_vector, clean_text
from rag.types import Document, DocumentState

if TYPE_CHECKING:
    from rag.types import Vector

DOCUMENT_FIELDS = ["id", "source", "path", "content_hash", "state", "n_records", "error", "transient", "metadata"]
STATES: tuple[str, ...] = get_args(DocumentState)
FACTS_ID = "#facts"
_MAX_ERROR_CHARS = 4000


def in_states(states: tuple[str, ...]) -> str:
    """The expression for documents in any of these states; all of them when none is given."""
    return one_of("state", tuple(state for state in states if state in STATES) if states else STATES)


def nowhere(dim: int) -> Vector:
    """The vector of a row that has none: Milvus wants one in every row."""
    vector = np.zeros(dim, dtype=np.float32)
    vector[0] = 1.0
    return vector


def document_row(document: Document, vector: Vector | None, dim: int) -> Row:
    """A document as a row.

    Raises:
        StoreError: its metadata or vector cannot be kept.
    """
    owner = f"document {document.source[:200]}"
    return {
        "id": document.doc_id,
        "source": checked_text(document.source, "source", owner),
        "path": checked_text(document.path, "path", owner),
        "content_hash": document.content_hash,
        "state": document.state,
        "n_records": document.n_records,
        "error": clean_text(document.error)[:_MAX_ERROR_CHARS],
        "transient": document.transient,
        "metadata": checked_metadata(document.metadata, owner),
        "vector": nowhere(dim) if vector is None else checked_vector(vector, dim, owner),
    }


def to_document(row: Mapping[str, Any]) -> Document:
    values = {name: row[name] for name in DOCUMENT_FIELDS if name not in ("id", "metadata")}
    return Document(doc_id=row["id"], metadata=dict(row["metadata"] or {}), **values)


def facts_row(facts: Mapping[str, Any], dim: int) -> Row:
    texts = dict.fromkeys(("source", "path", "content_hash", "error"), "")
    return {
        "id": FACTS_ID,
        **texts,
        "state": "facts",
        "n_records": 0,
        "transient": False,
        "metadata": dict(facts),
        "vector": nowhere(dim),
    }
