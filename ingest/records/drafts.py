"""Elements of a document to records: passages of text, and pictures with their words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from ingest.parse.elements import DocumentInfo, OriginText, TextElement, Warned, WarningCode
from ingest.read.element_file import Found, Picture
from ingest.records.about import About, join
from ingest.records.chunk import chunk, embedded_text, split_text
from ingest.records.describe import compose
from ingest.types import PendingRecord
from rag.filters.parse import coerce
from rag.types import FieldType, Kind, Record, record_id

if TYPE_CHECKING:
    from PIL.Image import Image


MAX_WARNINGS = 20
LeftOut: TypeAlias = (
    WarningCode
    | Literal[
        "picture_unseen",  # it has no words, and there is no image model
        "picture_unread",  # its words could not be read, or no caption made
        "column_unfit",  # a declared column's value is not of its type
    ]
)
"""What of a document did not go in, for programs; the manifest counts it."""
_NO_LOSS: frozenset[LeftOut] = frozenset({"encoding_guessed", "remark"})
_UNSEEN = "a picture without any words was left out: there is no image model (RAG_IMAGE_MODEL) to see it"
_MAX_TEXTS_CHARS = 6000
"""Of each text that is kept with its origin; the whole is in the records' own text. A record holds 60,000 bytes."""


@dataclass(slots=True)
class DocumentContext:
    """What holds for all records of a document. `given` are the user's columns, `beside` those that a sidecar says."""

    doc_id: str
    source: str
    given: Mapping[str, Any] = field(default_factory=dict)
    beside: Collection[str] = ()
    title: str = ""
    n_pages: int | None = None
    n_records: int = 0
    n_pictures: int = 0
    n_warnings: int = 0
    warnings: list[str] = field(default_factory=list)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    incomplete: bool = False
    keep_location: bool = True
    about: About = field(default_factory=About)

    def __post_init__(self) -> None:
        self._join({})

    def warn(self, code: LeftOut, message: str, n: int = 1) -> None:
        self.n_warnings += 1
        if code not in _NO_LOSS:
            self.left_out[code] += n
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(message[:300])

    def warn_of_unfit(self, fields: Mapping[str, FieldType]) -> None:
        """Says which values of declared columns are not of their type: no filter will find the document by them."""
        for name, kind in fields.items():
            value = self.given.get(name)
            if value not in (None, "") and coerce(value, kind) is None:
                said = f"column '{name}' is declared as {kind} but holds {value!r:.60}: filters take it for missing"
                self.warn("column_unfit", said)

    def note(self, info: DocumentInfo) -> None:
        """What the file says of itself: its title, and columns, of which the user's own go first."""
        self.title, self.n_pages = info.title, info.n_pages
        self._join(info.metadata)

    def _join(self, said: Mapping[str, Any]) -> None:
        self.about = join(self.source, self.given, self.beside, said, keep_location=self.keep_location)

    @property
    def columns(self) -> dict[str, Any]:
        return self.about.columns


def split_elements(
    elements: Iterator[Found], context: DocumentContext, *, count_tokens: Callable[[str], int], max_tokens: int
) -> Iterator[TextElement | Picture]:
    """Passages that fit the embedder and pictures, about in reading order; the rest goes into `context`."""
    beside: list[Picture] = []

    def texts() -> Iterator[TextElement]:
        for element in elements:
            if isinstance(element, TextElement):
                yield element
            elif isinstance(element, Picture):
                beside.append(element)
            elif isinstance(element, Warned):
                context.warn(element.code, element.message, element.n)
            else:
                context.note(element)

    for passage in chunk(texts(), count_tokens=count_tokens, max_tokens=max_tokens):
        yield from beside
        beside.clear()
        yield passage
    yield from beside


def passage_record(element: TextElement, context: DocumentContext) -> PendingRecord:
    """A passage; its text begins with the headings above it."""
    location = {"heading_path": list(element.heading_path), "page": element.page}
    return _draft(context, "text", embedded_text(element), location)


def picture_records(
    picture: Picture,
    texts: tuple[OriginText, ...],
    context: DocumentContext,
    *,
    pixels: Image | None,
    count_tokens: Callable[[str], int],
    max_tokens: int,
) -> list[PendingRecord]:
    """The picture's record, and text records for what its first one has no room for.

    Empty for a picture that neither has words nor gets a vector of its pixels.
    """
    if context.about.place:
        texts = (*texts, OriginText("place", context.about.place))
    first, *more = split_text(compose(texts), count_tokens=count_tokens, max_tokens=max_tokens) or [""]
    if not first and pixels is None:
        context.warn("picture_unseen", _UNSEEN)
        return []
    location = {"heading_path": list(picture.heading_path), "page": picture.page, "asset": picture.asset}
    about = location | {
        "mime": picture.mime,
        "size_bytes": picture.size_bytes,
        "width_px": picture.width_px,
        "height_px": picture.height_px,
        "sha256": picture.sha256,
        "dhash": picture.dhash,
        "texts": [{"origin": text.origin, "text": _clipped(text.text)} for text in texts],
    }
    context.n_pictures += 1
    return [
        _draft(context, "image", first, about, pixels, picture.sha256),
        *(_draft(context, "text", text, location) for text in more),
    ]


def _draft(
    context: DocumentContext,
    kind: Kind,
    text: str,
    metadata: dict[str, Any],
    pixels: Image | None = None,
    sha256: str = "",
) -> PendingRecord:
    shared = {"title": context.title, "columns": context.columns}
    filled = {key: value for key, value in (metadata | shared).items() if value not in (None, "", [], {})}
    record = Record(record_id(context.doc_id, context.n_records), context.doc_id, context.source, kind, text, filled)
    context.n_records += 1
    return PendingRecord(record, pixels, sha256)


def _clipped(text: str) -> str:
    return text if len(text) <= _MAX_TEXTS_CHARS else text[:_MAX_TEXTS_CHARS] + " ..."
