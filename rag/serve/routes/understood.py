"""What was understood of a question, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import BaseModel, Field

from rag.understood import Certainty, Fact, Understood, Wanted

Understand = Annotated[
    bool | None,
    Field(
        description="whether dates, places and people in the words may become filters; null: as the server's settings"
    ),
]
AsWords = Annotated[
    list[Annotated[str, Field(max_length=500)]],
    Field(max_length=50, description="parts of the question that may not: 'said' of what was understood before"),
]


class UnderstoodOut(BaseModel):
    """What the question says of the files it wants: `certain` is a filter, `likely` a preference between close sources.
    `said` are its words, `where` the same as a filter, `label` for people."""

    column: str
    operator: str
    value: Any
    certainty: Certainty
    said: str
    where: str
    label: str


class FactOut(BaseModel):
    """What the columns of all files say exactly: `total` files, or different values of `column`. `values` are each with
    the files that have it, and the index of a source that does."""

    wanted: Wanted
    total: int
    told: str
    newest: bool | None
    n: int
    column: str
    values: list[tuple[str, int, int]]


def understood_out(understood: Iterable[Understood]) -> list[UnderstoodOut]:
    return [UnderstoodOut(**asdict(each)) for each in understood]


def fact_out(fact: Fact) -> FactOut:
    return FactOut(**asdict(fact))
