"""Where a dump's answers stand: ingested and searched as the product does it, and summed up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from statistics import fmean, stdev
from typing import TypeAlias

from benchmarks.mixed_questions import Question
from ingest import ingest_paths
from rag import Hit, KnowledgeBase, Settings

TOP_K = 50
CUTS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Seen:
    """One picture as the channels saw it: deviations above the background, and the sum of evidence."""

    name: str
    deviations: dict[str, float]
    fused: float


@dataclass(frozen=True, slots=True)
class Found:
    """Where the best answer to a question stood, from 1; None where it was not among the first 50.

    Attributes:
        fused: in the order of the fusion.
        reranked: in the order that is shown.
        first: what the fusion put first.
        right: the best answer, if it was found.
    """

    fused: int | None
    reranked: int | None
    first: Seen | None
    right: Seen | None


def search_dump(folder: Path, questions: Sequence[Question], name: str, settings: Settings, notes: Path) -> list[Found]:
    """Ingests a folder into a knowledge base of that name and asks everything.

    Args:
        notes: what OCR read is kept there, so that two knowledge bases read a picture once.
    """
    with KnowledgeBase.open(name, create=True, settings=settings) as kb:
        own = Path(kb.assets_uri) / "notes"
        own.parent.mkdir(parents=True, exist_ok=True)
        notes.mkdir(parents=True, exist_ok=True)
        own.symlink_to(notes.resolve(), target_is_directory=True)
        report = ingest_paths(kb, [folder])
        if report.n_failed:
            raise SystemExit(f"{report.n_failed} pictures were not ingested; the first: {report.failed[0]}")
        return [_found(kb.search(question.text, top_k=TOP_K).hits, question) for question in questions]


def _found(hits: Sequence[Hit], question: Question) -> Found:
    fused = sorted(hits, key=lambda hit: -hit.fused)
    place = _place(fused, question)
    return Found(
        fused=place,
        reranked=_place(hits, question),
        first=_seen(fused[0]) if fused else None,
        right=_seen(fused[place - 1]) if place else None,
    )


def _place(hits: Sequence[Hit], question: Question) -> int | None:
    """A picture that another one stands for, as its near copy, is not found: nobody would look there."""
    return next((i for i, hit in enumerate(hits, start=1) if _name(hit) in question.answers), None)


def _seen(hit: Hit) -> Seen:
    views = {channel: round(view.calibrated, 2) for channel, view in hit.channels.items() if view.raw is not None}
    return Seen(_name(hit), views, round(hit.fused, 3))


def _name(hit: Hit) -> str:
    return PurePosixPath(hit.record.source).name


@dataclass(frozen=True, slots=True)
class Gain:
    """A mean difference, question by question, and what lies 95 % around it."""

    mean: float
    margin: float

    @property
    def verdict(self) -> str:
        return "no difference shown" if abs(self.mean) <= self.margin else "above" if self.mean > 0 else "below"

    def __str__(self) -> str:
        return f"{self.mean:+.3f} ± {self.margin:.3f} {self.verdict}"


@dataclass(frozen=True, slots=True)
class Row:
    """A group of questions, asked without the image channel and with it.

    Attributes:
        group: what it is.
        n: questions; several wordings of one, averaged, count as one.
        without, with_: R@1, R@5, R@10, MRR.
        at_1, reciprocal: what the channel adds to R@1 and to the MRR.
    """

    group: str
    n: int
    without: tuple[float, ...]
    with_: tuple[float, ...]
    at_1: Gain
    reciprocal: Gain

    def line(self) -> str:
        """As in the table."""
        before, after = (" ".join(f"{value:.3f}" for value in values) for values in (self.without, self.with_))
        return f"{self.group:34} {self.n:5}  {before} | {after}  {self.at_1!s:36} {self.reciprocal}"


Ranks: TypeAlias = tuple[int | None, int | None]
"""Of one answer, without the image channel and with it."""

_COLUMNS = "  R@1   R@5  R@10   MRR"
HEAD = (
    f"{'':41}{'without the tower':23} | with the tower\n"
    f"{'':34} {'n':>5}  {_COLUMNS} | {_COLUMNS}  {'gain in R@1':36} gain in MRR"
)


def rows(
    questions: Sequence[Question], without: Sequence[Found], with_: Sequence[Found], rank: Callable[[Found], int | None]
) -> list[Row]:
    """One a group, in the order in which they first come, and the total of all questions where there are several."""
    asked: dict[tuple[str, str | int], list[Ranks]] = {}
    for i, (question, before, after) in enumerate(zip(questions, without, with_, strict=True)):
        asked.setdefault((question.group, question.subject or i), []).append((rank(before), rank(after)))
    groups = list(dict.fromkeys(question.group for question in questions))
    table = [row(group, [ranks for (own, _), ranks in asked.items() if own == group]) for group in groups]
    return [*table, row("total", list(asked.values()))] if len(groups) > 1 else table


def row(group: str, asked: Sequence[Sequence[Ranks]]) -> Row:
    """Args: asked: questions, each as the ranks that its wordings gave."""
    before, after = ([measures([ranks[i] for ranks in wordings]) for wordings in asked] for i in (0, 1))
    without, with_ = (tuple(map(fmean, zip(*measured, strict=True))) for measured in (before, after))
    gains = [[b - a for a, b in zip(one, other, strict=True)] for one, other in zip(before, after, strict=True)]
    return Row(group, len(asked), without, with_, _gain([g[0] for g in gains]), _gain([g[-1] for g in gains]))


def _gain(differences: Sequence[float]) -> Gain:
    """One difference alone shows nothing; it lies within -1 and 1."""
    n = len(differences)
    return Gain(fmean(differences), 1.96 * stdev(differences) / math.sqrt(n) if n > 1 else 1.0)


def measures(ranks: Sequence[int | None]) -> tuple[float, ...]:
    """R@1, R@5, R@10 and the mean reciprocal rank."""
    recalls = [fmean(rank is not None and rank <= cut for rank in ranks) for cut in CUTS]
    return *recalls, fmean(1 / rank if rank else 0.0 for rank in ranks)
