"""Where a dump's answers stand: ingested and searched as the product does it, and summed up."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from statistics import fmean, stdev

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
class Row:
    """A group of questions, asked without the image channel and with it.

    Attributes:
        group: what it is.
        n: questions.
        without, with_: R@1, R@5, R@10, MRR.
        gain: in MRR, and what lies 95 % around it, question by question.
    """

    group: str
    n: int
    without: tuple[float, ...]
    with_: tuple[float, ...]
    gain: float
    margin: float

    @property
    def verdict(self) -> str:
        return "same" if abs(self.gain) <= self.margin else "above" if self.gain > 0 else "below"

    def line(self) -> str:
        before, after = (" ".join(f"{value:.3f}" for value in values) for values in (self.without, self.with_))
        return f"{self.group:34} {self.n:5}  {before} | {after}  {self.gain:+.3f} ± {self.margin:.3f} {self.verdict}"


_COLUMNS = "  R@1   R@5  R@10   MRR"
HEAD = f"{'':41}{'without the tower':23} | with the tower\n{'':34} {'n':>5}  {_COLUMNS} | {_COLUMNS}  gain in MRR"


def rows(
    questions: Sequence[Question], without: Sequence[Found], with_: Sequence[Found], rank: Callable[[Found], int | None]
) -> list[Row]:
    """One a group, in the order in which they first come, and the total of all questions where there are several."""
    groups = list(dict.fromkeys(question.group for question in questions))
    pairs = [(q.group, rank(a), rank(b)) for q, a, b in zip(questions, without, with_, strict=True)]
    table = [row(group, [(a, b) for own, a, b in pairs if own == group]) for group in groups]
    return [*table, row("total", [(a, b) for _, a, b in pairs])] if len(groups) > 1 else table


def row(group: str, ranks: Sequence[tuple[int | None, int | None]]) -> Row:
    """Args: ranks: without and with, a pair a question."""
    gains = [_reciprocal(after) - _reciprocal(before) for before, after in ranks]
    margin = 1.96 * stdev(gains) / math.sqrt(len(gains)) if len(gains) > 1 else 0.0
    before, after = (measures([pair[i] for pair in ranks]) for i in (0, 1))
    return Row(group, len(ranks), before, after, fmean(gains), margin)


def measures(ranks: Sequence[int | None]) -> tuple[float, ...]:
    """R@1, R@5, R@10 and the mean reciprocal rank."""
    recalls = [fmean(rank is not None and rank <= cut for rank in ranks) for cut in CUTS]
    return *recalls, fmean(map(_reciprocal, ranks))


def _reciprocal(rank: int | None) -> float:
    return 1 / rank if rank else 0.0
