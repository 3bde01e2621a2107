"""A model's reply on its way to the reader: cut where it goes wrong, and held to the sources."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from rag.answers.conversation import Exchange
from rag.answers.held.grounding import Closeness, Sources, Verdict
from rag.answers.held.guard import ReplyGuard, stop_words, without_loop
from rag.answers.held.statements import StatementStream
from rag.answers.request import Request, checkable
from rag.trace import Note
from rag.types import Answer, Hit, Statement

UNSUPPORTED = "The model's answer rests on nothing in the sources. In their own words:"
THE_MODEL = "The model wrote: "


class Reply:
    """Takes a reply piece by piece.

    Args:
        request: what the model was asked.
        hits: what was found for the question; a statement may rest on any of it.
        numbers: of the hits.
        past: the conversation so far; its sources count too.
        question: what stands in it needs no source.
        closeness: late interaction; None: words alone.
        rows: a picture to the rows of its chart.
    """

    def __init__(
        self,
        request: Request,
        hits: Sequence[Hit],
        numbers: Sequence[int],
        past: Sequence[Exchange],
        question: str,
        closeness: Closeness | None = None,
        rows: Callable[[Hit], Sequence[str]] | None = None,
    ) -> None:
        given = {source.number for source in request.given}
        held = {number: hit for exchange in past for number, hit in exchange.shown if number in given}
        self._hits = {**held, **dict(zip(numbers, hits, strict=True))}
        self._question, self._closeness, self._rows = question, closeness, rows
        self._sources: Sources | None = None
        self._guard = ReplyGuard(request.boundary)
        self.stop = tuple(stop_words(request.boundary))
        self._stream = StatementStream(self._check, frozenset(self._hits))
        self._shift = 0

    @property
    def ended(self) -> str:
        """Why the rest is not wanted; empty while it is."""
        return self._guard.ended

    @property
    def statements(self) -> tuple[Statement, ...]:
        return tuple(
            replace(each, start=each.start + self._shift, end=each.end + self._shift)
            for each in self._stream.statements
        )

    @property
    def rests_on_nothing(self) -> bool:
        """Whether every statement that could be checked stands in no source."""
        supports = [each.support for each in self._stream.statements]
        return "unsupported" in supports and "supported" not in supports and "unchecked" not in supports

    def feed(self, piece: str) -> str:
        """What the reader may see now."""
        if not self._stream.text and not self._guard.text:
            piece = piece.lstrip()
        return self._stream.feed(self._guard.feed(piece))

    def flush(self) -> str:
        rest = self._guard.flush()
        return self._stream.feed(rest) + self._stream.flush()

    def kept(self, text: str) -> str:
        """What stays of the whole answer: of words in circles the first round."""
        return without_loop(text) if self.ended == "loop" else text.rstrip()

    def notes(self) -> list[Note]:
        notes = []
        if self.ended == "loop":
            notes.append(Note("answer_loop", "the model went round in circles and was stopped"))
        n_unsupported = sum(each.support == "unsupported" for each in self._stream.statements)
        if self.rests_on_nothing:
            text = "the model's answer rests on nothing in the sources; what they say themselves stands first"
            notes.append(Note("answer_unsupported", text))
        elif n_unsupported:
            text = f"{n_unsupported} statement{'s are' if n_unsupported > 1 else ' is'} marked: not in the sources"
            notes.append(Note("statement_unsupported", text))
        return notes

    def moved_behind(self, n_chars: int) -> None:
        """The reply now begins so many characters later in the answer's text."""
        self._shift = n_chars

    def _check(self, statement: str) -> Verdict:
        if self._sources is None:
            texts = [
                (number, checkable(hit, self._rows(hit) if self._rows else ())) for number, hit in self._hits.items()
            ]
            self._sources = Sources(texts, self._question, self._closeness)
        return self._sources.check(statement)


def said_late(answer: Answer, said: str) -> str:
    """What of an answer's text was not among its words as they came: quotes that were put before them in the end."""
    before = answer.text.removesuffix(said.strip())
    return before.removesuffix(THE_MODEL).strip() if said.strip() and before != answer.text else ""
