"""What each replaceable part must do. Adapters live in `store/ embed/ rerank/ chat/`; nobody else knows them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, runtime_checkable

from rag.types import Channel, Document, EmbeddedRecord, FieldType, Record, ScoredRecord, Space

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.filter_tree import Filter
    from rag.types import Vector, Vectors


class TextEmbedder(Protocol):
    """Text to vectors. Thread-safe."""

    @property
    def fingerprint(self) -> str:
        """Name and revision or digest: two embedders with one fingerprint give the same vectors."""

    @property
    def dim(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Tokens a text may have before it is cut, special tokens included."""

    @property
    def min_cosine(self) -> float | None:
        """Cosine of a question with a text below which the two have nothing to do with each other.

        None: nobody measured it.
        """

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised; as documents, where queries differ. `[]` gives (0, dim)."""

    def embed_query(self, text: str) -> Vector:
        """(dim,) float32, L2-normalised, with the model's query instruction where it has one."""

    def count_tokens(self, text: str) -> int:
        """Tokens of the text, special tokens not included."""


@runtime_checkable
class TokenEmbedder(Protocol):
    """Text to one vector a token, for late interaction. Usually also a TextEmbedder."""

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (n_tokens, dim) float32 array a text, rows L2-normalised, of the tokens that the model was trained to
        compare: special ones are mostly left out."""


@runtime_checkable
class SingleLanguage(Protocol):
    """A model that was trained on one language."""

    @property
    def language(self) -> str:
        """For people: "English"."""


@runtime_checkable
class SparseEmbedder(Protocol):
    """Text to learned weights of its words, for the lexical channel. Usually also a TextEmbedder."""

    def embed_sparse(self, texts: Sequence[str]) -> list[dict[int, float]]:
        """For each text, token id to weight, all of them above 0; `{}` for one without words.

        How well two texts match is the sum, over the tokens that both have, of the products of their weights.
        """

    def embed_sparse_query(self, text: str) -> dict[int, float]:
        """The same of a question."""


class ImageTextEmbedder(Protocol):
    """Pictures and words in one space. Thread-safe."""

    @property
    def fingerprint(self) -> str: ...

    @property
    def dim(self) -> int: ...

    @property
    def background_std(self) -> float:
        """Standard deviation of its cosines between pictures and words that have nothing to do with each other."""

    @property
    def min_cosine(self) -> float | None:
        """Cosine of words with a picture from which on the two have to do with each other; None: nobody measured it."""

    @property
    def wanted_side_px(self) -> int | None:
        """Shorter side of a picture, in pixels, from which on more of them change nothing; None: nobody knows.

        JPEGs are decoded so small that they just have it (`rag.images.load_image`).
        """

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised. Images are RGB, any size."""

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""


@runtime_checkable
class ComposedEmbedder(Protocol):
    """A picture and words about it as one query, where a model was trained for that. Also an ImageTextEmbedder."""

    def embed_composed(self, image: Image, text: str) -> Vector:
        """(dim,) float32, L2-normalised: close to the pictures that this one would be after what the words ask for.

        Args:
            image: RGB, any size.
            text: what is to be different, e.g. "the same but in red".
        """


@runtime_checkable
class ShortReader(Protocol):
    """A model that reads only the beginning of a long text. Usually also an ImageTextEmbedder."""

    def is_cut(self, text: str) -> bool:
        """Whether the end of the text is not read."""


def ignore(text: str) -> None:
    """For callers that want no notes."""


class Reranker(Protocol):
    """A finer look at a few candidates."""

    @property
    def name(self) -> str: ...

    @property
    def share(self) -> float:
        """Of the reranker in the final order, in [0, 1]: 1 for one that is to be believed alone."""

    def score(
        self,
        query: str,
        passages: Sequence[str],
        *,
        deadline_s: float | None = None,
        note: Callable[[str], object] = ignore,
    ) -> list[float | None]:
        """One score a passage, higher is better.

        Args:
            query: words.
            passages: candidates in fused order.
            deadline_s: seconds from the call; what is not scored by then is None (never an error).
            note: told, in a sentence each, what was cut and what was not scored and why.
        """


@runtime_checkable
class ProseReranker(Reranker, Protocol):
    """A reranker that is no judge of pictures, not even by the words in them: they keep the place that fusion gave."""

    @property
    def prose_only(self) -> Literal[True]: ...


@runtime_checkable
class SightedReranker(Reranker, Protocol):
    """A reranker that judges pictures by what is to be seen in them."""

    def score_with_pictures(
        self,
        query: str,
        passages: Sequence[str],
        *,
        image: bytes | None = None,
        pictures: Sequence[bytes | None],
        deadline_s: float | None = None,
        note: Callable[[str], object] = ignore,
    ) -> list[float | None]:
        """As `score`, and a passage may be a picture, with or without words.

        Args:
            query: words; may be empty where `image` is given.
            passages: candidates in fused order.
            image: the question's encoded picture.
            pictures: encoded picture of each candidate, or None. One that cannot be decoded is judged by its words.
            deadline_s: as in `score`.
            note: as in `score`.
        """


class TextReader(Protocol):
    """OCR: what is written in a picture. Thread-safe."""

    @property
    def fingerprint(self) -> str: ...

    def read(self, image: Image, *, max_lines: int | None = None) -> list[TextLine]:
        """Lines in reading order; `[]` for a picture without text.

        Args:
            image: RGB, any size.
            max_lines: only so many are read, from the top: reading takes much longer than finding lines.
        """


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line read in a picture. `box` is (left, top, right, bottom) in pixels, `score` the reader's, in [0, 1]."""

    text: str
    box: tuple[float, float, float, float]
    score: float


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """`images` are encoded pictures (PNG, JPEG, WebP), only for a model that can see."""

    role: Literal["system", "user", "assistant"]
    content: str
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatModelInfo:
    """What the server says of a model. `context_tokens` is the largest context it was trained for, 0 if unknown."""

    name: str
    context_tokens: int
    can_see: bool
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChatChunk:
    """A piece of a streamed reply. The last one has `done` and the counts that the server gives back."""

    text: str
    done: bool = False
    prompt_tokens: int | None = None
    output_tokens: int | None = None
    done_reason: str | None = None


class ChatModel(Protocol):
    """A chat model. Closing the iterator of `stream` stops the generation upstream."""

    @property
    def name(self) -> str: ...

    async def info(self) -> ChatModelInfo:
        """Raises ChatUnreachable or ChatModelMissing."""

    def stream(
        self, messages: Sequence[ChatMessage], *, context_tokens: int, max_output_tokens: int
    ) -> AsyncIterator[ChatChunk]:
        """Raises ChatError (or a child) before the first chunk or between chunks."""


LexicalForm: TypeAlias = Literal["words", "sparse", "none"]
"""BM25 over words, learned sparse vectors, or no lexical channel."""


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


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this Milvus can do, asked once at connect.

    Attributes:
        engine: `lite` or `server`.
        version: as it says itself.
        lexical: a BM25 function over text (2.5 and Lite).
        sparse: sparse vectors (2.4 and Lite).
        json_index: JSON path indexes.
        missing: for people: what is lacking and what that means, one sentence each.
    """

    engine: Literal["lite", "server"]
    version: str
    lexical: bool
    sparse: bool
    json_index: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by collection; `documents` counts manifest rows by state."""

    texts: int
    images: int
    documents: Mapping[str, int]


class Store(Protocol):
    """Knowledge bases in Milvus. Thread-safe; every read sees every earlier write of this process."""

    @property
    def uri(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def list_kbs(self) -> list[str]: ...

    def create_kb(self, kb: str, spec: KbSpec) -> None:
        """Idempotent for an equal spec (also after a kill in the middle); FingerprintMismatch for another."""

    def drop_kb(self, kb: str) -> None:
        """KnowledgeBaseNotFound if there is none. Collections left by a kill in the middle go too."""

    def spec(self, kb: str) -> KbSpec:
        """KnowledgeBaseNotFound if there is none."""

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

    def put_documents(
        self, kb: str, documents: Sequence[Document], vectors: Mapping[str, Vector] | None = None
    ) -> None:
        """Upserts manifest rows. `vectors`: doc_id to the mean text vector (text_dim,), where there is one."""

    def documents(self, kb: str, *, states: Sequence[str] = ()) -> Iterator[Document]:
        """Manifest rows, in no particular order, all of them."""

    def document(self, kb: str, doc_id: str) -> Document | None:
        """One manifest row; None if there is none of that id."""

    def upsert(self, kb: str, rows: Sequence[EmbeddedRecord]) -> None:
        """Writes to `<kb>_texts` and `<kb>_images` by which vectors a row has. Last one wins for a repeated id.

        Sparse vectors are kept where the spec names a model of theirs and the engine has such vectors, else ignored.

        Raises:
            StoreError: a vector has NaN or Inf, a wrong dimension or no length, a sparse vector is missing or has a
                weight that is not above 0, or metadata is over 60,000 bytes: nothing of the call is written, the
                record is named.
        """

    def delete_records(self, kb: str, space: Space, ids: Sequence[str]) -> None:
        """Ids that do not exist are fine."""

    def delete_documents(self, kb: str, doc_ids: Sequence[str]) -> None:
        """Records first, manifest rows last."""

    def records(self, kb: str, ids: Sequence[str]) -> dict[str, Record]:
        """By id, from either space; unknown ids are absent."""

    def vectors(self, kb: str, space: Space, ids: Sequence[str]) -> dict[str, Vector]:
        """By id; unknown ids are absent."""

    def sparse_vectors(self, kb: str, ids: Sequence[str]) -> dict[str, dict[int, float]]:
        """Learned sparse vectors by id; unknown ids are absent, and all of them where the lexical channel has none."""

    def sample_vectors(self, kb: str, space: Space, n: int) -> Vectors:
        """(<= n, dim): the same rows each time while the collection does not change; (0, dim) when empty."""

    def search(
        self,
        kb: str,
        channel: Channel,
        query: Vector | str | Mapping[int, float],
        *,
        limit: int,
        where: Filter | None = None,
        ids: Sequence[str] | None = None,
    ) -> list[ScoredRecord]:
        """Best first; higher is better (cosine for `image` and `text`, BM25 or an inner product for `lexical`).

        Args:
            kb: knowledge base.
            channel: `lexical` takes words, or weights by token id where the spec names a sparse model (see
                `KbSpec.lexical_form`); it leaves out what has no word or token of the query. The others take a (dim,)
                vector.
            query: as the channel wants it.
            limit: at most this many.
            where: only records that match.
            ids: only these records (their scores are exact, no approximate search).
        """

    def counts(self, kb: str) -> Counts: ...

    def optimize(self, kb: str) -> Mapping[str, Any]:
        """After an ingest: `nlist` for the row count, `nprobe` measured; returns what `index_info` does."""

    def index_info(self, kb: str) -> Mapping[str, Any]:
        """By collection: index type, metric, nlist (read back), nprobe, measured recall, rows."""

    def close(self) -> None: ...


class Progress(Protocol):
    """Told of finished work; the CLI draws it, everyone else ignores it."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...
