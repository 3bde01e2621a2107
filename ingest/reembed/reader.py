"""What a knowledge base holds, as pieces to embed again: words from its records, pixels from its asset store."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from ingest.catalog.listing import Tally
from ingest.changes.ledger import Ledger
from ingest.records.assembler import AHEAD
from ingest.records.drafts import LeftOut
from ingest.types import DocumentPart, PendingRecord
from rag.errors import AssetError, ImageError
from rag.images.assets import StoredAssets
from rag.images.for_model import for_model
from rag.types import Document, EmbeddedRecord, Record, record_id

if TYPE_CHECKING:
    from rag.ports import ImageTextEmbedder, KbSpec, StoredKb, TextEmbedder

S = TypeVar("S")
T = TypeVar("T")

_UNSEEN_0_1_0 = "a picture without any words was left out: there is no image model (RAG_IMAGE_MODEL) to see it"
FETCHED_RECORDS = 256
"""Read from the store in one go, of as many documents as that takes."""


@dataclass(frozen=True, slots=True)
class ReusePolicy:
    """Which of the old vectors stay as they are, because the same model would make them again.

    Attributes:
        keep_texts: dense and sparse vectors of words.
        keep_images: vectors of pixels.
        see: records get vectors of their pixels at all.
        all_pictures: every picture is to be seen; otherwise those that were.
    """

    keep_texts: bool
    keep_images: bool
    see: bool
    all_pictures: bool

    @classmethod
    def of(cls, kept: KbSpec, wanted: KbSpec) -> ReusePolicy:
        return cls(
            keep_texts=(kept.text_model, kept.sparse_model) == (wanted.text_model, wanted.sparse_model),
            keep_images=bool(wanted.image_model) and kept.image_model == wanted.image_model,
            see=bool(wanted.image_model),
            all_pictures=not kept.image_model,
        )


@dataclass(slots=True)
class ReembedLosses:
    """What could not be carried over as it was.

    Attributes:
        unseen: pictures that are gone or broken in the asset store: their words stand, without a vector of pixels.
        left_out: pictures that say nothing and get no vector of their pixels either: nothing is left to find them by.
        never_in: documents with such pictures, left out already by the ingest because there was no image model.
        n_long: passages of more tokens than the text model takes in at once.
    """

    unseen: Tally = field(default_factory=Tally)
    left_out: Tally = field(default_factory=Tally)
    never_in: Tally = field(default_factory=Tally)
    n_long: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """A record as it is to be embedded; `problem` is what is wrong with its picture, `long` is of its words."""

    draft: PendingRecord
    problem: str
    long: bool


class Replay:
    """Reads a knowledge base.

    Args:
        kb: where it is.
        reuse: of its vectors.
        assets: its pictures.
        texts: the embedder that its words get.
        images: the one that its pictures get; None where the image channel is off.
        n_threads: that decode pictures.
    """

    def __init__(
        self,
        kb: StoredKb,
        reuse: ReusePolicy,
        assets: StoredAssets,
        texts: TextEmbedder,
        images: ImageTextEmbedder | None,
        *,
        n_threads: int,
    ) -> None:
        self._kb, self._reuse, self._assets = kb, reuse, assets
        self._images = images
        self._count_tokens, self._max_tokens = texts.count_tokens, texts.max_tokens - 2
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix="look")
        self.losses = ReembedLosses()
        self.unhashed: dict[str, Document] = {}
        """Documents as they were, by id, whose new row has no content hash, and so does not say what it is made of."""

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)

    def parts(self, documents: Iterable[Document], made: Ledger) -> Iterator[DocumentPart]:
        """The records of documents, each in order; `made` knows what an earlier run has written of them."""
        for group in _groups(documents):
            found = self._fetch([id_ for document, ordinals in group for id_ in _ids(document, ordinals)])
            looked = _ahead(self._threads, self._look, found.values())
            for document, ordinals in group:
                old = made.get(document.doc_id)
                for id_ in _ids(document, ordinals):
                    draft = self._taken(document, next(looked) if id_ in found else None)
                    if draft is not None:
                        yield DocumentPart(document, old, "read", [draft], last=False)
                if ordinals.stop == document.n_records:
                    yield DocumentPart(self._row(document), old, "read")

    def _fetch(self, ids: list[str]) -> dict[str, EmbeddedRecord]:
        """Records in the order of the ids, with those of their vectors that stay. Ids without a record are absent."""
        kb, reuse = self._kb, self._reuse
        records = kb.records(ids)
        texts = kb.vectors("texts", ids) if reuse.keep_texts else {}
        sparse = kb.sparse_vectors(ids) if reuse.keep_texts else {}
        images = kb.vectors("images", ids) if reuse.see and not reuse.all_pictures else {}
        return {
            id_: EmbeddedRecord(records[id_], texts.get(id_), images.get(id_), sparse.get(id_))
            for id_ in ids
            if id_ in records
        }

    def _look(self, old: EmbeddedRecord) -> _Looked:
        """In a thread of its own."""
        reuse = self._reuse
        if not reuse.keep_images:
            old = replace(old, record=_unguessed(old.record))
        record = old.record
        long = not reuse.keep_texts and self._count_tokens(record.text) > self._max_tokens
        if self._images is None or reuse.keep_images or not self._was_seen(old):
            return _Looked(PendingRecord(record, kept=old), "", long)
        asset, kept = str(record.metadata.get("asset", "")), replace(old, image_vector=None)
        try:
            pixels = for_model(self._assets.get(asset), self._images)
        except (AssetError, ImageError) as error:
            return _Looked(PendingRecord(record, kept=kept), str(error), long)
        return _Looked(PendingRecord(record, pixels, asset, kept), "", long)

    def _was_seen(self, old: EmbeddedRecord) -> bool:
        """Or would have been, had there been an image model. A picture's later texts name its asset too."""
        if self._reuse.all_pictures:
            return old.record.kind == "image" and "asset" in old.record.metadata
        return old.image_vector is not None

    def _taken(self, document: Document, looked: _Looked | None) -> PendingRecord | None:
        """Counts what is lost; None for a record that is not there, or of which nothing would be left."""
        if looked is None:
            self.unhashed[document.doc_id] = document
            return None
        draft = looked.draft
        record, kept = draft.record, draft.kept
        self.losses.n_long += looked.long
        if looked.problem:
            self.losses.unseen.add(f"{_place(record)}: {looked.problem}")
            self.unhashed[document.doc_id] = document
        if record.text or draft.pixels is not None or (kept is not None and kept.image_vector is not None):
            return draft
        self.losses.left_out.add(_place(record))
        self.unhashed[document.doc_id] = document
        return None

    def _row(self, document: Document) -> Document:
        """Without its hash the next ingest takes a document for changed, and brings back what is lost here."""
        if self._reuse.all_pictures and self._reuse.see and lacks_pictures(document):
            self.losses.never_in.add(document.source)
            self.unhashed[document.doc_id] = document
        if not document.content_hash:
            self.unhashed[document.doc_id] = document
        return replace(document, content_hash="") if document.doc_id in self.unhashed else document


def _unguessed(record: Record) -> Record:
    """Without what the old model took it for."""
    if "looks_like" not in record.metadata:
        return record
    return replace(record, metadata={name: value for name, value in record.metadata.items() if name != "looks_like"})


def _groups(documents: Iterable[Document]) -> Iterator[list[tuple[Document, range]]]:
    """Documents with places of their records, at most `FETCHED_RECORDS` of these together."""
    group: list[tuple[Document, range]] = []
    room = FETCHED_RECORDS
    for document in documents:
        start = 0
        while True:
            ordinals = range(start, min(document.n_records, start + room))
            group.append((document, ordinals))
            start, room = ordinals.stop, room - len(ordinals)
            if not room or len(group) >= FETCHED_RECORDS:
                yield group
                group, room = [], FETCHED_RECORDS
            if start == document.n_records:
                break
    if group:
        yield group


def _ids(document: Document, ordinals: range) -> list[str]:
    return [record_id(document.doc_id, ordinal) for ordinal in ordinals]


def _ahead(threads: ThreadPoolExecutor, work: Callable[[S], T], items: Iterable[S]) -> Iterator[T]:
    """Results in order; a few of the next ones are being worked on."""
    window: deque[Future[T]] = deque()
    for item in items:
        window.append(threads.submit(work, item))
        if len(window) > AHEAD:
            yield window.popleft().result()
    while window:
        yield window.popleft().result()


def lacks_pictures(document: Document) -> bool:
    """Whether the ingest left out pictures for want of an image model."""
    left_out: Mapping[LeftOut, int] | None = document.metadata.get("left_out")
    if left_out is None:  # 0.1.0 counted nothing by code: its warnings tell, of which it kept the first twenty
        warnings = document.metadata.get("warnings", [])
        return _UNSEEN_0_1_0 in warnings or document.metadata.get("n_warnings", 0) > len(warnings)
    return left_out.get("picture_unseen", 0) > 0


def _place(record: Record) -> str:
    page = record.metadata.get("page")
    return f"{record.source}, page {page}" if page else record.source
