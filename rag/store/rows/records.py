"""Records as rows of Milvus, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from rag.errors import StoreError
from rag.filters.parse import coerce
from rag.ports import KbSpec, LexicalForm
from rag.store.expressions import column_field
from rag.store.names import SPACES, Collections
from rag.store.rows.facets import facets
from rag.store.rows.sparse import to_stored
from rag.store.rows.values import MAX_JSON_BYTES, checked_metadata, checked_text, checked_vector, json_size
from rag.types import EmbeddedRecord, FieldType, Record, Space

Row: TypeAlias = dict[str, Any]

RECORD_FIELDS = ["id", "doc_id", "source", "kind", "text", "metadata"]
MAX_ID_BYTES = 128
MAX_BATCH_ROWS = 1000
MAX_BATCH_BYTES = 16 * 2**20
"""Servers take 64 MB in one message, and fail slower the nearer one comes."""
_EMPTY: Mapping[FieldType, Any] = {"int": 0, "float": 0.0, "str": "", "bool": False}


def to_rows(
    embedded: Iterable[EmbeddedRecord], collections: Collections, lexical: LexicalForm
) -> dict[Space, list[Row]]:
    """Rows by space, each id once (the last one wins); texts with their sparse vector where `lexical` says so.

    Raises:
        StoreError: naming the first record that cannot be written.
    """
    rows: dict[Space, dict[str, Row]] = {space: {} for space in SPACES}
    for item in embedded:
        base = _base(item.record, collections.spec)
        vectors = {"texts": item.text_vector, "images": item.image_vector}
        if all(vector is None for vector in vectors.values()):
            raise StoreError(f"{_owner(item.record)}: it has no vector")
        for space in SPACES:
            vector = vectors[space]
            if vector is None:
                continue
            dim = collections.dim(space)
            if not dim:
                raise StoreError(f"{_owner(item.record)}: it has an image vector, but the image channel is off")
            checked = checked_vector(vector, dim, _owner(item.record))
            row = rows[space][item.record.id] = {**base, "vector": checked}
            if space == "texts" and lexical == "sparse":
                row["sparse"] = to_stored(item.sparse, _owner(item.record))
    return {space: list(found.values()) for space, found in rows.items()}


def _owner(record: Record) -> str:
    return f"record {record.id[:40]} of {record.source[:200]}"


def _base(record: Record, spec: KbSpec) -> Row:
    owner = _owner(record)
    if not 0 < len(record.id.encode()) <= MAX_ID_BYTES or not 0 < len(record.doc_id.encode()) <= MAX_ID_BYTES:
        raise StoreError(f"{owner}: ids have 1 to {MAX_ID_BYTES} bytes")
    metadata = checked_metadata(record.metadata, owner)
    keys = facets(metadata)
    if json_size(keys) > MAX_JSON_BYTES:
        raise StoreError(f"{owner}: its columns take {json_size(keys):,} bytes; at most {MAX_JSON_BYTES:,} can be kept")
    return {
        "id": record.id,
        "doc_id": record.doc_id,
        "source": checked_text(record.source, "source", owner),
        "kind": record.kind,
        "text": checked_text(record.text, "text", owner),
        "metadata": metadata,
        **_columns(metadata.get("columns"), spec.fields),
        **keys,
    }


def _columns(columns: Any, declared: Mapping[str, FieldType]) -> Row:
    row: Row = {}
    for position, (name, type_) in enumerate(declared.items()):
        found = columns.get(name) if isinstance(columns, Mapping) else None
        value = None if found is None else coerce(found, type_)
        row[column_field(position)] = _EMPTY[type_] if value is None else value
        row[f"{column_field(position)}_set"] = value is not None
    return row


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in groups that fit one message."""
    batch: list[Row] = []
    size = 0
    for row in rows:
        row_size = sum(_size(value) for value in row.values())
        if batch and (len(batch) >= MAX_BATCH_ROWS or size + row_size > MAX_BATCH_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(row)
        size += row_size
    if batch:
        yield batch


def _size(value: Any) -> int:
    if isinstance(value, str):
        return len(value.encode())
    return int(getattr(value, "nbytes", 0)) or (json_size(value) if isinstance(value, dict) else 8)


def to_record(row: Mapping[str, Any]) -> Record:
    """A record from the fields in `RECORD_FIELDS`."""
    return Record(
        id=row["id"],
        doc_id=row["doc_id"],
        source=row["source"],
        kind=row["kind"],
        text=row["text"],
        metadata=dict(row["metadata"] or {}),
    )
