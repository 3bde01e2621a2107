"""The query as each channel understands it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union

from rag.ocr.reading_order import joined
from rag.ports import ImageAbilities, Likely
from rag.text.pointing import carried
from rag.text.words import meaningful
from rag.trace import Trace
from rag.types import Channel, Query

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import ImageTextEmbedder, KbSpec, TextEmbedder, TextReader
    from rag.types import Vector

Form: TypeAlias = Union["Vector", str, Mapping[int, float]]
"""Of a query in one channel: a (dim,) vector, words for BM25, or learned weights of tokens."""
MAX_READ_CHARS = 600
"""Of the words read in a query picture: enough to say what it is about, not so much that they drown the user's."""
MAX_READ_LINES = 40
"""A page full of text is known by how it begins, and nobody should wait for the rest of it."""
READ_SIDE_PX = 1600
"""Longer side of the picture that is read."""


@dataclass(slots=True)
class QueryForms:
    """One form a channel; None where a channel has nothing to go by. `words` is what the reranker reads.

    Attributes:
        read: what was read in the picture.
        looks_like: what a model took it for.
        narrowing: of the words beside a picture, or of a question with those that it leans on.
    """

    words: str = ""
    lexical: str | Mapping[int, float] | None = None
    text: Vector | None = None
    image: Vector | None = None
    read: str = ""
    looks_like: tuple[Likely, ...] = ()
    narrowing: QueryForms | None = None

    def by_channel(self) -> dict[Channel, Form]:
        forms: dict[Channel, Form | None] = {"image": self.image, "text": self.text, "lexical": self.lexical}
        return {channel: form for channel, form in forms.items() if form is not None}


class QueryEncoder:
    """Makes the forms; thread-safe.

    Args:
        spec: what the knowledge base was built with.
        texts: makes the dense vector, and the sparse one where the knowledge base has such.
        images: None where the image channel is off.
        reader: gives what reads the words in query pictures (loaded when first needed), or None where OCR is off.
    """

    def __init__(
        self,
        spec: KbSpec,
        texts: TextEmbedder,
        images: ImageTextEmbedder | None,
        reader: Callable[[], TextReader | None],
    ) -> None:
        self._spec, self._texts, self._images, self._reader = spec, texts, images, reader
        able = images.abilities if images else ImageAbilities()
        self._composed, self._cuts, self._names = able.composed, able.cuts, able.names
        self._sparse = texts.abilities.sparse if spec.sparse_model else None

    def encode(self, query: Query, trace: Trace) -> QueryForms:
        """Notes what was read in the picture, and which words were not.

        Raises:
            ImageError: the query's picture cannot be decoded.
        """
        words = query.text.strip()
        if self._cuts is not None and words and self._cuts.is_cut(words):
            text = "the question is longer than what the image model reads: its end counts for texts only"
            trace.note("question_cut", text)
        if query.image is not None:
            return self._led_by_picture(query.image, words, trace)
        forms = self._of_words(words)
        if self._images is not None and words:
            forms.image = self._images.embed_texts([words])[0]
        if query.recalled:
            forms.narrowing = self._of_words(query.recalled)
        forms.words = query.spoken or query.recalled or forms.words
        return forms

    def _led_by_picture(self, encoded: bytes, words: str, trace: Trace) -> QueryForms:
        """What the picture shows and what is written in it; words that say more only narrow that."""
        picture = self._looked_at(encoded)
        read = self._read(encoded, trace)
        blind = picture is None or self._images is None  # nobody looks at it: words and what was read are all there is
        forms = self._of_words("\n".join(text for text in (words, read) if text) if blind else read)
        forms.read = read
        if picture is None or self._images is None:
            return forms
        said = carried(words)
        if said and self._composed is not None:
            forms.image = self._composed.embed_composed(picture, words)
        elif self._names is not None:
            seen = self._names.see([picture])[0]
            forms.image, forms.looks_like = seen.vector, seen.things
        else:
            forms.image = self._images.embed_images([picture])[0]
        if said:
            forms.narrowing = self._of_words(said)
            if self._composed is None:
                forms.narrowing.image = self._images.embed_texts([said])[0]
        return forms

    def _of_words(self, words: str) -> QueryForms:
        if not words:
            return QueryForms()
        return QueryForms(words, self._lexical(words), self._texts.embed_query(words))

    def _looked_at(self, encoded: bytes) -> Image | None:
        """As the ingest decodes it for the model; a broken picture is an error where no model looks at it, too."""
        from rag.images.decode import load_image
        from rag.images.for_model import for_model

        if self._images is not None:
            return for_model(encoded, self._images)
        load_image(encoded, min_side_px=READ_SIDE_PX)
        return None

    def _read(self, encoded: bytes, trace: Trace) -> str:
        from rag.images.decode import fit, load_image

        reader = self._reader()
        if reader is None:
            return ""
        picture = fit(load_image(encoded, min_side_px=READ_SIDE_PX), READ_SIDE_PX)
        lines = reader.read(picture, max_lines=MAX_READ_LINES)
        read = joined(lines)
        if not read:
            trace.note("picture_without_words", "no words were read in the picture")
            return ""
        is_cut = len(lines) >= MAX_READ_LINES or len(read) > MAX_READ_CHARS
        trace.note("picture_read", _read_note(read, is_cut=is_cut))
        return read[:MAX_READ_CHARS]

    def _lexical(self, words: str) -> str | Mapping[int, float] | None:
        if self._sparse is not None:
            return self._sparse.embed_sparse_query(words) or None
        return meaningful(words) if self._spec.analyzer == "english" else words


def _read_note(read: str, *, is_cut: bool) -> str:
    begins = read[:MAX_READ_CHARS]
    cut = f" (only these first {len(begins)} characters are searched)" if is_cut else ""
    return f"read in the picture: {' / '.join(begins.splitlines())!r}{cut}"
