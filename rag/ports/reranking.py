"""A finer look at a few candidates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.trace import Trace


@dataclass(frozen=True, slots=True)
class RerankerAbilities:
    """What a reranker can judge.

    Attributes:
        language: the only one it was trained on, for people: "English"; "" where it knows several.
        prose_only: it is no judge of pictures, not even by the words in them: they keep the place that fusion gave.
        sighted: judges pictures by what is to be seen in them; None where it cannot.
    """

    language: str = ""
    prose_only: bool = False
    sighted: SightedReranker | None = None


class Reranker(Protocol):
    """A finer look at a few candidates."""

    @property
    def abilities(self) -> RerankerAbilities: ...

    @property
    def name(self) -> str: ...

    @property
    def share(self) -> float:
        """Of the reranker in the final order, in [0, 1]: 1 for one that is to be believed alone."""

    def score(
        self,
        query: str,
        passages: Sequence[str],
        *,
        deadline_s: float | None = None,
        trace: Trace | None = None,
    ) -> list[float | None]:
        """One score a passage, higher is better.

        Args:
            query: words.
            passages: candidates in fused order.
            deadline_s: seconds from the call; what is not scored by then is None (never an error).
            trace: gets a note of what was cut, and of what was not scored and why.
        """


class SightedReranker(Protocol):
    """Judges pictures by what is to be seen in them."""

    def score_with_pictures(
        self,
        query: str,
        passages: Sequence[str],
        *,
        image: bytes | None = None,
        pictures: Sequence[bytes | None],
        deadline_s: float | None = None,
        trace: Trace | None = None,
    ) -> list[float | None]:
        """As `Reranker.score`, and a passage may be a picture, with or without words.

        Args:
            query: words; may be empty where `image` is given.
            passages: candidates in fused order.
            image: the question's encoded picture.
            pictures: encoded picture of each candidate, or None. One that cannot be decoded is judged by its words.
            deadline_s: as in `score`.
            trace: as in `score`.
        """
