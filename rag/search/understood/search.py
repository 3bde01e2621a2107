"""A search that hears when, where and by whom: it asks for what is certain, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from rag.columns.order import Order, parse_sort
from rag.filters.parse import children, filter_of, resolve
from rag.filters.tree import And, Filter, Holds, Not, Or
from rag.search.understood.files import look_up, newest_first
from rag.search.understood.reading import Reading
from rag.search.understood.recognise import recognise
from rag.text.quoting import quoted_line
from rag.trace import Note, Trace
from rag.types import Query, SearchResult
from rag.understood import Understood, told

if TYPE_CHECKING:
    from rag.ports import StoredKb
    from rag.search.retriever import Retriever
    from rag.search.understood.vocabulary import Vocabulary
    from rag.types import FieldType

_CLOSE_SHARE = 0.5
"""Of the best score: `the newest photo with a dog` is the newest of those, not of all that was found."""


class UnderstandingSearch:
    """Searches one knowledge base for what a question means; thread-safe.

    Args:
        retriever: finds what is close to words and pictures.
        kb: its records.
        fields: its declared columns.
        vocabulary: gives what it holds that questions can name.
        assets_uri: where its pictures are.
        by_default: whether questions are understood that do not say so themselves.
        today: what `last summer` counts from.
    """

    def __init__(
        self,
        retriever: Retriever,
        kb: StoredKb,
        fields: Mapping[str, FieldType],
        vocabulary: Callable[[], Vocabulary],
        *,
        assets_uri: str = "",
        by_default: bool = True,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._retriever, self._kb, self._fields = retriever, kb, fields
        self._vocabulary, self._assets_uri, self._by_default, self._today = vocabulary, assets_uri, by_default, today

    def close(self) -> None:
        self._retriever.close()

    def search(self, query: Query) -> SearchResult:
        """As `Retriever.search`; with what was understood, and what the columns answer exactly."""
        understands = self._by_default if query.understand is None else query.understand
        if not understands or not query.text.strip():
            return self._retriever.search(query)
        trace = Trace()
        with trace.timed("understand"):
            given, vocabulary = filter_of(query.where), self._vocabulary()
            without = frozenset(_columns(given, self._fields)) if given else frozenset()
            reading = recognise(query.text, vocabulary, self._today(), without=without, as_words=query.as_words)
        if reading.says_nothing:
            return self._retriever.search(query)
        found = self._answered(query, reading, vocabulary, trace)
        understood = reading.understood
        if found is None:
            text = f"no record is {quoted_line(told(understood))}: everything was searched"
            trace.note("understood_nothing_there", text)
            found, understood = self._retriever.search(query), ()
        notes, timings_s = (*trace.notes, *found.notes), {**trace.timings_s, **found.timings_s}
        return replace(found, notes=notes, timings_s=timings_s, understood=understood)

    def _answered(self, query: Query, reading: Reading, vocabulary: Vocabulary, trace: Trace) -> SearchResult | None:
        """None where no record is as the question says."""
        where = _both(query.where, reading.where)
        if reading.wanted is not None and query.image is None:
            order = Order(parse_sort(query.sort), self._fields) if query.sort else None
            with trace.timed("search"):
                fact, hits = look_up(self._kb, reading, vocabulary, filter_of(where), query.top_k, order)
            if not hits and not (fact.wanted == "count" and not reading.where):
                return None
            trace.notes += _notes(reading.understood)
            return SearchResult(tuple(replace(hit, assets_uri=self._assets_uri) for hit in hits), fact=fact)
        asked = replace(query, text=reading.rest, where=where, preferred=reading.preferred)
        found = self._retriever.search(asked)
        if not found.hits and reading.where:
            return None
        trace.notes += _notes(reading.understood)
        if reading.newest is None or not found.hits:
            return found
        close = [hit for hit in found.hits if hit.score >= _CLOSE_SHARE * found.hits[0].score]
        ordered = newest_first(close, vocabulary, newest=reading.newest)
        scores = sorted((hit.score for hit in ordered), reverse=True)
        ordered = tuple(replace(hit, score=score) for hit, score in zip(ordered, scores, strict=True))
        return replace(found, hits=(*ordered[: reading.n or None], *found.hits[len(close) :]))


def _both(given: str, understood: str) -> str:
    """Both have to hold; `given` was read by itself before, so that it cannot reach beyond its parentheses."""
    return f"({given}) and ({understood})" if given.strip() and understood else given if given.strip() else understood


def _notes(understood: tuple[Understood, ...]) -> Iterator[Note]:
    certain = told(understood)
    likely = " · ".join(each.label for each in understood if each.certainty == "likely")
    parts = [f"only {certain}" if certain else "", f"preferred: {likely}" if likely else ""]
    if any(parts):
        yield Note("understood", f"understood: {quoted_line('; '.join(filter(None, parts)))}")


def _columns(where: Filter, fields: Mapping[str, FieldType]) -> Iterator[str]:
    """The names that a filter compares."""
    if isinstance(where, And | Or | Not):
        for child in children(where):
            yield from _columns(child, fields)
    elif not isinstance(where, Holds):
        yield resolve(where.path, fields).path[0]
