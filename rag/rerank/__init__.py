"""Rerankers: one adapter a file, chosen by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from rag.ports import Reranker, TextEmbedder


def make_reranker(name: str, text_embedder: TextEmbedder) -> Reranker | None:
    """The reranker of that name; None for `none`.

    Raises:
        ConfigError: unknown, or it cannot work with this text embedder.
    """
    if name == "none":
        return None
    if name == "maxsim":
        from rag.ports import TokenEmbedder
        from rag.rerank.maxsim import MaxSimReranker

        if not isinstance(text_embedder, TokenEmbedder):
            raise ConfigError(
                f"reranker 'maxsim' needs token vectors and {text_embedder.fingerprint} has none; set RAG_RERANKER=none"
            )
        return MaxSimReranker(text_embedder)
    raise ConfigError(f"unknown reranker {name!r}; RAG_RERANKER can be 'maxsim' or 'none'")
