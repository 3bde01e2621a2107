"""What is said to `shorter` or `in German` where no model can put the answer before otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from rag.text.quoting import quoted_line
from rag.trace import Note
from rag.types import Answer, AnswerEvent, Event, SourcesEvent, TokenEvent

_NOTE = "this is about the answer before, and putting that otherwise takes a language model"


def cannot_reword(question: str, notes: tuple[Note, ...] = ()) -> Iterator[Event]:
    """The events of a kind refusal: it says what was understood, and what works without a model."""
    text = (
        f"“{quoted_line(question.strip())[:80]}” is about the answer before. Putting that otherwise takes a language "
        "model, and none answers here: this answer and the one before only quote. Ask a whole question instead, or see "
        "to it that a model runs ('rag doctor' says what is missing)."
    )
    notes = (*notes, Note("needs_model", _NOTE))
    yield SourcesEvent((), notes)
    yield TokenEvent(text)
    yield AnswerEvent(Answer(text, (), (), notes))
