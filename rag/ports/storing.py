"""Knowledge bases, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from rag.errors import ConfigError
from rag.trace import LackCode, Note
from rag.types import Channel, Document, EmbeddedRecord, FieldType, Record, ScoredRecord, Space

if TYPE_CHECKING:
    from rag.filters.tree import Filter
    from rag.types import Vector, Vectors


LexicalForm: TypeAlias = Literal["words", "sparse", "none"]
"""BM25 over words, learned sparse vectors, or no lexical channel."""
KB_NAME = r"[A-Za-z][A-Za-z0-9_]{0,62}"
"""What a knowledge base may be called, as a regular expression."""


def checked_name(kb: str) -> str:
    """A name that a knowledge base can have.

    Raises:
        ConfigError: it cannot.
    """
    if not re.fullmatch(KB_NAME, kb):
        raise ConfigError(
            f"{kb[:80]!r} cannot name a knowledge base: use a letter, then up to 62 letters, digits or '_', "
            "for example --kb manuals_2024"
        )
    return kb


@dataclass(frozen=True, slots=True)
class KbSpec:
    """What a knowledge base was built with; it never changes after creation.

    Attributes:
        text_model, text_dim: fingerprint and dimension of the text embedder.
        image_model, image_dim: of the image embedder; "" and 0 where the image channel is off.
        analyzer: of the lexical channel, where that goes by words.
        fields: user columns that are declared with a type, and so are scalar fields with an index.
        sparse_model: fingerprint of what makes the lexical channel's learned sparse vectors; "": it is BM25.
    """

    text_model: str
    text_dim: int
    image_model: str = ""
    image_dim: int = 0
    analyzer: str = "english"
    fields: Mapping[str, FieldType] = field(default_factory=dict)
    sparse_model: str = ""
    schema_version: int = 1

    def lexical_form(self, capabilities: Capabilities) -> LexicalForm:
        """How the lexical channel of such a knowledge base is searched there."""
        if self.sparse_model:
            return "sparse" if capabilities.sparse else "none"
        return "words" if capabilities.lexical else "none"

    def no_lexical(self, capabilities: Capabilities) -> tuple[Note, ...]:
        """Why it cannot be searched there at all; nothing where it can."""
        if self.lexical_form(capabilities) != "none":
            return ()
        return capabilities.lacks("no_sparse_vectors" if self.sparse_model else "no_bm25")


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this Milvus can do, asked once at connect.

    Attributes:
        engine: `lite` or `server`.
        version: as it says itself.
        lexical: a BM25 function over text (2.5 and Lite).
        sparse: sparse vectors (2.4 and Lite).
        json_index: JSON path indexes.
        missing: what is lacking, by code, and what that means.
    """

    engine: Literal["lite", "server"]
    version: str
    lexical: bool
    sparse: bool
    json_index: bool
    missing: tuple[Note, ...] = ()

    def lacks(self, code: LackCode) -> tuple[Note, ...]:
        """What is to be said of that; nothing where it is not lacking."""
        return tuple(note for note in self.missing if note.code == code)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by collection; `documents` counts manifest rows by state."""

    texts: int
    images: int
    documents: Mapping[str, int]


class KbSearch(Protocol):
    """Ranked lists over the records of one knowledge base. Thread-safe, as all of its parts are."""

    @property
    def capabilities(self) -> Capabilities: ...

    def search(
        self,
        channel: Channel,
        query: Vector | str | Mapping[int, float],
        *,
        limit: int,
        where: Filter | None = None,
        ids: Sequence[str] | None = None,
    ) -> list[ScoredRecord]:
        """Best first; higher is better (cosine for `image` and `text`, BM25 or an inner product for `lexical`).

        Args:
            channel: `lexical` takes words, or weights by token id where the spec names a sparse model (see
                `KbSpec.lexical_form`); it leaves out what has no word or token of the query. The others take a (dim,)
                vector.
            query: as the channel wants it.
            limit: at most this many.
            where: only records that match.
            ids: only these records (their scores are exact, no approximate search).
        """

    def sample_vectors(self, space: Space, n: int) -> Vectors:
        """(<= n, dim): the same rows each time while the collection does not change; (0, dim) when empty."""


class KbRecords(Protocol):
    """The records of one knowledge base, by id."""

    def upsert(self, rows: Sequence[EmbeddedRecord]) -> None:
        """Writes to `<kb>_texts` and `<kb>_images` by which vectors a row has. Last one wins for a repeated id.

        Sparse vectors are kept where the spec names a model of theirs and the engine has such vectors, else ignored.

        Raises:
            StoreError: a vector has NaN or Inf, a wrong dimension or no length, a sparse vector is missing or has a
                weight that is not above 0, or metadata is over 60,000 bytes: nothing of the call is written, the
                record is named.
        """

    def delete_records(self, space: Space, ids: Sequence[str]) -> None:
        """Ids that do not exist are fine."""

    def records(self, ids: Sequence[str]) -> dict[str, Record]:
        """By id, from either space; unknown ids are absent."""

    def scan(self, where: Filter | None = None) -> Iterator[Record]:
        """All records, or all that match, in no particular order: one pass over the store.

        A record that has both vectors comes twice.
        """

    def vectors(self, space: Space, ids: Sequence[str]) -> dict[str, Vector]:
        """By id; unknown ids are absent."""

    def sparse_vectors(self, ids: Sequence[str]) -> dict[str, dict[int, float]]:
        """Learned sparse vectors by id; unknown ids are absent, and all of them where the lexical channel has none."""


class KbManifest(Protocol):
    """The documents of one knowledge base: the only ledger there is."""

    def put_documents(self, documents: Sequence[Document], vectors: Mapping[str, Vector] | None = None) -> None:
        """Upserts manifest rows. `vectors`: doc_id to the mean text vector (text_dim,), where there is one."""

    def documents(self, *, states: Sequence[str] = ()) -> Iterator[Document]:
        """Manifest rows, in no particular order, all of them."""

    def document(self, doc_id: str) -> Document | None:
        """One manifest row; None if there is none of that id."""

    def delete_documents(self, doc_ids: Sequence[str]) -> None:
        """Records first, manifest rows last."""

    def counts(self) -> Counts: ...

    def revision(self) -> str:
        """Another one after each ingest and whenever there are more or fewer rows: what was worked out of all records
        holds while it is the same. Takes milliseconds."""


class StoredKb(KbSearch, KbRecords, KbManifest, Protocol):
    """All of one knowledge base, and its index.

    Every read sees every earlier write of this process. Each method raises KnowledgeBaseNotFound where there is none
    of that name, and FingerprintMismatch where another program has replaced it.
    """

    def optimize(self) -> Mapping[str, Any]:
        """After an ingest: `nlist` for the row count, `nprobe` measured; returns what `index_info` does."""

    def index_info(self) -> Mapping[str, Any]:
        """By collection: index type, metric, nlist (read back), nprobe, measured recall, rows."""


class Store(Protocol):
    """Which knowledge bases there are in one Milvus. Thread-safe."""

    @property
    def uri(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def list_kbs(self) -> list[str]: ...

    def kb(self, name: str) -> StoredKb:
        """One of them; asks nothing yet."""

    def spec(self, kb: str) -> KbSpec:
        """KnowledgeBaseNotFound if there is none."""

    def create_kb(self, kb: str, spec: KbSpec) -> None:
        """Idempotent for an equal spec (also after a kill in the middle); FingerprintMismatch for another."""

    def drop_kb(self, kb: str) -> None:
        """KnowledgeBaseNotFound if there is none. Collections left by a kill in the middle go too."""

    def create_next(self, kb: str, spec: KbSpec) -> str:
        """Makes empty collections beside those that answer, or finds what an earlier call for this spec made.

        What was made for another spec is dropped first.

        Returns:
            The name by which every method here reaches them. No knowledge base can be called so.
        """

    def drop_next(self, kb: str) -> bool:
        """Gives up what `create_next` made; whether there was anything."""

    def switch(self, kb: str) -> None:
        """In one step the knowledge base becomes what `create_next` made; then what it was before is dropped.

        Whoever has it open in another store gets FingerprintMismatch until it asks for `spec` again.
        """

    def close(self) -> None: ...
