"""Notes as a caller may read them: who sees only some knowledge bases learns nothing of the machine behind them."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from dataclasses import replace

from rag.serve.guard.access import Access
from rag.trace import Note
from rag.types import AnswerEvent, Event, SearchResult, SourcesEvent

_OF_THE_MACHINE = re.compile(
    r"\bRAG_[A-Z]|\w+://|\blocalhost\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\[[0-9a-f]*:[0-9a-f:]+\]"
    r"|\b(?:rag|ingest|ollama) \w+|'rag |(?<![\w.])[~/][\w.-]+/"
)
_CLAUSE = re.compile(r"(?<=[.;])\s+|\s*(?=\()|(?<=\))\s*")
_INSTEAD = "something on the server is not as it should be; whoever runs it finds the reason in its log"


def told(notes: Iterable[Note], access: Access) -> tuple[Note, ...]:
    """The notes; for a limited caller without clauses that name addresses, settings, commands or paths."""
    return tuple(map(_shortened, notes)) if access.is_limited else tuple(notes)


def told_result(found: SearchResult, access: Access) -> SearchResult:
    """The result with the notes that the caller may read."""
    return replace(found, notes=told(found.notes, access))


async def told_events(events: AsyncGenerator[Event, None], access: Access) -> AsyncGenerator[Event, None]:
    """The events with the notes that the caller may read. Closing it closes them."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, SourcesEvent):
                yield replace(event, notes=told(event.notes, access))
            elif isinstance(event, AnswerEvent):
                yield replace(event, answer=replace(event.answer, notes=told(event.answer.notes, access)))
            else:
                yield event


def _shortened(note: Note) -> Note:
    if not _OF_THE_MACHINE.search(note.text):
        return note
    kept = [clause for clause in _CLAUSE.split(note.text) if clause and not _OF_THE_MACHINE.search(clause)]
    return Note(note.code, " ".join(kept).rstrip(" ;:,") or _INSTEAD)
