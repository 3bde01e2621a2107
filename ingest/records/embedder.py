"""Records to vectors, in batches across documents; what was embedded a moment ago is not embedded again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import numpy as np
from cachetools import LRUCache

from ingest.records.kept import with_kept
from ingest.stages import Timings
from ingest.types import DocumentPart, PendingRecord, WriteBatch
from rag.ports import Seen
from rag.types import EmbeddedRecord, Record

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import ImageTextEmbedder, KbRecords, TextEmbedder
    from rag.types import Vector, Vectors

    TextVectors: TypeAlias = tuple[Vector, Mapping[int, float] | None]
    """Dense and, where a model makes such, sparse."""

T = TypeVar("T")

BATCH_RECORDS = 128
BATCH_PICTURES = 32
BATCH_PARTS = 512
_REMEMBERED = 4096


class Embedder:
    """Makes vectors.

    Args:
        texts: for words; learned sparse vectors too, if it makes such.
        images: for pixels, and what they look like, if it has names for things; None where the image channel is off.
        timings: gets the time that the models take.
        stored: where records are that were made before: of what stayed the same the vectors are kept.
    """

    def __init__(
        self,
        texts: TextEmbedder,
        images: ImageTextEmbedder | None,
        timings: Timings,
        stored: KbRecords | None = None,
    ) -> None:
        self._texts = texts
        self._sparse = texts.abilities.sparse
        self._images = images
        self._timings = timings
        self._stored = stored
        self._known_texts: LRUCache[str, TextVectors] = LRUCache(_REMEMBERED)
        self._known_images: LRUCache[str, Seen] = LRUCache(_REMEMBERED)

    def batches(self, parts: Iterable[DocumentPart]) -> Iterator[list[WriteBatch]]:
        """What to commit together. A document that has nothing to embed comes through by itself, in its turn."""
        waiting: list[DocumentPart] = []
        for part in parts:
            if part.verdict == "read":
                waiting.append(part)
            if waiting and (_is_full(waiting) or part.verdict in ("copy", "failed")):
                yield self._embedded(waiting)
                waiting = []
            if part.verdict != "read":
                yield [WriteBatch(part.document, part.old, [], part.last, part.verdict, part.duplicate_of)]
        if waiting:
            yield self._embedded(waiting)

    def _embedded(self, parts: Sequence[DocumentPart]) -> list[WriteBatch]:
        if self._stored is not None:
            parts = with_kept(parts, self._stored)
        drafts = [draft for part in parts for draft in part.drafts]
        new = [draft for draft in drafts if draft.kept is None or draft.kept.text_vector is None]
        texts = [draft.record.text for draft in new if draft.record.text]
        pixels = {draft.sha256: draft.pixels for draft in drafts if draft.pixels is not None}
        with self._timings.measure("embed texts"):
            text_vectors = _remembered(self._known_texts, texts, self._read)
        with self._timings.measure("embed pictures"):
            seen = _remembered(self._known_images, pixels, lambda keys: self._see([pixels[k] for k in keys]))
        return _write_batches(parts, text_vectors, seen)

    def _read(self, texts: list[str]) -> Iterable[TextVectors]:
        sparse = self._sparse.embed_sparse(texts) if self._sparse else [None] * len(texts)
        return zip(_copies(self._texts.embed(texts)), sparse, strict=True)

    def _see(self, images: Sequence[Image]) -> Iterable[Seen]:
        assert self._images is not None
        names = self._images.abilities.names
        if names is None:
            return map(Seen, _copies(self._images.embed_images(images)))
        return [Seen(seen.vector.copy(), seen.things) for seen in names.see(images)]


def _copies(rows: Vectors) -> Iterable[Vector]:
    """A row of the batch's array would keep the whole array alive."""
    return map(np.copy, rows)


def _remembered(
    known: LRUCache[str, T], keys: Iterable[str], embed: Callable[[list[str]], Iterable[T]]
) -> dict[str, T]:
    """What was made of each key; only those that were not seen lately are embedded, each once."""
    wanted = list(dict.fromkeys(keys))
    vectors = {key: known[key] for key in wanted if key in known}
    missing = [key for key in wanted if key not in vectors]
    if missing:
        vectors.update(zip(missing, embed(missing), strict=True))
        known.update((key, vectors[key]) for key in missing)
    return vectors


def _write_batches(
    parts: Sequence[DocumentPart], texts: dict[str, TextVectors], images: dict[str, Seen]
) -> list[WriteBatch]:
    batches: list[WriteBatch] = []
    rows: list[EmbeddedRecord] = []
    for index, part in enumerate(parts):
        rows += [_row(draft, texts, images) for draft in part.drafts]
        following = parts[index + 1] if index + 1 < len(parts) else None
        if following is None or following.document.doc_id != part.document.doc_id:
            batches.append(WriteBatch(part.document, part.old, rows, part.last))
            rows = []
    return batches


def _row(draft: PendingRecord, texts: dict[str, TextVectors], images: dict[str, Seen]) -> EmbeddedRecord:
    reused = draft.kept or EmbeddedRecord(draft.record, None, None)
    text, sparse = reused.text_vector, reused.sparse
    if text is None:
        text, sparse = texts.get(draft.record.text, (None, None))
    if draft.pixels is None:
        return EmbeddedRecord(draft.record, text, reused.image_vector, sparse)
    seen = images[draft.sha256]
    return EmbeddedRecord(_looking_like(draft.record, seen), text, seen.vector, sparse)


def _looking_like(record: Record, seen: Seen) -> Record:
    """The guess has a place of its own, where no search by words comes."""
    if not seen.things:
        return record
    return replace(record, metadata={**record.metadata, "looks_like": [list(likely) for likely in seen.things]})


def _is_full(batch: Sequence[DocumentPart]) -> bool:
    drafts = [draft for part in batch for draft in part.drafts]
    n_pictures = sum(draft.pixels is not None for draft in drafts)
    return len(drafts) >= BATCH_RECORDS or n_pictures >= BATCH_PICTURES or len(batch) >= BATCH_PARTS
