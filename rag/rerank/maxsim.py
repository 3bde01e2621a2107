"""Late interaction with the text encoder's own token vectors: a reranker that needs no further model."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.nn.array_cache import ArrayCache
from rag.ports import RerankerAbilities
from rag.trace import Trace

if TYPE_CHECKING:
    from rag.ports import TokenEmbedder
    from rag.types import Vectors

PASSAGES_A_BATCH = 10
CACHE_BYTES = 64 * 1024**2
"""Token vectors of passages seen lately: about 400 passages. The questions of a conversation share most candidates."""


def maxsim(query: Vectors, passage: Vectors) -> float:
    """Late-interaction score of one passage for one query; higher is better.

    Args:
        query: (n_query_tokens, dim) float32, rows L2-normalised, at least one row.
        passage: (n_passage_tokens, dim) float32, rows L2-normalised, at least one row.

    Returns:
        Mean over query tokens of the best cosine, in [-1, 1].

    Raises:
        ValueError: the two dims differ, or one has no rows.

    Source: Khattab and Zaharia, ColBERT (2020), eq. 3, averaged.
    """
    return float((query @ passage.T).max(axis=1).mean())


class MaxSimReranker:
    """Scores passages with `maxsim`, in the order given, until the time is spent."""

    name = "maxsim"
    share = 0.25
    """Of the final score: MaxSim sees words that the pooled vector blurs, but is no better judge by itself."""

    def __init__(self, embedder: TokenEmbedder, *, language: str = "") -> None:
        self._embedder = embedder
        # Words that OCR read are scraps: they made charts and pages worse (docs/decisions/004).
        self.abilities = RerankerAbilities(language=language, prose_only=True)
        self._token_vectors = ArrayCache(embedder.embed_tokens, CACHE_BYTES)

    def score(
        self,
        query: str,
        passages: Sequence[str],
        *,
        deadline_s: float | None = None,
        trace: Trace | None = None,
    ) -> list[float | None]:
        start, trace = time.monotonic(), trace or Trace()
        scores: list[float | None] = [None] * len(passages)
        query_vectors = self._embedder.embed_tokens([query])[0]
        if not len(query_vectors):
            return scores
        for first in range(0, len(passages), PASSAGES_A_BATCH):
            if deadline_s is not None and time.monotonic() - start > deadline_s:
                late, n = len(passages) - first, len(passages)
                text = f"the reranker had no time for {late} of {n} candidates (RAG_RERANK_BUDGET_S)"
                trace.note("reranker_late", text)
                break
            batch = passages[first : first + PASSAGES_A_BATCH]
            for index, vectors in enumerate(self._token_vectors(batch), start=first):
                if len(vectors):
                    scores[index] = maxsim(query_vectors, vectors)
        return scores

    def token_closeness(self, statement: str, passages: Sequence[str]) -> list[list[float]]:
        """The best cosine that each token of a statement has in each passage: a row a passage; empty without words.

        For `rag.answers.held.grounding`, which joins neighbouring sentences to windows.
        """
        vectors = self._embedder.embed_tokens([statement])[0]
        rows = self._token_vectors(passages)
        return [(vectors @ row.T).max(axis=1).tolist() if len(row) and len(vectors) else [] for row in rows]
