"""What a question leaves behind beside its result: notes with codes, and seconds by stage.

A program acts on a note's code; its sentence is for people, and may be worded anew at any time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

LackCode: TypeAlias = Literal[
    "no_bm25",  # no lexical channel by words
    "no_sparse_vectors",  # no lexical channel by learned weights
    "no_full_like",  # patterns are checked row by row
    "no_json_index",  # filters on undeclared columns read every row
    "one_machine",  # only processes of one machine and user can open the store
    "no_stemming",  # 'pumps' does not find 'pump'
]
"""What a store lacks."""

NoteCode: TypeAlias = (
    LackCode
    | Literal[
        # the search
        "picture_read",  # what was read in the question's picture, which is searched too
        "picture_without_words",
        "question_cut",  # a model read only the beginning of the question
        "image_channel_off",
        "no_channel",
        "unknown_column",
        "filter_part_empty",  # no record matches this part of a filter
        "listed",  # nothing was searched for: documents by the filter, in the order that was asked for
        "sorted",  # by a column, and how many have no value there
        "identifier_unknown",  # asked for by its exact name, and no record has it
        "understood",  # what the question says of files became a filter, or is preferred
        "understood_nothing_there",  # no record is as the question says: all were searched
        "from_columns",  # the answer was counted, not written
        # the reranker
        "question_too_long",  # it read nothing at all
        "reranker_failed",
        "reranker_late",
        "reranker_memory",
        "reranker_no_number",
        "candidates_cut",
        "pictures_unread",  # judged by their words
        "pictures_missing",  # likewise, because the asset store has them no longer
        # the question, as a conversation or a client puts it
        "follow_up_rewritten",
        "follow_up_joined",  # the words of earlier questions were added
        "follow_up_failed",
        "follow_up_picture",  # it is still about the picture of a question before
        "needs_model",  # only a model can do what is asked: put an answer otherwise
        "messages_left_out",
        "earlier_pictures_left_out",
        "settings_ignored",
        "chat_task",  # a front end asks for a title, tags or the like: answered from the conversation alone
        "given_cut",  # of a text that came with the question only the beginning was read
        "wishes_not_followed",  # for the form of the answer: no model wrote it
        # the answer
        "no_evidence",
        "no_model",  # no model wrote the answer: it quotes
        "chat_unreachable",  # why no model wrote it
        "chat_model_missing",
        "chat_failed",
        "chat_stopped",
        "model_blind",  # the model cannot see pictures
        "picture_not_shown",
        "source_cut",
        "sources_left_out",
        "prompt_cut",  # by the server, which had not said so
        "context_short",  # the prompt took more than expected
        "answer_cut",
        "answer_incomplete",
        "model_stands_in",  # the model that is named is not there
        "statement_unsupported",  # marked: not in the sources
        "answer_unsupported",  # no statement of it is in the sources: they are quoted first
        "addresses_broken",  # links and pictures by address in it were taken apart
        "answer_loop",  # the model went round in circles and was stopped
        "sources_left_out_for_time",  # by RAG_FIRST_WORD_S
        "citation_unknown",  # a number that no source has
        "no_citation",
        # an ingest
        "other_language",  # most of the text is in a language that the text model does not know
    ]
)
"""Everything that a note can be about, declared here and nowhere else: a new one is a decision."""


@dataclass(frozen=True, slots=True)
class Note:
    """What was skipped, degraded, cut or could not be checked.

    Attributes:
        code: what it is about, for programs.
        text: a sentence for people.
    """

    code: NoteCode
    text: str

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, str]:
        return {"code": self.code, "text": self.text}


@dataclass(slots=True)
class Trace:
    """Of one question, handed from stage to stage.

    Attributes:
        notes: in the order in which the stages made them.
        timings_s: seconds by stage.
    """

    notes: list[Note] = field(default_factory=list)
    timings_s: dict[str, float] = field(default_factory=dict)

    def note(self, code: NoteCode, text: str) -> None:
        self.notes.append(Note(code, text))

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Around a stage; one that raises has no time."""
        start = time.perf_counter()
        yield
        self.timings_s[stage] = time.perf_counter() - start
