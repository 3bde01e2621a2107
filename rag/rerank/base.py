"""What rerankers share that read question and candidate together: the empty check, the cut, the packs, the notes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from rag.nn.device import Placement
from rag.ports import RerankerAbilities
from rag.rerank.packs import Outcome, Pace
from rag.trace import Trace


class Prompts(Protocol):
    """Candidates as the model reads them."""

    @property
    def n_cut(self) -> int:
        """Candidates that end where there was no more room."""


P = TypeVar("P", bound=Prompts)


class PairReranker(ABC, Generic[P]):
    """A model that scores one question with one candidate at a time.

    Attributes:
        name: of the model, with its revision where that is known.
    """

    name: str
    _placement: Placement
    _max_tokens: int

    @property
    def abilities(self) -> RerankerAbilities:
        return RerankerAbilities()

    def score(
        self,
        query: str,
        passages: Sequence[str],
        *,
        deadline_s: float | None = None,
        trace: Trace | None = None,
    ) -> list[float | None]:
        """In [0, 1]; None for an empty passage, and where time, memory or numbers did not do.

        Args:
            query: words.
            passages: candidates in fused order.
            deadline_s: seconds from the call.
            trace: gets a note of what was cut and what was not scored.
        """
        pace, trace = Pace(deadline_s), trace or Trace()
        indices = [i for i, passage in enumerate(passages) if passage.strip()]
        if not indices or not query.strip():
            return [None] * len(passages)
        prompts = self._read(query, [passages[i] for i in indices], trace)
        return self._judged(prompts, indices, len(passages), pace, trace)

    @abstractmethod
    def _read(self, query: str, passages: Sequence[str], trace: Trace) -> P | None:
        """The prompts of passages that are not empty; None where the question leaves no room for any."""

    @abstractmethod
    def _score(self, prompts: P, pace: Pace) -> Outcome:
        """One score a prompt."""

    def _judged(
        self, prompts: P | None, indices: Sequence[int], n_candidates: int, pace: Pace, trace: Trace
    ) -> list[float | None]:
        """Scores of all candidates, of which those at `indices` are in the prompts."""
        scores: list[float | None] = [None] * n_candidates
        if prompts is None:
            text = f"the question is too long for the reranker, which reads {self._max_tokens} tokens with each passage"
            trace.note("question_too_long", text)
            return scores
        if prompts.n_cut:
            text = f"the reranker read only the beginning of {prompts.n_cut} candidates ({self._max_tokens} tokens)"
            trace.note("candidates_cut", text)
        outcome = self._score(prompts, pace)
        trace.notes += outcome.notes(self.name, self._placement)
        for i, score in zip(indices, outcome.scores, strict=True):
            scores[i] = score
        return scores
