"""`POST /v1/embeddings`: the text model of the knowledge bases, in OpenAI's form."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any, Literal

from anyio import to_thread
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from rag.serve.deps import Opened
from rag.serve.openai.asking import check_model
from rag.serve.openai.errors import OpenAIRoute
from rag.serve.openai.input import Unsupported
from rag.serve.routes.embed import MAX_ITEMS
from rag.serve.schemas import MAX_QUESTION_CHARS, Body
from rag.text.tokens import estimate_tokens

if TYPE_CHECKING:
    from rag.ports import TextEmbedder
    from rag.types import Vectors

router = APIRouter(prefix="/v1", tags=["OpenAI"], route_class=OpenAIRoute)

Text = Annotated[str, Field(max_length=MAX_QUESTION_CHARS)]


_TEXTS: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "maxLength": MAX_QUESTION_CHARS},
        {
            "type": "array",
            "items": {"type": "string", "maxLength": MAX_QUESTION_CHARS},
            "minItems": 1,
            "maxItems": MAX_ITEMS,
        },
    ]
}
"""What is taken. Numbers of tokens are told apart, to be refused with the reason."""


class EmbeddingExtras(Body):
    kind: Literal["document", "query"] = "document"


class EmbeddingsRequest(BaseModel):
    """`model`: a knowledge base, or the fingerprint that an answer names. Texts only: token ids are other models'."""

    model_config = ConfigDict(extra="ignore")

    model: str = Field(max_length=200)
    input: Annotated[
        Text | Annotated[list[Text] | list[int] | list[list[int]], Field(min_length=1, max_length=MAX_ITEMS)],
        WithJsonSchema(_TEXTS),
    ]
    encoding_format: Literal["float", "base64"] = "float"
    dimensions: int | None = None
    rag: EmbeddingExtras = EmbeddingExtras()


class EmbeddingOut(BaseModel):
    """`embedding` is a list, or with `base64` the bytes of little-endian float32."""

    object: Literal["embedding"] = "embedding"
    index: int
    embedding: list[float] | str


class EmbeddingsUsage(BaseModel):
    prompt_tokens: int
    total_tokens: int


class EmbeddingList(BaseModel):
    object: Literal["list"] = "list"
    data: list[EmbeddingOut]
    model: str
    usage: EmbeddingsUsage


@router.post("/embeddings")
async def create_embeddings(request: Request, library: Opened, asked: EmbeddingsRequest) -> EmbeddingList:
    """Vectors of texts, each L2-normalised."""
    text = await to_thread.run_sync(lambda: library.models.text_embedder)
    if asked.model != text.fingerprint:
        await check_model(request, asked.model)
    texts = [asked.input] if isinstance(asked.input, str) else asked.input
    if not all(isinstance(each, str) for each in texts):
        raise Unsupported("input", "tokens are numbered anew by each model: send texts, not numbers")
    if asked.dimensions not in (None, text.dim):
        raise Unsupported("dimensions", f"this model has {text.dim} dimensions; leave the setting out")
    words = [str(each) for each in texts]
    rows = await to_thread.run_sync(_embedded, text, words, asked.rag.kind)
    n_tokens = sum(map(estimate_tokens, words))
    return EmbeddingList(
        data=[
            EmbeddingOut(
                index=at,
                embedding=base64.b64encode(row.astype("<f4").tobytes()).decode()
                if asked.encoding_format == "base64"
                else row.tolist(),
            )
            for at, row in enumerate(rows)
        ],
        model=text.fingerprint,
        usage=EmbeddingsUsage(prompt_tokens=n_tokens, total_tokens=n_tokens),
    )


def _embedded(text: TextEmbedder, words: list[str], kind: Literal["document", "query"]) -> Vectors:
    if kind == "document":
        return text.embed(words)
    import numpy as np

    return np.stack([text.embed_query(each) for each in words])
