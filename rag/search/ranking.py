"""The candidates of one query in their order, and the hits that come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rag.search.fusion import ChannelResult, blend, explain
from rag.search.near_copies import spread
from rag.search.near_duplicates import group
from rag.types import Hit, Record


@dataclass(slots=True)
class Ranking:
    """The candidates of one query.

    Attributes:
        records: the candidates; an *index* is one into these.
        fused: their scores of the fusion.
        order: indices, best first.
        tiers: by index; what is of a higher one comes first, whatever it scores.
        score: what they are ordered by.
        reranked: the reranker's scores, by index; None for what it did not get to.
    """

    records: Sequence[Record]
    fused: list[float]
    order: list[int]
    score: list[float]
    tiers: Sequence[int]
    reranked: dict[int, float | None]

    @classmethod
    def of(cls, records: Sequence[Record], fused: list[float], tiers: Sequence[int] = ()) -> Ranking:
        """By the fused scores, equal ones by id."""
        ranking = cls(records, fused, [], fused.copy(), tiers or [0] * len(records), {})
        ranking.order = ranking._sorted(range(len(records)))
        return ranking

    def _sorted(self, indices: Iterable[int]) -> list[int]:
        return sorted(indices, key=lambda index: (-self.tiers[index], -self.score[index], self.records[index].id))

    def rerank(self, scores: Sequence[float | None], share: float) -> None:
        """Puts the first in a new order; those behind them keep theirs.

        Args:
            scores: of the reranker, for the first so many, in the present order; see `blend`.
            share: see `blend`.
        """
        head, tail = self.order[: len(scores)], self.order[len(scores) :]
        self.reranked = dict(zip(head, scores, strict=True))
        final = blend([self.fused[index] for index in head], scores, share)
        for index, score in zip(head, final, strict=True):
            self.score[index] = score
        floor, last = min(final), self.fused[head[-1]]
        for index in tail:
            self.score[index] = floor + min(0.0, self.fused[index] - last)
        self.order = self._sorted(head) + tail

    def hits(
        self, results: Sequence[ChannelResult], top_k: int, names: Callable[[Record], tuple[str, ...]] | None = None
    ) -> tuple[Hit, ...]:
        """The first `top_k` that are not the same, explained by the channels.

        Args:
            results: the channels' views.
            top_k: hits at most.
            names: what of the question stands in a record to the letter.
        """
        self.order = spread(self.order, self.records, self.tiers)
        groups = group([self.records[index] for index in self.order], top_k)
        step = max(self.score) - min(self.score) + 1.0 if any(self.tiers) else 0.0
        scores = [self.score[self.order[first]] + step * self.tiers[self.order[first]] for first in groups]
        falling = accumulate(scores, min)  # a near copy that was moved back scores no more than what it stands behind
        return tuple(
            self._hit(self.order[first], also, results, score, names(self.records[self.order[first]]) if names else ())
            for (first, also), score in zip(groups.items(), falling, strict=True)
        )

    def _hit(
        self,
        index: int,
        also: tuple[str, ...],
        results: Sequence[ChannelResult],
        score: float,
        exact: tuple[str, ...],
    ) -> Hit:
        return Hit(
            record=self.records[index],
            score=score,
            channels=explain(index, results),
            fused=self.fused[index],
            rerank=self.reranked.get(index),
            also=also,
            exact=exact,
        )
