"""Writing documents so that a kill at any moment leaves nothing that the next run does not put right.

The order: manifest rows `writing` with the number of places that may hold records; the records; deletion of what the
new records do not replace; manifest rows `done`. A document exists when its row says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from ingest.paths import folder_of
from ingest.types import WriteBatch
from rag.errors import StoreAuthError, StoreError, StoreLocked, StoreUnreachable, TransientError
from rag.types import Document, EmbeddedRecord, Record, Space, record_id

if TYPE_CHECKING:
    from rag.ports import StoredKb
    from rag.types import Metadata, Vector

_COPY_ROWS = 256
_DELETE_IDS = 1000


class MissingRecords(TransientError):
    """A document cannot be copied: the manifest says it is there, its records are not."""


@dataclass(slots=True, eq=False)
class _Open:
    """A document of which a part has been written. `written` is kept where there is something to replace."""

    n_records: int = 0
    written: dict[Space, set[str]] = field(default_factory=lambda: {"texts": set(), "images": set()})
    text_sum: np.ndarray[tuple[int], np.dtype[np.float64]] | None = None

    def add(self, batch: WriteBatch) -> None:
        for row in batch.rows:
            if row.text_vector is not None:
                vector = row.text_vector.astype(np.float64)
                self.text_sum = vector if self.text_sum is None else self.text_sum + vector
            if batch.old is not None:
                self.written["texts"].update([row.record.id] * (row.text_vector is not None))
                self.written["images"].update([row.record.id] * (row.image_vector is not None))
        self.n_records += len(batch.rows)

    def mean(self) -> Vector | None:
        """Of the text vectors, L2-normalised; None where there is none, or they cancel out."""
        if self.text_sum is None:
            return None
        norm = float(np.linalg.norm(self.text_sum))
        return (self.text_sum / norm).astype(np.float32) if norm > 1e-6 else None


class Committer:
    """Writes batches of documents, those of one document in order."""

    def __init__(self, kb: StoredKb) -> None:
        self._kb = kb
        self._open: dict[str, _Open] = {}
        self._refused: set[str] = set()

    def commit(self, batches: Sequence[WriteBatch]) -> list[Document]:
        """Writes a batch.

        Returns:
            The manifest rows of the documents that are finished now. One whose records the store refuses (a vector
            that is not a number, metadata that is too large) is finished as `failed`.

        Raises:
            StoreError: the store itself does not work.
        """
        batches = [batch for batch in batches if batch.document.doc_id not in self._refused]
        if not batches:
            return []
        try:
            return self._write(batches)
        except (StoreLocked, StoreAuthError, StoreUnreachable):
            raise
        except StoreError as error:
            if len({batch.document.doc_id for batch in batches}) == 1:
                failed = replace(batches[-1].document, state="failed", n_records=0, error=str(error), transient=False)
                return [self.take_back(batches, failed)]
        done: list[Document] = []
        for doc_id in dict.fromkeys(batch.document.doc_id for batch in batches):
            done += self.commit([batch for batch in batches if batch.document.doc_id == doc_id])
        return done

    def copies(self, original: Document, document: Document) -> Iterator[list[EmbeddedRecord]]:
        """The records of a document with the same content, as those of another one; a few hundred at a time.

        Raises:
            MissingRecords: not all of them are there.
        """
        for start in range(0, original.n_records, _COPY_ROWS):
            ordinals = range(start, min(start + _COPY_ROWS, original.n_records))
            ids = [record_id(original.doc_id, ordinal) for ordinal in ordinals]
            records = self._kb.records(ids)
            texts = self._kb.vectors("texts", ids)
            images = self._kb.vectors("images", ids)
            sparse = self._kb.sparse_vectors(ids)
            if len(records) < len(ids):
                raise MissingRecords(f"{original.source} has the same content, but some of its records are missing")
            yield [
                EmbeddedRecord(
                    replace(
                        records[id_],
                        id=record_id(document.doc_id, ordinal),
                        doc_id=document.doc_id,
                        source=document.source,
                        metadata=_moved(records[id_], document.source),
                    ),
                    texts.get(id_),
                    images.get(id_),
                    sparse.get(id_),
                )
                for ordinal, id_ in zip(ordinals, ids, strict=True)
            ]

    def _write(self, batches: Sequence[WriteBatch]) -> list[Document]:
        by_id = {batch.document.doc_id: batch for batch in batches}
        n_new = Counter[str]()
        for batch in batches:
            n_new[batch.document.doc_id] += len(batch.rows)
        self._kb.put_documents([self._writing(batch, n_new[id_]) for id_, batch in by_id.items()])
        rows = [row for batch in batches for row in batch.rows]
        if rows:
            self._kb.upsert(rows)
        for batch in batches:  # counted only now: a batch that is refused comes again
            self._open.setdefault(batch.document.doc_id, _Open()).add(batch)
        finished = {id_: batch for id_, batch in by_id.items() if batch.last}
        self._delete_stale(list(finished.values()))
        # A document that is written again from a store, and not all of whose records are there, keeps its ordinals.
        done = [
            replace(batch.document, n_records=max(self._open[id_].n_records, batch.document.n_records))
            for id_, batch in finished.items()
        ]
        vectors = {document.doc_id: self._open.pop(document.doc_id).mean() for document in done}
        if done:
            known = {doc_id: vector for doc_id, vector in vectors.items() if vector is not None}
            self._kb.put_documents(done, known)
        return done

    def _writing(self, batch: WriteBatch, n_new: int) -> Document:
        """`content_hash` is left empty: nobody may take a half-written document for a source of copies."""
        state = self._open.get(batch.document.doc_id)
        n_written = n_new + (state.n_records if state else 0)
        n_old = batch.old.n_records if batch.old else 0
        return replace(
            batch.document,
            state="writing",
            content_hash="",
            n_records=max(n_written, n_old),
            error="",
            transient=False,
        )

    def _delete_stale(self, batches: Sequence[WriteBatch]) -> None:
        """What an earlier version of a document, or a run that was killed, wrote at places that now hold nothing."""
        for space in ("texts", "images"):
            stale = [
                id_
                for batch in batches
                if batch.old is not None
                for id_ in (record_id(batch.document.doc_id, ordinal) for ordinal in range(batch.old.n_records))
                if id_ not in self._open[batch.document.doc_id].written[space]
            ]
            for start in range(0, len(stale), _DELETE_IDS):
                self._kb.delete_records(space, stale[start : start + _DELETE_IDS])

    def take_back(self, batches: Sequence[WriteBatch], failed: Document) -> Document:
        """Fails a document whose records cannot be written, and removes all that was written of it."""
        batch = batches[-1]
        if not batch.last:
            self._refused.add(batch.document.doc_id)
        n_rows = sum(len(one.rows) for one in batches)
        state = self._open.pop(batch.document.doc_id, _Open())
        n_places = max(state.n_records + n_rows, batch.old.n_records if batch.old else 0)
        old = replace(batch.old or batch.document, n_records=n_places)
        self._delete_all(old)
        self._kb.put_documents([failed])
        return failed

    def _delete_all(self, document: Document) -> None:
        ids = [record_id(document.doc_id, ordinal) for ordinal in range(document.n_records)]
        for start in range(0, len(ids), _DELETE_IDS):
            for space in ("texts", "images"):
                self._kb.delete_records(space, ids[start : start + _DELETE_IDS])


def _moved(record: Record, source: str) -> Metadata:
    """The metadata of a record at another place of the dump."""
    columns = record.metadata.get("columns") or {}
    if columns.get("folder", "") != folder_of(record.source):  # the user's own
        return record.metadata
    others = {name: value for name, value in columns.items() if name != "folder"}
    folder = {"folder": folder_of(source)} if folder_of(source) else {}
    return {**record.metadata, "columns": {**others, **folder}}
