"""Many candidates, little time, little memory: scored in packs; what could not be scored is counted by its reason."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence, Sized
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TypeVar

from rag.nn.device import Placement, free_memory, is_out_of_memory
from rag.trace import Note

T = TypeVar("T", bound=Sized)
R = TypeVar("R")


@dataclass(slots=True)
class Outcome:
    """Scores, None where there is none, and for how many of those the reason was which.

    Attributes:
        scores: one a candidate.
        n_late: the time was spent, or would have been.
        n_too_large: memory ran out for it alone.
        n_not_finite: its score was NaN or infinite.
    """

    scores: list[float | None]
    n_late: int = 0
    n_too_large: int = 0
    n_not_finite: int = 0

    def notes(self, reranker: str, placement: Placement) -> Iterator[Note]:
        """One a reason."""
        n = len(self.scores)
        if self.n_late:
            text = f"the reranker had no time for {self.n_late} of {n} candidates (RAG_RERANK_BUDGET_S)"
            yield Note("reranker_late", text)
        if self.n_too_large:
            what = f"{self.n_too_large} of {n} candidates"
            yield Note("reranker_memory", f"{what} did not fit into the memory of {placement} and were not reranked")
        if self.n_not_finite:
            yield Note(
                "reranker_no_number",
                f"the reranker '{reranker}' gave no number for {self.n_not_finite} of {n} candidates on {placement}; "
                "where that is float16, set RAG_DTYPE=float32",
            )


class Pace:
    """How many more tokens fit into the time, by how long the last ones took.

    Args:
        deadline_s: seconds from now; None: as long as it takes.
    """

    def __init__(self, deadline_s: float | None) -> None:
        self._end_s = math.inf if deadline_s is None else time.monotonic() + deadline_s
        self._s_a_token = 0.0

    def tokens_left(self) -> float:
        """Before anything was measured: any number, as long as there is time at all."""
        left_s = self._end_s - time.monotonic()
        if left_s <= 0:
            return 0.0
        return left_s / self._s_a_token if self._s_a_token else math.inf

    @contextmanager
    def measure(self, n_tokens: int) -> Iterator[None]:
        start = time.monotonic()
        yield
        self._s_a_token = (time.monotonic() - start) / max(1, n_tokens)


def score_in_packs(
    items: Sequence[T],
    run: Callable[[Sequence[T]], Sequence[float]],
    placement: Placement,
    pace: Pace,
    *,
    most_tokens: int,
) -> Outcome:
    """Scores in the order given, so that the best candidates are through when the time is spent.

    A pack that does not fit into memory is halved. One that would not be done in time is made smaller.

    Args:
        items: the candidates, best first; the length of one is its number of tokens.
        run: a pack to one score an item; may be called again with a part of the same items.
        placement: where it runs.
        pace: the time that is left.
        most_tokens: of a pack with more than one item.
    """
    outcome = Outcome([None] * len(items))
    first = 0
    while first < len(items):
        left = pace.tokens_left()
        if len(items[first]) > left:
            outcome.n_late = len(items) - first
            break
        pack = _begin(items[first:], min(most_tokens, left))
        n_tokens = sum(map(len, pack))
        with pace.measure(n_tokens):
            scores = unless_out_of_memory(partial(run, pack), placement)
        if scores is None and len(pack) > 1:
            most_tokens = n_tokens // 2
            continue
        if scores is None:
            outcome.n_too_large += 1
        else:
            outcome.scores[first : first + len(pack)] = [score if math.isfinite(score) else None for score in scores]
            outcome.n_not_finite += sum(not math.isfinite(score) for score in scores)
        first += len(pack)
    return outcome


def scores_by_length(items: Sequence[T], run: Callable[[Sequence[T]], Sequence[float]]) -> list[float]:
    """Of a pack, in batches of about the same length: a token of padding costs as much as one of text."""
    order = sorted(range(len(items)), key=lambda i: -len(items[i]))
    scores: dict[int, float] = {}
    for _, group in groupby(order, key=lambda i: len(items[i]).bit_length()):
        alike = list(group)
        scores.update(zip(alike, run([items[i] for i in alike]), strict=True))
    return [scores[i] for i in range(len(items))]


def unless_out_of_memory(run: Callable[[], R], placement: Placement) -> R | None:
    """What `run` gives; None where there was not enough memory for it."""
    try:
        return run()
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise
    free_memory(placement)  # here, where the error has let go of the tensors of the frames it came through
    return None


def _begin(items: Sequence[T], most_tokens: float) -> Sequence[T]:
    """The first item, and those after it that fit beside it."""
    n_tokens = 0
    for i, item in enumerate(items):
        n_tokens += len(item)
        if i and n_tokens > most_tokens:
            return items[:i]
    return items
