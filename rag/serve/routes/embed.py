"""The models by themselves: vectors, and how alike things are."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter
from pydantic import BaseModel, Field

from rag.errors import ConfigError
from rag.images.for_model import for_model
from rag.serve.deps import Opened
from rag.serve.inputs.pictures import picture
from rag.serve.schemas import MAX_QUESTION_CHARS, Body

if TYPE_CHECKING:
    from rag.models.registry import Models
    from rag.ports import ImageTextEmbedder
    from rag.types import Vectors

router = APIRouter(prefix="/v1", tags=["models"])

MAX_ITEMS = 256
MAX_PICTURES = 32

Text = Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]


class TextsIn(Body):
    """`space`: `text` for the text model (as `document` or `query`), `image` for the words side of the image model."""

    texts: list[Text] = Field(min_length=1, max_length=MAX_ITEMS)
    kind: Literal["document", "query"] = "document"
    space: Literal["text", "image"] = "text"


class PicturesIn(Body):
    images: list[str] = Field(min_length=1, max_length=MAX_PICTURES, description="base64, or data: URLs")


class Vectored(BaseModel):
    """`vectors` has one row an item, each L2-normalised."""

    model: str
    dim: int
    vectors: list[list[float]]


class Item(Body):
    """Words or a picture."""

    text: Text | None = None
    image: str | None = None


class SimilarityIn(Body):
    """With a picture among the items all are compared by the image model, otherwise by the text model."""

    a: list[Item] = Field(min_length=1, max_length=MAX_PICTURES)
    b: list[Item] = Field(min_length=1, max_length=MAX_PICTURES)


class Similarities(BaseModel):
    """`cosines[i][j]` is how alike `a[i]` and `b[j]` are, in [-1, 1]."""

    model: str
    cosines: list[list[float]]


@router.post("/embed/text")
async def embed_text(library: Opened, asked: TextsIn) -> Vectored:
    """Vectors of texts."""
    return await to_thread.run_sync(_texts, library.models, asked)


@router.post("/embed/image")
async def embed_image(library: Opened, asked: PicturesIn) -> Vectored:
    """Vectors of pictures, in the space where words for them are near."""
    items = [Item(image=image) for image in asked.images]

    def work() -> Vectored:
        model = _sighted(library.models)
        return _vectored(model.fingerprint, _seen(model, items))

    return await to_thread.run_sync(work)


@router.post("/similarity")
async def similarity(library: Opened, asked: SimilarityIn) -> Similarities:
    """Cosines between two lists of texts and pictures."""
    return await to_thread.run_sync(_compared, library.models, asked)


def _texts(models: Models, asked: TextsIn) -> Vectored:
    if asked.space == "image":
        model = _sighted(models)
        return _vectored(model.fingerprint, model.embed_texts(asked.texts))
    text = models.text_embedder
    if asked.kind == "document":
        return _vectored(text.fingerprint, text.embed(asked.texts))
    rows = [text.embed_query(query).tolist() for query in asked.texts]
    return Vectored(model=text.fingerprint, dim=text.dim, vectors=rows)


def _compared(models: Models, asked: SimilarityIn) -> Similarities:
    items = [*asked.a, *asked.b]
    if any((item.text is None) == (item.image is None) for item in items):
        raise ConfigError("each item has either 'text' or 'image'")
    if any(item.image is not None for item in items):
        model = _sighted(models)
        name, embed = model.fingerprint, partial(_seen, model)
    else:
        name, embed = models.text_embedder.fingerprint, partial(_read, models)
    rows = embed(items)
    return Similarities(model=name, cosines=(rows[: len(asked.a)] @ rows[len(asked.a) :].T).tolist())


def _seen(model: ImageTextEmbedder, items: list[Item]) -> Vectors:
    """(n, dim) float32: each item in the image model's space."""
    import numpy as np

    rows = np.zeros((len(items), model.dim), np.float32)
    pictures = {index: picture(item.image) for index, item in enumerate(items) if item.image is not None}
    words = {index: item.text for index, item in enumerate(items) if item.text is not None}
    if pictures:
        rows[list(pictures)] = model.embed_images([for_model(data or b"", model) for data in pictures.values()])
    if words:
        rows[list(words)] = model.embed_texts([text or "" for text in words.values()])
    return rows


def _read(models: Models, items: list[Item]) -> Vectors:
    return models.text_embedder.embed([item.text or "" for item in items])


def _sighted(models: Models) -> ImageTextEmbedder:
    model = models.image_embedder
    if model is None:
        raise ConfigError("this server has no image model; set RAG_IMAGE_MODEL and start it again")
    return model


def _vectored(model: str, rows: Vectors) -> Vectored:
    return Vectored(model=model, dim=int(rows.shape[1]), vectors=rows.tolist())
