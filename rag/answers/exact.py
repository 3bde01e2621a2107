"""Answers from the columns of all files: how many there are, which are the newest, which values there are. No model."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from typing import Any

from rag.answers.draft import Draft, highest_number
from rag.answers.request import numbered
from rag.extractive.quotable import quotable
from rag.question import Question
from rag.search.understood.vocabulary import DATES
from rag.text.labels import citation_label
from rag.trace import Trace
from rag.types import Event, Hit, SearchResult, SourcesEvent, TokenEvent
from rag.understood import Fact

_MOST_CHARS, _DAY_CHARS = 120, 10
_FACT_NOTE = "counted in the columns of all files: exact, and no model wrote it"


async def stream_fact(asked: Question, found: SearchResult, fact: Fact, trace: Trace) -> AsyncGenerator[Event, None]:
    """One SourcesEvent, one TokenEvent, one AnswerEvent."""
    numbers = numbered(found.hits, (), highest_number(asked.history))
    draft = Draft(found.hits, numbers, trace, understood=found.understood)
    yield SourcesEvent(draft.hits, tuple(trace.notes), draft.numbers, draft.understood)
    draft.text = fact_text(fact, draft.hits, draft.numbers)
    trace.note("from_columns", _FACT_NOTE)
    yield TokenEvent(draft.text)
    yield draft.event(asked.wishes)


def fact_text(fact: Fact, hits: Sequence[Hit], numbers: Sequence[int]) -> str:
    """What the columns say, a line a file or value, each with its marker `[n]`."""
    return "\n".join([f"{headline(fact, len(hits))}", *_lines(fact, hits, numbers)])


def headline(fact: Fact, n_shown: int) -> str:
    """`2 files: photos · taken in 2019`, without what stands behind it."""
    told = f" ({quotable(fact.told, _MOST_CHARS)})" if fact.told else ""
    if fact.column:
        values = f"{fact.total} different value{'' if fact.total == 1 else 's'}"
        return f"{quotable(fact.column, _MOST_CHARS)}: {values}{told}"
    files = f"{fact.total} file{'' if fact.total == 1 else 's'}{told}"
    order = {True: "the newest first", False: "the oldest first", None: "the newest first"}[fact.newest]
    if fact.wanted == "count" or fact.total < 2:
        return files
    return f"{files}, {order}" if n_shown == fact.total else f"{files}; {n_shown} of them, {order}"


def _lines(fact: Fact, hits: Sequence[Hit], numbers: Sequence[int]) -> Iterator[str]:
    if fact.column:
        for value, n, at in fact.values:
            yield f"- {quotable(value, _MOST_CHARS)}: {n} file{'' if n == 1 else 's'} [{numbers[at]}]"
        return
    for hit, number in zip(hits, numbers, strict=True):
        yield f"- {' · '.join(_about(hit))} [{number}]"


def _about(hit: Hit) -> Iterator[str]:
    """Where a file is, when it was made, and where or by whom."""
    yield quotable(citation_label(hit.record), _MOST_CHARS)
    given: Any = hit.record.metadata.get("columns")
    columns = given if isinstance(given, Mapping) else {}
    dates = (columns[name] for name in DATES if isinstance(columns.get(name), str))
    said = [next(dates, "")[:_DAY_CHARS], columns.get("place"), columns.get("author")]
    yield from (quotable(str(each), _MOST_CHARS) for each in said if each)
