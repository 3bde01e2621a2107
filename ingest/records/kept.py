"""Records that say what they said before keep their vectors: a new reader of metadata costs no embedding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from ingest.types import DocumentPart, PendingRecord
from rag.types import EmbeddedRecord

if TYPE_CHECKING:
    from rag.ports import KbRecords

Before: TypeAlias = Mapping[str, EmbeddedRecord]


def with_kept(parts: Sequence[DocumentPart], stored: KbRecords) -> Sequence[DocumentPart]:
    """The parts, where records of documents that are in already have the vectors that still hold."""
    ids = [draft.record.id for part in parts if _was_in(part) for draft in part.drafts]
    if not ids:
        return parts
    before = _read(ids, stored)
    return [replace(part, drafts=[_kept(draft, before) for draft in part.drafts]) for part in parts]


def _was_in(part: DocumentPart) -> bool:
    return part.old is not None and part.old.state == "done"


def _read(ids: list[str], stored: KbRecords) -> Before:
    records = stored.records(ids)
    ids = list(records)
    texts, images = stored.vectors("texts", ids), stored.vectors("images", ids)
    sparse = stored.sparse_vectors(ids)
    return {
        id_: EmbeddedRecord(record, texts.get(id_), images.get(id_), sparse.get(id_)) for id_, record in records.items()
    }


def _kept(draft: PendingRecord, before: Before) -> PendingRecord:
    old = before.get(draft.record.id)
    if old is None:
        return draft
    same_text = old.record.text == draft.record.text
    same_picture = draft.pixels is not None and old.record.metadata.get("sha256") == draft.sha256
    image = old.image_vector if same_picture else None
    kept = EmbeddedRecord(
        draft.record,
        old.text_vector if same_text else None,
        image,
        old.sparse if same_text else None,
    )
    return replace(draft, kept=kept, pixels=draft.pixels if image is None else None)
