"""What each replaceable part must do. Adapters live in `store/ embed/ rerank/ chat/`; nobody else knows them."""

from __future__ import annotations

from typing import Protocol

from rag.ports.chatting import EXACT, ChatChunk, ChatMessage, ChatModel, ChatModelInfo, Sampling
from rag.ports.embedding import (
    ComposedEmbedder,
    ImageAbilities,
    ImageTextEmbedder,
    Likely,
    Seen,
    ShortReader,
    SparseEmbedder,
    TextAbilities,
    TextEmbedder,
    TextLine,
    TextReader,
    ThingNamer,
    TokenEmbedder,
)
from rag.ports.reranking import Reranker, RerankerAbilities, SightedReranker
from rag.ports.storing import (
    KB_NAME,
    Capabilities,
    Counts,
    KbManifest,
    KbRecords,
    KbSearch,
    KbSpec,
    LexicalForm,
    Store,
    StoredKb,
    checked_name,
)

__all__ = [
    "EXACT",
    "KB_NAME",
    "Capabilities",
    "ChatChunk",
    "ChatMessage",
    "ChatModel",
    "ChatModelInfo",
    "ComposedEmbedder",
    "Counts",
    "ImageAbilities",
    "ImageTextEmbedder",
    "KbManifest",
    "KbRecords",
    "KbSearch",
    "KbSpec",
    "LexicalForm",
    "Likely",
    "Progress",
    "Reranker",
    "RerankerAbilities",
    "Sampling",
    "Seen",
    "ShortReader",
    "SightedReranker",
    "SparseEmbedder",
    "Store",
    "StoredKb",
    "TextAbilities",
    "TextEmbedder",
    "TextLine",
    "TextReader",
    "ThingNamer",
    "TokenEmbedder",
    "checked_name",
]


class Progress(Protocol):
    """Told of finished work; the CLI draws it, everyone else ignores it."""

    def __call__(self, stage: str, done: int, total: int | None) -> None: ...
