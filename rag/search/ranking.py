"""The candidates of one query in their order, and the hits that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.search.fusion import ChannelResult, blend, explain
from rag.search.near_duplicates import group
from rag.types import Hit, Record


@dataclass(slots=True)
class Ranking:
    """The candidates of one query.

    Attributes:
        records: the candidates; an *index* is one into these.
        fused: their scores of the fusion.
        order: indices, best first.
        score: what they are ordered by.
        reranked: the reranker's scores, by index; None for what it did not get to.
    """

    records: Sequence[Record]
    fused: list[float]
    order: list[int]
    score: list[float]
    reranked: dict[int, float | None]

    @classmethod
    def of(cls, records: Sequence[Record], fused: list[float]) -> Ranking:
        """By the fused scores, equal ones by id."""
        order = sorted(range(len(records)), key=lambda index: (-fused[index], records[index].id))
        return cls(records, fused, order, fused.copy(), {})

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
            self.score[index] = floor + self.fused[index] - last
        self.order = sorted(head, key=lambda index: (-self.score[index], self.records[index].id)) + tail

    def hits(self, results: Sequence[ChannelResult], top_k: int) -> tuple[Hit, ...]:
        """The first `top_k` that are not the same, explained by the channels."""
        groups = group([self.records[index] for index in self.order], top_k)
        return tuple(self._hit(self.order[first], also, results) for first, also in groups.items())

    def _hit(self, index: int, also: tuple[str, ...], results: Sequence[ChannelResult]) -> Hit:
        return Hit(
            record=self.records[index],
            score=self.score[index],
            channels=explain(index, results),
            fused=self.fused[index],
            rerank=self.reranked.get(index),
            also=also,
        )
