"""A reply piece by piece: cut where it goes wrong, marked where nothing holds it."""

from __future__ import annotations

from rag.answers.conversation import Exchange, GivenSource
from rag.answers.held.reply import THE_MODEL, Reply, said_late
from rag.answers.request import Request
from rag.types import Answer, Hit, Record

HIT = Hit(Record("1", "d", "a.md", "text", "Valve A closes first, after 12 seconds."), 1.0, {}, 1.0)


def reply() -> Reply:
    request = Request([], Exchange("", ""), 0, 0, 0, "zz", (GivenSource(1, "1", "", HIT.record.text),))
    return Reply(request, [HIT], [1], (), "Which valve closes first?")


def shown(taken: Reply, *pieces: str) -> str:
    return "".join([*map(taken.feed, pieces), taken.flush()])


def test_a_statement_of_the_sources_passes_as_it_was_written() -> None:
    taken = reply()
    assert shown(taken, "  Valve A ", "closes first [1].") == "Valve A closes first [1]."
    assert [each.support for each in taken.statements] == ["supported"]
    assert taken.notes() == []
    assert not taken.rests_on_nothing


def test_what_stands_in_no_source_is_marked_and_said() -> None:
    taken = reply()
    text = shown(taken, "Valve A closes first [1]. The moon weighs 47 cheeses from Rotterdam.")
    assert text.endswith("(not in the sources).")
    assert [note.code for note in taken.notes()] == ["statement_unsupported"]


def test_a_reply_that_rests_on_nothing_is_told_from_one_that_rests_on_something() -> None:
    taken = reply()
    shown(taken, "The moon weighs 47 cheeses from Rotterdam.")
    assert taken.rests_on_nothing
    assert [note.code for note in taken.notes()] == ["answer_unsupported"]
    before = taken.statements[0].start
    taken.moved_behind(10)
    assert taken.statements[0].start == before + 10


def test_what_was_put_before_the_words_in_the_end_is_said_late() -> None:
    answer = Answer(f"The quote.\n\n{THE_MODEL}Its words.", (), (), ())
    assert said_late(answer, "Its words.") == "The quote."
    assert said_late(Answer("Its words.", (), (), ()), "Its words.") == ""
