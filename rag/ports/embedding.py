"""Text, pictures and what is written in them to vectors and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vector, Vectors

Likely: TypeAlias = tuple[str, float]
"""What a picture may show, by the name that a model has for it, and the probability that the model gives it."""


@dataclass(frozen=True, slots=True)
class TextAbilities:
    """What a text embedder can do beyond one vector a text.

    Attributes:
        language: the only one it was trained on, for people: "English"; "" where it knows several.
        queries_as_texts: a question gets the vector that the same words would get as a document.
        tokens: makes token vectors of the same space, for late interaction; None where it cannot.
        sparse: makes learned weights of words, for the lexical channel; None where it cannot.
    """

    language: str = ""
    queries_as_texts: bool = False
    tokens: TokenEmbedder | None = None
    sparse: SparseEmbedder | None = None


class TextEmbedder(Protocol):
    """Text to vectors. Thread-safe."""

    @property
    def abilities(self) -> TextAbilities: ...

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


class TokenEmbedder(Protocol):
    """Text to one vector a token, for late interaction."""

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (n_tokens, dim) float32 array a text, rows L2-normalised, of the tokens that the model was trained to
        compare: special ones are mostly left out."""


class SparseEmbedder(Protocol):
    """Text to learned weights of its words, for the lexical channel."""

    def embed_sparse(self, texts: Sequence[str]) -> list[dict[int, float]]:
        """For each text, token id to weight, all of them above 0; `{}` for one without words.

        How well two texts match is the sum, over the tokens that both have, of the products of their weights.
        """

    def embed_sparse_query(self, text: str) -> dict[int, float]:
        """The same of a question."""


@dataclass(frozen=True, slots=True)
class ImageAbilities:
    """What an image embedder can do beyond one vector a picture or text.

    Attributes:
        composed: makes one query of a picture and words about it; None where it was not trained for that.
        cuts: knows whether it reads a text to its end; None where it reads all.
        min_likeness: cosine of two pictures from which on they have something in common, below 1; None: not measured.
        names: says what it takes a photograph for; None where it has no names for things.
    """

    composed: ComposedEmbedder | None = None
    cuts: ShortReader | None = None
    min_likeness: float | None = None
    names: ThingNamer | None = None


class ImageTextEmbedder(Protocol):
    """Pictures and words in one space. Thread-safe."""

    @property
    def abilities(self) -> ImageAbilities: ...

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

        JPEGs are decoded so small that they just have it (`rag.images.decode.load_image`).
        """

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised. Images are RGB, any size."""

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""


class ComposedEmbedder(Protocol):
    """A picture and words about it as one query, where a model was trained for that."""

    def embed_composed(self, image: Image, text: str) -> Vector:
        """(dim,) float32, L2-normalised: close to the pictures that this one would be after what the words ask for.

        Args:
            image: RGB, any size.
            text: what is to be different, e.g. "the same but in red".
        """


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture as a model saw it.

    Attributes:
        vector: (dim,) float32, L2-normalised, as of `ImageTextEmbedder.embed_images`.
        things: a machine's guess at what it shows, likeliest first; empty where it is no photograph, or nothing is
            likely.
    """

    vector: Vector
    things: tuple[Likely, ...] = ()


class ThingNamer(Protocol):
    """A model that has names for what it sees."""

    def see(self, images: Sequence[Image]) -> list[Seen]:
        """One a picture. Images are RGB, any size."""


class ShortReader(Protocol):
    """A model that reads only the beginning of a long text."""

    def is_cut(self, text: str) -> bool:
        """Whether the end of the text is not read."""


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
