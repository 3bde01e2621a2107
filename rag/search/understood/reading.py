"""What was read in a question, as values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.search.understood import wheres
from rag.search.understood.vocabulary import PEOPLE, PLACES
from rag.understood import Understood, Wanted


@dataclass(frozen=True, slots=True)
class Match:
    """Something that is understood, and the tokens that say it.

    Attributes:
        first, last: of its tokens.
        understood: what they mean.
        spare: further tokens that go with it, such as a verb.
    """

    first: int
    last: int
    understood: Understood
    spare: tuple[int, ...] = ()

    @property
    def is_certain(self) -> bool:
        return self.understood.certainty == "certain"

    def tokens(self) -> Iterator[int]:
        yield from range(self.first, self.last + 1)
        yield from self.spare


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question means.

    Attributes:
        understood: what it says of the files, in its order.
        rest: what is left to search for; the whole question where nothing of it became a filter.
        wanted: what is wanted of the files where nothing is left to search for; None: a search.
        newest: the order of the files: the newest first, the oldest first; None: none was asked for.
        n: how many files are wanted; 0 where that was not said.
        column: whose values are wanted.
        noun: what the files are called by what they are, such as `report`.
    """

    understood: tuple[Understood, ...] = ()
    rest: str = ""
    wanted: Wanted | None = None
    newest: bool | None = None
    n: int = 0
    column: str = ""
    noun: str = ""

    @property
    def says_nothing(self) -> bool:
        """Of files: it is searched as it is."""
        return not self.understood and self.wanted is None and self.newest is None

    @property
    def where(self) -> str:
        """What is certain, as a filter: of several places or people one is enough."""
        by_column: dict[str, list[str]] = {}
        for each in self.understood:
            if each.certainty == "certain":
                by_column.setdefault(each.column, []).append(each.where)
        return " and ".join(
            wheres.any_of(parts) if column in (*PLACES, *PEOPLE) else " and ".join(parts)
            for column, parts in by_column.items()
        )

    @property
    def preferred(self) -> tuple[str, ...]:
        """What is likely, as filters."""
        return tuple(each.where for each in self.understood if each.certainty == "likely")


def equals(values: Sequence[Any]) -> tuple[str, Any]:
    """Operator and value of `Understood`."""
    return ("=", values[0]) if len(values) == 1 else ("in", list(values))
