"""The words of the project as values. Plain dataclasses, so that importing them costs nothing.

`score` means higher is better, everywhere. Everything here turns into JSON with `to_dict()`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from rag.shown import ShownInNotebooks, frame_of, said, stored_picture
from rag.trace import Note
from rag.understood import Fact, Understood

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pandas import DataFrame
    from PIL.Image import Image

    Vector: TypeAlias = NDArray[np.float32]
    """(dim,) float32."""
    Vectors: TypeAlias = NDArray[np.float32]
    """(n, dim) float32, one row an item."""

Kind: TypeAlias = Literal["image", "text"]
Channel: TypeAlias = Literal["image", "text", "lexical"]
Space: TypeAlias = Literal["images", "texts"]
"""A collection of records: one a vector space."""
DocumentState: TypeAlias = Literal["writing", "done", "failed"]
FieldType: TypeAlias = Literal["int", "float", "str", "bool"]
"""Of a user's column that is declared."""
Ending: TypeAlias = Literal["complete", "cut", "broken"]
Metadata: TypeAlias = Mapping[str, Any]
MIN_STD = 0.02
"""Least standard deviation of a dense channel's background: tiny samples must not make noise look like evidence."""


def document_id(kb: str, path: str) -> str:
    """32 hex digits from the knowledge base's name and the document's absolute path."""
    return hashlib.sha256(f"{kb}\0{path}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def record_id(doc_id: str, ordinal: int) -> str:
    """32 hex digits from the document and the record's ordinal in it, from 0."""
    return hashlib.sha256(f"{doc_id}\0{ordinal}".encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Record:
    """The unit that is retrieved: a picture or a passage.

    Attributes:
        id: `record_id(doc_id, ordinal)`: the same document gives the same ids in every ingest.
        doc_id: the document it belongs to.
        source: the document's path in the dump, for people: `manuals/pump.pdf`, `dump.zip!/a/b.png`.
        kind: `image` or `text`.
        text: what the text channels search; empty for a picture that says nothing.
        metadata: JSON. Keys this project writes: `page` (from 1), `heading_path` (list of str), `asset` (id in the
            asset store), `mime`, `size_bytes`, `width_px`, `height_px`, `sha256` (of the original bytes), `dhash`
            (16 hex digits, for near-identical pictures), `texts` (list of {"origin", "text"}), `looks_like` (a
            machine's guess at a photograph: list of [thing, probability]), `title`, `columns` (the user's, any JSON).
    """

    id: str
    doc_id: str
    source: str
    kind: Kind
    text: str
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class EmbeddedRecord:
    """A record with its vectors, each (dim,) float32 and L2-normalised.

    `text_vector` puts it into `<kb>_texts`, `image_vector` into `<kb>_images`; one at least is given. `sparse` goes
    with the text vector where a model makes such: token id to weight, above 0; `{}` for a text without tokens.
    """

    record: Record
    text_vector: Vector | None
    image_vector: Vector | None
    sparse: Mapping[int, float] | None = None


@dataclass(frozen=True, slots=True)
class ScoredRecord:
    """A record as one channel ranked it. `score` is that channel's raw score, higher is better."""

    record: Record
    score: float


@dataclass(frozen=True, slots=True)
class Document:
    """A row of the manifest: one source file of a dump, or one member of an archive.

    Attributes:
        doc_id: digest of the knowledge base's name and `path`.
        source: the path in the dump, for people.
        path: absolute path (`/a/b.zip!/inner.png` for a member): what prune and retry go by.
        content_hash: sha256 over everything the records were made from: the bytes, the caption row, sidecars,
            linked pictures, and the version of the parsers.
        state: `writing` before its records are written, `done` after, `failed` when it has none.
        n_records: its records are `record_id(doc_id, 0..n_records-1)`; while `writing`, the larger of old and new.
        error: why it failed, for people.
        transient: the failure may pass by itself (time-out), so `ingest` tries it again by itself.
        metadata: JSON: title, page count, size, warnings, and `left_out`: how much of it did not go in, by code.
    """

    doc_id: str
    source: str
    path: str
    content_hash: str
    state: DocumentState
    n_records: int
    error: str = ""
    transient: bool = False
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: words, a picture, or both.

    Attributes:
        text: words; empty when only a picture is given.
        image: the picture's encoded bytes (PNG, JPEG, ...).
        where: a filter expression of `rag.filters.parse`.
        top_k: how many hits are wanted.
        recalled: the words with those of the questions before, where they lean on them.
        spoken: the questions that they lean on and they themselves, as they were asked: what the reranker reads then.
        sort: a column that the hits are ordered by in the end (see `rag.columns.order`); empty: by their scores.
        understand: whether the words may become filters (None: as the settings say), but for those in `as_words`.
        preferred: filters; records that match come before those that are as close.
    """

    text: str = ""
    image: bytes | None = None
    where: str = ""
    top_k: int = 10
    recalled: str = ""
    spoken: str = ""
    sort: str = ""
    understand: bool | None = None
    as_words: tuple[str, ...] = ()
    preferred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelScore:
    """How one channel saw a record.

    Attributes:
        raw: the channel's own score (cosine, BM25); None where the record has no row in that channel.
        calibrated: standard deviations above that channel's background for this query.
        rank: from 1; None where the channel did not return it by itself and its score was completed.
    """

    raw: float | None
    calibrated: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class Hit(ShownInNotebooks):
    """A record that was found, and why.

    Attributes:
        record: what was found.
        score: what the hits are ordered by; higher is better.
        channels: the view of each channel that was searched.
        fused: score of the fusion.
        rerank: the reranker's score; None if it did not see this hit.
        also: sources of near-identical pictures that this hit stands for.
        assets_uri: where the pictures of its knowledge base are; not in `to_dict()`.
        exact: identifiers and quoted phrases of the question that stand in it to the letter.
    """

    record: Record
    score: float
    channels: Mapping[Channel, ChannelScore]
    fused: float
    rerank: float | None = None
    also: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    assets_uri: str = field(default="", repr=False, compare=False)

    def picture(self) -> Image | None:
        """The picture as Pillow's image; None for a passage, or a hit that no search made.

        Raises:
            AssetError: it is not in the asset store any more.
            ImageError: it cannot be decoded.
        """
        asset = self.record.metadata.get("asset")
        return stored_picture(self.assets_uri, str(asset)) if asset and self.assets_uri else None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self, dict_factory=said)


@dataclass(frozen=True, slots=True)
class SearchResult(ShownInNotebooks):
    """Hits, best first, with everything that was skipped or degraded (`notes`) and seconds by stage (`timings_s`).

    `read` is what was read in the question's picture, `looks_like` what a model took it for, `missing` what was asked
    for by its exact name and no record has, `total` how many documents of a list match, `understood` what was heard in
    the words, `fact` what was counted. It can be used as a sequence of its hits.
    """

    hits: tuple[Hit, ...]
    notes: tuple[Note, ...] = ()
    timings_s: Mapping[str, float] = field(default_factory=dict)
    read: str = ""
    missing: tuple[str, ...] = ()
    total: int | None = None
    understood: tuple[Understood, ...] = ()
    fact: Fact | None = None
    looks_like: tuple[tuple[str, float], ...] = ()

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: int) -> Hit:
        return self.hits[index]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self, dict_factory=said)

    def to_pandas(self) -> DataFrame:
        """A row a hit, best first; the users' own columns behind ours, as `columns.<name>`.

        Raises:
            ImportError: pandas is not installed.
        """
        return frame_of(self)


@dataclass(frozen=True, slots=True)
class Citation:
    """A marker `[n]` in an answer.

    Attributes:
        number: n as written, from 1.
        start: offset of the marker in the answer's text.
        hit: index into the answer's hits; None for a number that no source has (flagged in the notes).
    """

    number: int
    start: int
    hit: int | None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an answer, held to the sources.

    Attributes:
        start, end: where it stands in the answer's text, its markers included.
        support: `unchecked` where nothing in it can be checked.
        numbers: of the sources that it cites.
        missing: numbers and names of it that stand in no source.
    """

    start: int
    end: int
    support: Literal["supported", "unsupported", "unchecked"]
    numbers: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenCount:
    """Tokens that a model read (the whole prompt, sources included) and wrote."""

    read: int
    written: int

    def __add__(self, other: TokenCount) -> TokenCount:
        return TokenCount(self.read + other.read, self.written + other.written)


@dataclass(frozen=True, slots=True)
class Answer(ShownInNotebooks):
    """An answer and what it rests on.

    Attributes:
        text: with markers `[n]`.
        citations: every marker, checked against `hits`.
        hits: the numbered sources: `[n]` is the one whose number is n, in a first turn `hits[n - 1]`.
        notes: what was skipped, degraded, truncated or could not be checked; programs go by their codes.
        timings_s: seconds by stage.
        model: the chat model; None where no model wrote the text (extractive).
        ending: `complete`, `cut` at a limit of tokens, or `broken` where the model failed after its first words.
        numbers: of the hits; a source keeps its number through a conversation.
        given: numbers of the sources that the model had before it.
        statements: those that were held to the sources.
        tokens: as the model's server counted them, a follow-up's wording included; None where nobody counted any.
        understood: what the question says of the files it wants.
        earlier: number and hit of the sources of earlier turns, as far as they are known; not in `to_dict()`.
    """

    text: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    notes: tuple[Note, ...] = ()
    timings_s: Mapping[str, float] = field(default_factory=dict)
    model: str | None = None
    ending: Ending = "complete"
    numbers: tuple[int, ...] = ()
    given: tuple[int, ...] = ()
    statements: tuple[Statement, ...] = ()
    tokens: TokenCount | None = None
    understood: tuple[Understood, ...] = ()
    earlier: tuple[tuple[int, Hit], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        if len(self.numbers) != len(self.hits):
            object.__setattr__(self, "numbers", tuple(range(1, len(self.hits) + 1)))

    @property
    def stopped(self) -> Literal["stop", "length"]:
        """Why the text ends, in the words of chat APIs: `length` where it may have no more tokens."""
        return "length" if self.ending == "cut" else "stop"

    def to_dict(self) -> dict[str, Any]:
        return asdict(replace(self, earlier=()), dict_factory=said)


@dataclass(frozen=True, slots=True)
class SourcesEvent:
    """First event of a streamed answer: what was found, best first; `numbers` and `understood` as in `Answer`."""

    hits: tuple[Hit, ...]
    notes: tuple[Note, ...] = ()
    numbers: tuple[int, ...] = ()
    understood: tuple[Understood, ...] = ()

    def __post_init__(self) -> None:
        if len(self.numbers) != len(self.hits):
            object.__setattr__(self, "numbers", tuple(range(1, len(self.hits) + 1)))


@dataclass(frozen=True, slots=True)
class StatusEvent:
    """What a question is waiting for; may come several times before the first word.

    Attributes:
        code: `waiting` for others, `loading` the model, `reading` the prompt.
        text: the same for people.
        ahead: with `waiting`: how many are answered before; None where only the server knows.
        n_tokens: with `reading`: tokens that are new to the server.
        seconds: with `reading`: how long that takes by what was measured; None before anything was.
    """

    code: Literal["waiting", "loading", "reading"]
    text: str
    ahead: int | None = None
    n_tokens: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class QuoteEvent:
    """The sources' own words that most likely answer, there at once, while a model reads. No model wrote them."""

    text: str


@dataclass(frozen=True, slots=True)
class TokenEvent:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """Last event: the whole answer with its checked citations."""

    answer: Answer


Event: TypeAlias = SourcesEvent | QuoteEvent | StatusEvent | TokenEvent | AnswerEvent


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a chat, as history for the next question. `image` is the picture of the question, encoded."""

    question: str
    answer: str
    image: bytes | None = None
