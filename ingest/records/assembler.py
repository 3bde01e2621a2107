"""Documents that have been read, to records: pictures are looked at by several threads, order is kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.changes.planner import Job
from ingest.read.element_file import Picture, read_elements
from ingest.read.worker import Outcome
from ingest.records.describe import Describer, Words
from ingest.records.drafts import DocumentContext, passage_record, picture_records, split_elements
from ingest.stages import Timings
from ingest.types import DocumentPart
from rag.images.decode import load_image
from rag.images.for_model import for_model
from rag.ocr.tiles import MAX_SIDE_PX
from rag.types import Document, FieldType

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import ImageTextEmbedder, TextEmbedder

MAX_PASSAGE_TOKENS = 254
"""Of a passage, whatever more a model could read: what is found should be what is to be read, and a vector of eight
pages is close to nothing."""
AHEAD = 24
"""Pieces that may wait for the first of them: enough to keep the threads busy, few enough for memory."""


class Assembler:
    """Makes records.

    Args:
        describer: puts pictures into words.
        texts: whose tokens passages are measured by.
        images: for pixels; None where the image channel is off.
        n_threads: that look at pictures.
        timings: gets the time for waiting and looking.
        fields: the user's columns that are declared with a type.
        keep_location: that picture files hold.
    """

    def __init__(
        self,
        describer: Describer,
        texts: TextEmbedder,
        images: ImageTextEmbedder | None,
        timings: Timings,
        *,
        n_threads: int,
        fields: Mapping[str, FieldType],
        keep_location: bool,
    ) -> None:
        self._describer = describer
        self._count_tokens = texts.count_tokens
        self._max_tokens = min(texts.max_tokens - 2, MAX_PASSAGE_TOKENS)  # two: the special tokens at both ends
        self._timings = timings
        self._images = images
        self._fields = fields
        self._keep_location = keep_location
        self._threads = ThreadPoolExecutor(n_threads, thread_name_prefix="look")

    def close(self) -> None:
        """Gives up what nobody has begun."""
        self._threads.shutdown(cancel_futures=True)

    def parts(self, jobs: Iterable[Job]) -> Iterator[DocumentPart]:
        """Pieces of documents in the order of the jobs."""
        window: deque[Callable[[], DocumentPart]] = deque()
        for job in jobs:
            for piece in self._pieces(job):
                window.append(piece)
                if len(window) > AHEAD:
                    yield window.popleft()()
        while window:
            yield window.popleft()()

    def _pieces(self, job: Job) -> Iterator[Callable[[], DocumentPart]]:
        """Each is called once, in order; pictures are being looked at from now on."""
        if job.reading is None:
            part = DocumentPart(_row(job, job.outcome), job.old, job.verdict, duplicate_of=job.duplicate_of)
            yield lambda: part
            return
        with self._timings.measure("wait for workers"):
            outcome = job.reading.outcome()
        self._timings.add("parse", outcome.seconds)
        row = _row(job, outcome)
        if outcome.error or _is_same(job, outcome):
            job.reading.discard()
            settled = DocumentPart(row, job.old, "failed" if outcome.error else "unchanged")
            yield lambda: settled
            return
        context = DocumentContext(
            job.doc_id,
            job.source.path.source,
            job.source.given.columns,
            job.source.given.beside,
            keep_location=self._keep_location,
        )
        context.warn_of_unfit(self._fields)
        found = split_elements(
            read_elements(job.reading.elements), context, count_tokens=self._count_tokens, max_tokens=self._max_tokens
        )
        for element in found:
            if isinstance(element, Picture):
                look = self._threads.submit(self._look, element)
                yield lambda picture=element, look=look: self._picture(row, job, context, picture, look)  # type: ignore[misc]
            else:
                yield lambda text=element: DocumentPart(
                    row, job.old, "read", [passage_record(text, context)], last=False
                )  # type: ignore[misc]
        yield lambda: self._end(row, job, context)

    def _look(self, picture: Picture) -> tuple[Words, Image | None]:
        """In a thread of its own. What is wrong with the pixels was found by the worker that read the document."""

        with self._timings.measure("describe"):
            words = self._describer.describe(picture, lambda: load_image(picture.read(), min_side_px=MAX_SIDE_PX))
        # Not from what was read: a vector must not depend on whether the words were known already.
        with self._timings.measure("decode"):
            return words, for_model(picture.read(), self._images) if self._images else None

    def _picture(
        self,
        row: Document,
        job: Job,
        context: DocumentContext,
        picture: Picture,
        look: Future[tuple[Words, Image | None]],
    ) -> DocumentPart:
        words, pixels = look.result()
        if words.problem:
            context.incomplete = True
            context.warn("picture_unread", words.problem)
        drafts = picture_records(
            picture,
            words.texts,
            context,
            pixels=pixels,
            count_tokens=self._count_tokens,
            max_tokens=self._max_tokens,
        )
        return DocumentPart(row, job.old, "read", drafts, last=False)

    def _end(self, row: Document, job: Job, context: DocumentContext) -> DocumentPart:
        assert job.reading is not None
        job.reading.discard()
        about = {
            "title": context.title,
            "n_pages": context.n_pages,
            "n_pictures": context.n_pictures,
            "n_warnings": context.n_warnings,
            "warnings": context.warnings,
            "left_out": dict(context.left_out),
            **context.about.to_json(),
        }
        metadata = {**row.metadata, **{key: value for key, value in about.items() if value}}
        # Without its hash the next ingest takes it for changed, and tries again what did not work this time.
        hashed = "" if context.incomplete else row.content_hash
        return DocumentPart(replace(row, content_hash=hashed, metadata=metadata), job.old, "read")


def _row(job: Job, outcome: Outcome) -> Document:
    """The manifest's row for a document; `done`, or `failed` with its reason."""
    path, size_bytes = job.source.path, job.source.size_bytes
    metadata = {"root": path.root, "size_bytes": size_bytes, "sha256": outcome.sha256, "links": outcome.links}
    return Document(
        doc_id=job.doc_id,
        source=path.source,
        path=path.identity,
        content_hash=outcome.content_hash,
        state="failed" if outcome.error else "done",
        n_records=0,
        error=outcome.error,
        transient=outcome.transient,
        metadata={key: value for key, value in metadata.items() if value not in ("", [])},
    )


def _is_same(job: Job, outcome: Outcome) -> bool:
    """Found only by reading it: a document that links more than the manifest keeps."""
    old = job.old
    return old is not None and old.state == "done" and old.content_hash == outcome.content_hash
