"""What says what it said before keeps its vectors."""

from __future__ import annotations

from typing import Any

import numpy as np
from fakes import MemoryStore, TopicEmbedder, document

from ingest.records.embedder import Embedder
from ingest.records.kept import with_kept
from ingest.stages import Timings
from ingest.types import DocumentPart, PendingRecord
from rag.ports import KbSpec
from rag.types import EmbeddedRecord, Record

OLD = np.full(5, 9.0, np.float32)


class Stored(MemoryStore):
    """Records by id with their vectors."""

    def records(self, ids: list[str]) -> dict[str, Record]:
        return {id_: self.rows[id_].record for id_ in ids if id_ in self.rows}

    def vectors(self, space: str, ids: list[str]) -> dict[str, Any]:
        found = {id_: self._vector(self.rows[id_], space) for id_ in ids if id_ in self.rows}
        return {id_: vector for id_, vector in found.items() if vector is not None}

    def sparse_vectors(self, ids: list[str]) -> dict[str, Any]:
        return {}


def made(id_: str, text: str, **metadata: Any) -> Record:
    return Record(id_, "doc-a", "a", "image" if metadata else "text", text, metadata)


STORED = Stored(
    KbSpec("topics", 5),
    [
        EmbeddedRecord(made("same", "a pump"), OLD, None),
        EmbeddedRecord(made("other", "a goat"), OLD, None),
        EmbeddedRecord(made("picture", "", sha256="p"), None, OLD),
    ],
)
DRAFTS = [
    PendingRecord(made("same", "a pump")),
    PendingRecord(made("other", "a bell")),
    PendingRecord(made("new", "a pump")),
    PendingRecord(made("picture", "", sha256="p"), pixels="pixels", sha256="p"),  # type: ignore[arg-type]
    PendingRecord(made("repainted", "", sha256="q"), pixels="pixels", sha256="q"),  # type: ignore[arg-type]
]


def test_only_what_says_the_same_in_the_same_place_keeps_its_vectors() -> None:
    part = DocumentPart(document("a"), document("a"), "read", DRAFTS)
    (kept,) = with_kept([part], STORED)  # type: ignore[arg-type]
    by_id = {draft.record.id: draft for draft in kept.drafts}
    assert [id_ for id_, draft in by_id.items() if draft.kept and draft.kept.text_vector is not None] == ["same"]
    assert [id_ for id_, draft in by_id.items() if draft.pixels is not None] == ["repainted"]
    assert with_kept([DocumentPart(document("b"), None, "read", DRAFTS)], STORED)[0].drafts == DRAFTS  # type: ignore[arg-type]


def test_models_are_asked_for_the_rest_alone() -> None:
    asked: list[str] = []

    class Texts(TopicEmbedder):
        def embed(self, texts: Any) -> Any:
            asked.extend(texts)
            return super().embed(texts)

    part = DocumentPart(document("a"), document("a"), "read", DRAFTS[:3])
    embedder = Embedder(Texts(), None, Timings(), STORED)  # type: ignore[arg-type]
    ((batch,),) = list(embedder.batches([part]))
    assert sorted(asked) == ["a bell", "a pump"]  # the pump of another place
    assert (batch.rows[0].text_vector == OLD).all()
    assert not (batch.rows[2].text_vector == OLD).all()
