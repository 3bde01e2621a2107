"""A finer look at a few candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from rag.trace import Trace


class Reranker(Protocol):
    """A finer look at a few candidates."""

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


@runtime_checkable
class ProseReranker(Reranker, Protocol):
    """A reranker that is no judge of pictures, not even by the words in them: they keep the place that fusion gave."""

    @property
    def prose_only(self) -> Literal[True]: ...


@runtime_checkable
class SightedReranker(Reranker, Protocol):
    """A reranker that judges pictures by what is to be seen in them."""

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
        """As `score`, and a passage may be a picture, with or without words.

        Args:
            query: words; may be empty where `image` is given.
            passages: candidates in fused order.
            image: the question's encoded picture.
            pictures: encoded picture of each candidate, or None. One that cannot be decoded is judged by its words.
            deadline_s: as in `score`.
            trace: as in `score`.
        """
