"""What rerankers share that read question and candidate together: the empty check, the cut, the packs, the notes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Generic, Protocol, TypeVar

from rag.nn.device import Placement
from rag.ports import ignore
from rag.rerank.packs import Outcome, Pace


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

    def score(
        self,
        query: str,
        passages: Sequence[str],
        *,
        deadline_s: float | None = None,
        note: Callable[[str], object] = ignore,
    ) -> list[float | None]:
        """In [0, 1]; None for an empty passage, and where time, memory or numbers did not do.

        Args:
            query: words.
            passages: candidates in fused order.
            deadline_s: seconds from the call.
            note: told, in a sentence each, what was cut and what was not scored.
        """
        pace = Pace(deadline_s)
        wanted = [i for i, passage in enumerate(passages) if passage.strip()]
        if not wanted or not query.strip():
            return [None] * len(passages)
        prompts = self._read(query, [passages[i] for i in wanted], note)
        return self._judged(prompts, wanted, len(passages), pace, note)

    @abstractmethod
    def _read(self, query: str, passages: Sequence[str], note: Callable[[str], object]) -> P | None:
        """The prompts of passages that are not empty; None where the question leaves no room for any."""

    @abstractmethod
    def _score(self, prompts: P, pace: Pace) -> Outcome:
        """One score a prompt."""

    def _judged(
        self, prompts: P | None, wanted: Sequence[int], n_candidates: int, pace: Pace, note: Callable[[str], object]
    ) -> list[float | None]:
        """Scores of all candidates, of which those at `wanted` are in the prompts."""
        scores: list[float | None] = [None] * n_candidates
        if prompts is None:
            note(f"the question is too long for the reranker, which reads {self._max_tokens} tokens with each passage")
            return scores
        if prompts.n_cut:
            note(f"the reranker read only the beginning of {prompts.n_cut} candidates ({self._max_tokens} tokens)")
        outcome = self._score(prompts, pace)
        for text in outcome.notes(self.name, self._placement):
            note(text)
        for i, score in zip(wanted, outcome.scores, strict=True):
            scores[i] = score
        return scores
