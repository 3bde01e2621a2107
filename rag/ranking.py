"""The candidates of one query in their order, and the hits that come of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.fusion import ChannelResult, blend, explain
from rag.grouping import group
from rag.types import Hit, Record


@dataclass(slots=True)
class Ranking:
    """The candidates of one query.

    Attributes:
        records: the candidates; a *place* is an index into these.
        fused: their scores of the fusion.
        order: places, best first.
        score: what they are ordered by.
        reranked: the reranker's scores, by place; None for what it did not get to.
    """

    records: Sequence[Record]
    fused: list[float]
    order: list[int]
    score: list[float]
    reranked: dict[int, float | None]

    @classmethod
    def of(cls, records: Sequence[Record], fused: list[float]) -> Ranking:
        """By the fused scores, equal ones by id."""
        order = sorted(range(len(records)), key=lambda place: (-fused[place], records[place].id))
        return cls(records, fused, order, fused.copy(), {})

    def rerank(self, scores: Sequence[float | None], share: float) -> None:
        """Puts the first in a new order; those behind them keep theirs.

        Args:
            scores: of the reranker, for the first so many, in the present order; see `blend`.
            share: see `blend`.
        """
        head, tail = self.order[: len(scores)], self.order[len(scores) :]
        self.reranked = dict(zip(head, scores, strict=True))
        final = blend([self.fused[place] for place in head], scores, share)
        for place, score in zip(head, final, strict=True):
            self.score[place] = score
        floor, last = min(final), self.fused[head[-1]]
        for place in tail:
            self.score[place] = floor + self.fused[place] - last
        self.order = sorted(head, key=lambda place: (-self.score[place], self.records[place].id)) + tail

    def hits(self, results: Sequence[ChannelResult], top_k: int) -> tuple[Hit, ...]:
        """The first `top_k` that are not the same, explained by the channels."""
        groups = group([self.records[place] for place in self.order], top_k)
        return tuple(self._hit(self.order[first], also, results) for first, also in groups.items())

    def _hit(self, place: int, also: tuple[str, ...], results: Sequence[ChannelResult]) -> Hit:
        return Hit(
            record=self.records[place],
            score=self.score[place],
            channels=explain(place, results),
            fused=self.fused[place],
            rerank=self.reranked.get(place),
            also=also,
        )
