"""An answer that is being written, and what it says where nothing was found."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answers.citations import citation_notes, find_citations
from rag.answers.conversation import Exchange
from rag.answers.held.reply import Reply
from rag.extractive.alike import guessed
from rag.extractive.quotable import quotable
from rag.ports import Likely
from rag.text.labels import citation_label
from rag.trace import Trace
from rag.types import Answer, AnswerEvent, Ending, Hit, TokenCount, Turn
from rag.understood import Understood

_N_NEAREST = 3
_NEAREST_CHARS, _WISH_CHARS = 160, 120
_MOST_NUMBER = 1000
"""No conversation has so many sources: what is larger stands in brackets for another reason, such as a year."""


@dataclass(slots=True)
class Draft:
    """An answer that is being written."""

    hits: tuple[Hit, ...]
    numbers: tuple[int, ...]
    trace: Trace
    started_s: float = field(default_factory=time.perf_counter)
    given: tuple[int, ...] = ()
    text: str = ""
    quote: str = ""
    model: str | None = None
    ending: Ending = "complete"
    reply: Reply | None = None
    past: Sequence[Exchange] = ()
    tokens: TokenCount | None = None
    spent: TokenCount | None = None
    understood: tuple[Understood, ...] = ()
    looks_like: tuple[Likely, ...] = ()

    def lap(self, stage: str) -> None:
        self.trace.timings_s.setdefault(stage, time.perf_counter() - self.started_s)

    def event(self, wishes: str = "") -> AnswerEvent:
        """The whole answer; `wishes` for its form are said not to be followed where no model wrote it."""
        if wishes and self.model is None:
            self.trace.note("wishes_not_followed", f"only a model could follow “{quotable(wishes, _WISH_CHARS)}”")
        self._show_what_is_cited()
        citations = find_citations(self.text, self.numbers)
        if self.model is not None:
            self.trace.notes += citation_notes(self.text, citations, self.numbers)
        self.lap("answer")
        notes = tuple(dict.fromkeys(self.trace.notes))
        statements = self.reply.statements if self.reply and self.model else ()
        return AnswerEvent(
            Answer(
                self.text,
                citations,
                self.hits,
                notes,
                self.trace.timings_s,
                self.model,
                self.ending,
                numbers=self.numbers,
                given=self.given,
                statements=statements,
                tokens=self._all_tokens(),
                understood=self.understood,
                earlier=tuple(pair for exchange in self.past for pair in exchange.shown),
            )
        )

    def _all_tokens(self) -> TokenCount | None:
        """Those of the answer and those spent before it; None where the model's own are not known."""
        if self.model is None or self.tokens is None:
            return self.spent if self.model is None else None
        return self.tokens + self.spent if self.spent else self.tokens

    def _show_what_is_cited(self) -> None:
        """Sources of earlier turns that the answer names are among its sources too."""
        held = {number: hit for exchange in self.past for number, hit in exchange.shown}
        for citation in find_citations(self.text, (*self.numbers, *held)):
            if citation.number not in self.numbers and citation.number in held:
                self.hits, self.numbers = (*self.hits, held[citation.number]), (*self.numbers, citation.number)


def highest_number(history: Sequence[Turn]) -> int:
    """The highest number that an earlier answer names: new sources come after it, whatever is remembered."""
    cited = [citation.number for turn in history for citation in find_citations(turn.answer, ())]
    return max((number for number in cited if number < _MOST_NUMBER), default=0)


def nothing_found(
    hits: Sequence[Hit], numbers: Sequence[int], missing: Sequence[str] = (), things: Sequence[Likely] = ()
) -> str:
    """What an answer says instead. Where something was asked for by its exact name, its neighbours are not offered.

    What a model took the question's picture for, `things`, is said in any case.
    """
    if things:
        return f"{guessed(things)}\n{nothing_found(hits, numbers, missing)}"
    if missing:
        names = ", ".join(f"“{quotable(name)}”" for name in missing)
        return f"I found nothing in this knowledge base about {names}: no record has it."
    if not hits:
        return "I found nothing in this knowledge base that answers the question."
    nearest = [
        f"- {quotable(citation_label(hit.record))}: {quotable(hit.record.text, _NEAREST_CHARS) or '(no words)'} [{n}]"
        for n, hit in list(zip(numbers, hits, strict=True))[:_N_NEAREST]
    ]
    return "\n".join(
        ["I found nothing in this knowledge base that answers the question. The nearest it has:", *nearest]
    )
