"""Several ranked lists for one query become one. Pure NumPy; knows no store and no model.

The default fusion adds *evidence*. A raw score says little by itself (a cosine of 0.3 is a lot in one space and nothing
in another), so each channel's scores are first calibrated: standard deviations above what that channel gives to records
that have nothing to do with this query (its background). Then `soft_threshold(z)`, weighted, is summed over the
channels: almost nothing up to two deviations, and one for one above, like the log odds of a record against the
background; a knee joins the two. Nor does a cosine count below which the text model's texts have nothing to do with
each other: of a few odd words read in photographs, one is always two deviations above the others. So

- a record that exists in one channel only is not punished: a channel that has no row for it adds nothing, and a channel
  that has a row but no opinion adds next to nothing;
- a channel that knows nothing about this query cannot shuffle what the others found (with pure noise as a third
  channel, plain sums of z-scores fell from R@1 0.84 to 0.72 on 200 real charts, sums of evidence stayed at 0.835);
- one channel alone keeps its own order, because evidence is monotone.

`docs/decisions/003-fusion-by-evidence.md` has the figures and what was rejected.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rag.types import MIN_STD, Channel, ChannelScore

Scores: TypeAlias = NDArray[np.float64]
"""(n_candidates,), higher is better; NaN where there is none."""
Score = TypeVar("Score", float, Scores)

SHARE_OF_MIN_COSINE = 0.85
"""From this share on of the cosine that an answer wants, a cosine of texts may be evidence (decision 042)."""
EVIDENCE_THRESHOLD = 2.0
DENSE_KNEE = 0.4
"""Cosines of things that have nothing to do with each other differ by chance: below the threshold hardly anything may
count, or it decides between records that the other channels hold to be alike. BM25 stays at 1: a low score of it still
is a word in common."""
RRF_K = 60
"""Cormack, Clarke and Buettcher, Reciprocal Rank Fusion (2009)."""


@dataclass(frozen=True, slots=True)
class Background:
    """What a channel gives to records that have nothing to do with the query.

    Attributes:
        mean, std: of their scores.
        knee: how softly `soft_threshold` begins, in deviations.
        n: scores that it was made of, where those of the candidates are all among them; 0 otherwise.
        min_std: `std` is at least that.
        threshold: deviations from which on a score is evidence.
    """

    mean: float
    std: float
    knee: float = 1.0
    n: int = 0
    min_std: float = MIN_STD
    threshold: float = EVIDENCE_THRESHOLD

    def evidence(self, raw: Scores) -> Scores:
        """What raw scores say for their records; NaN stays NaN."""
        return soft_threshold(self.calibrate(raw), self.knee, self.threshold)

    def calibrate(self, raw: Score) -> Score:
        """Standard deviations above the background; its own score is left out of it, where that is known.

        The best of three pictures could not be more than 1.4 deviations above the three.
        """
        if self.n < 2:
            return (raw - self.mean) / self.std
        rest = self.n - 1
        mean = (self.n * self.mean - raw) / rest
        variance = (self.n * (self.std**2 + self.mean**2) - raw**2) / rest - mean**2
        calibrated: Score = (raw - mean) / np.sqrt(np.maximum(variance, self.min_std**2))
        return calibrated


@dataclass(frozen=True, slots=True, eq=False)
class ChannelResult:
    """One channel's view of the candidates, which have the same places in every channel.

    Attributes:
        channel: its name.
        raw: (n_candidates,) raw scores, higher is better; NaN for a candidate that has no row in this channel.
        ranks: (n_candidates,) from 1 for those that the channel returned by itself; 0 for the others.
        background: see `Background`.
        weight: how much this channel counts.
    """

    channel: Channel
    raw: Scores
    ranks: NDArray[np.int64]
    background: Background
    weight: float


def dense_background(
    scores: ArrayLike, min_std: float = MIN_STD, min_cosine: float | None = None, *, holds_all: bool = False
) -> Background:
    """Background of a dense channel from the query's cosines with a random sample of its rows.

    The few rows of a sample that do answer the query are outliers: median and MAD would ignore them, but mean and
    deviation ranked better on real charts.

    Args:
        scores: (n_sampled,) cosines of the query with some of the channel's rows.
        min_std: how far the model's cosines spread between things that have nothing to do with each other. A query
            that means nothing to the model gets almost the same cosine everywhere: without this floor, the largest of
            them would be some deviations above the others and count as found.
        min_cosine: below it, what the model compares has nothing to do with each other; None: nobody measured it.
        holds_all: the sample is all that the channel has, so that each candidate is in it and is judged by the others.
    """
    cosines = np.asarray(scores, dtype=np.float64)
    if not len(cosines):
        return Background(0.0, 0.1, DENSE_KNEE)
    mean, std = float(cosines.mean()), float(cosines.std())
    if holds_all:
        return Background(mean, std, DENSE_KNEE, len(cosines), min_std)
    std = max(std, min_std)
    least = -math.inf if min_cosine is None else (min_cosine - mean) / std
    return Background(mean, std, DENSE_KNEE, threshold=max(EVIDENCE_THRESHOLD, least))


def lexical_background(ranked: Sequence[float], limit: int, skip: int = 10) -> Background:
    """Background of a lexical channel: what records get that merely share a word with the query.

    BM25 of a random record is zero, so a random sample says nothing. The lower part of the ranked list does, filled up
    with zeros where fewer than `limit` records share any word.

    Args:
        ranked: raw scores, best first, at most `limit` of them.
        limit: how many were asked for.
        skip: how many at the top may be real answers.
    """
    if not len(ranked):
        return Background(0.0, 1.0)
    tail = np.zeros(max(limit - skip, 1))
    rest = np.asarray(ranked[skip:limit], dtype=np.float64)
    tail[: len(rest)] = rest
    return Background(float(tail.mean()), float(tail.std()) + 0.1 * float(ranked[0]) + 1e-6)


def soft_threshold(z: ArrayLike, knee: float = 1.0, threshold: float = EVIDENCE_THRESHOLD) -> Scores:
    """How much calibrated scores say for a record: about 0 below the threshold, then one for one. NaN stays NaN.

    It is `knee * log(1 + exp((z - threshold) / knee))`: at the threshold 0.7 of the knee, one knee further 1.3 of it.
    """
    above = (np.asarray(z, dtype=np.float64) - threshold) / knee
    said: Scores = knee * (np.maximum(above, 0.0) + np.log1p(np.exp(-np.abs(above))))  # exp cannot overflow
    return said


def fuse_evidence(results: Sequence[ChannelResult]) -> Scores:
    """(n_candidates,) weighted sums of evidence over the channels that have a row for the candidate."""
    return _sums([r.weight * r.background.evidence(r.raw) for r in results])


def fuse_rrf(results: Sequence[ChannelResult]) -> Scores:
    """(n_candidates,) weighted reciprocal rank fusion over the ranks that the channels returned by themselves."""
    return _sums([np.where(r.ranks > 0, r.weight / (RRF_K + r.ranks), 0.0) for r in results])


def fuse_weighted(results: Sequence[ChannelResult]) -> Scores:
    """(n_candidates,) weighted sums of raw scores, each channel stretched to [0, 1] over its rows; no row gives 0."""
    return _sums([r.weight * _stretched(r.raw) for r in results])


def _stretched(raw: Scores) -> Scores:
    low, high = np.fmin.reduce(raw, initial=np.inf), np.fmax.reduce(raw, initial=-np.inf)
    return (raw - low) / (high - low) if high > low else np.where(np.isnan(raw), np.nan, 1.0)


def _sums(parts: Sequence[Scores]) -> Scores:
    """Over the channels; a candidate gets nothing from one that has no score for it."""
    total: Scores = np.nansum(parts, axis=0) if parts else np.zeros(0)
    return total


PICTURE_NARROWED = 0.3
"""How much words beside a picture count: the picture leads, so what they alone would find cannot overtake it."""
QUESTION_RECALLED = 1.0
"""How much a question with those it leans on counts beside its own words; see
`docs/decisions/037-follow-ups-by-weight.md`."""


def narrowed(fused: Scores, narrowing: Scores, *, by_picture: bool) -> Scores:
    """(n_candidates,) the scores of what leads, and those of what narrows it, weighed.

    Beside a picture, what narrows is worth at most a third of the best that the picture found: words choose between
    pictures that are alike, they do not lead elsewhere.
    """
    if not len(fused):
        return fused
    if not by_picture:
        return fused + QUESTION_RECALLED * narrowing
    most = max(float(fused.max()) / 3, 1e-6)
    return fused + most * -np.expm1(-PICTURE_NARROWED * np.maximum(narrowing, 0.0) / most)


FUSIONS = {"calibrated": fuse_evidence, "rrf": fuse_rrf, "weighted": fuse_weighted}


def explain(index: int, results: Sequence[ChannelResult]) -> dict[Channel, ChannelScore]:
    """How each channel that was searched saw one candidate."""
    return {r.channel: _view(index, r) for r in results}


def _view(index: int, result: ChannelResult) -> ChannelScore:
    raw, rank = float(result.raw[index]), int(result.ranks[index])
    if math.isnan(raw):
        return ChannelScore(raw=None, calibrated=0.0, rank=None)
    return ChannelScore(raw=raw, calibrated=result.background.calibrate(raw), rank=rank or None)


def blend(fused: Sequence[float], rerank: Sequence[float | None], share: float) -> list[float]:
    """Final scores of candidates from their fused and their rerank scores, both in deviations over the candidates.

    Args:
        fused: one score a candidate.
        rerank: one score a candidate, None where the reranker did not get to it: there the fused score stands in.
        share: of the reranker, in [0, 1]; 1 orders by the reranker alone.
    """
    fused_z = _standardised(np.asarray(fused, dtype=np.float64))
    seen = np.array([score is not None for score in rerank], dtype=bool)
    rerank_z = fused_z.copy()
    if seen.any():
        values = _standardised(np.array([score for score in rerank if score is not None], dtype=np.float64))
        rerank_z[seen] = values * (fused_z[seen].std() or 1.0) + fused_z[seen].mean()
    mixed: list[float] = ((1 - share) * fused_z + share * rerank_z).tolist()
    return mixed


def _standardised(values: Scores) -> Scores:
    z: Scores = (values - values.mean()) / (values.std() or 1.0)
    return z
