"""Texts that came with a question, as sources."""

import pytest
from fakes import TopicEmbedder, record

from rag.answers.evidence import has_evidence
from rag.answers.given import MAX_CHARS, attached_hits, passages_of, taken_numbers
from rag.question import GivenText
from rag.trace import Trace
from rag.types import Hit

NOTE = GivenText("note.txt", "The bell is called Tuppence.", 3)
LONG = GivenText(
    "long.txt", "\n\n".join([*["Nothing of note here at all. " * 20] * 8, "The goat rides for one crown."])
)


def found(question, *texts, trace=None):
    embedder = TopicEmbedder()

    def is_weak(asked, hits):
        return not has_evidence(asked, hits, embedder.min_cosine)

    best = [Hit(record("r", "bell"), 2.0, {}, 2.0)]
    return attached_hits(question, texts, best, embedder, is_weak, trace or Trace())


def test_a_passage_that_is_close_counts_as_much_as_the_best_that_was_found():
    (hit,) = found("what is the bell called?", NOTE)
    assert (hit.record.source, hit.record.text, hit.score) == (NOTE.name, NOTE.text, 2.0)
    assert found("what is the bell called?", NOTE)[0].record.id == hit.record.id


def test_of_a_long_text_the_passages_that_answer_are_taken():
    hits = found("which goat rides?", NOTE, LONG)
    assert "goat" in hits[0].record.text
    assert len(hits) < len(passages_of([NOTE, LONG], Trace()))


def test_what_has_nothing_to_do_with_the_question_is_no_source():
    assert found("when is the pump closed?", NOTE) == ()


@pytest.mark.parametrize(
    "question", ["Summarise the file", "What does the attached text say?", "Fasse das Dokument zusammen"]
)
def test_a_question_about_the_text_itself_takes_it_whatever_it_says(question):
    assert [hit.record.source for hit in found(question, NOTE)] == [NOTE.name]


def test_too_long_a_text_is_cut_and_that_is_noted():
    trace = Trace()
    passages_of([NOTE, GivenText("huge.txt", "word " * (MAX_CHARS // 4))], trace)
    assert [note.code for note in trace.notes] == ["given_cut", "given_cut"]


def test_numbers_of_the_askers_own_program_are_taken():
    assert taken_numbers([NOTE, LONG]) == 3
    assert taken_numbers([LONG]) == 0
