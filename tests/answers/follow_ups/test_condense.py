"""Follow-ups: words first, then the model's wording, and the better evidence wins."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import pytest

from rag.answers.follow_ups.condense import Found, Standalone, Wording, accepted, depends, joined, search_in_context
from rag.answers.follow_ups.rewording import cannot_reword
from rag.errors import ChatError, ChatUnreachable
from rag.trace import Note
from rag.types import ChannelScore, Hit, Record, SearchResult, TokenCount, Turn

SPENT = TokenCount(300, 9)
HISTORY = [Turn("How much rain fell at Kestrel Point in 2019?", "812 mm. [1]")]


def _result(cosine: float) -> SearchResult:
    record = Record("a", "a", "a.md", "text", "", {})
    return SearchResult((Hit(record, 1.0, {"text": ChannelScore(cosine, 1.0, 1)}, 1.0),))


def _found(
    question: str,
    wording: str | Exception | None = None,
    history: Sequence[Turn] = HISTORY,
    cosines: dict[str, float] | None = None,
) -> tuple[Found, list[str]]:
    asked: list[str] = []

    async def search(read: Standalone) -> SearchResult:
        asked.append(read.question)
        return _result((cosines or {}).get(read.question, 0.1))

    async def reword() -> Wording:
        asked.append("(the model)")
        if isinstance(wording, Exception):
            raise wording
        return Wording(str(wording), SPENT)

    async def run() -> Found:
        return await search_in_context(
            history,
            question,
            search,
            is_weak=lambda _, found: (found.hits[0].channels["text"].raw or 0.0) < 0.3,
            reword=None if wording is None else reword,
        )

    return anyio.run(run), asked


@pytest.mark.parametrize(
    "question",
    [
        "When does the last car go down in summer?",
        "Which valve closes first when pressure drops?",
        "Is there a donut chart of the pump's energy?",
        "Wann fährt die letzte Bahn im Sommer hinunter?",
        "Quand part la dernière voiture en hiver depuis Beacon ?",
    ],
)
def test_a_question_that_stands_alone_is_never_rewritten(question: str) -> None:
    found, asked = _found(question, "14322786095423")
    assert found.read.question == question
    assert found.read.notes == ()
    assert asked == [question]


def test_what_is_about_the_answer_before_is_not_searched_for() -> None:
    found, asked = _found("in German, please", "Auf Deutsch?")
    assert found.read.needs_model
    assert asked == []
    assert not joined([], "shorter").needs_model


def test_what_only_a_model_can_do_is_told_where_there_is_none() -> None:
    (_, said, last) = cannot_reword("shorter")
    assert "“shorter” is about the answer before" in said.text
    assert [note.code for note in last.answer.notes] == ["needs_model"]


def test_a_question_with_words_of_its_own_is_searched_with_them_too() -> None:
    assert joined(HISTORY, "And in 2020?").own == "And in 2020?"
    assert joined(HISTORY, "How long did it take?").own == ""
    assert joined(HISTORY, "And in 2020?").spoken == f"{HISTORY[0].question} And in 2020?"
    assert joined(HISTORY, "Which valve closes first when pressure drops?").spoken == ""
    assert "kestrel point" in joined(HISTORY, "And in 2020?").notes[0].text


def test_where_words_find_something_the_model_is_not_asked() -> None:
    read = "And in 2020? (rain fell kestrel point 2019)"
    found, asked = _found("And in 2020?", "How much rain fell in 2020?", cosines={read: 0.6})
    assert found.read.question == read
    assert asked == [read]
    assert found.tokens is None


def test_where_words_find_nothing_the_models_wording_is_searched_too_and_the_better_wins() -> None:
    wording = "How much rain fell at Kestrel Point in 2020?"
    found, asked = _found("And in 2020?", f"Question: {wording}", cosines={wording: 0.7})
    assert found.read.question == wording
    assert found.read.notes == (Note("follow_up_rewritten", f"the follow-up was read as: {wording}"),)
    assert asked[1:] == ["(the model)", wording]
    assert found.tokens == SPENT
    assert _found("And in 2020?", wording, cosines={wording: 0.05})[0].read.question.endswith("kestrel point 2019)")


@pytest.mark.parametrize(
    "wording",
    [
        "14322786095423",
        "When does the last car ride through the windshield of a vehicle on Christmas Day?",
        "How much rain fell at Kestrel Point in 2031?",
        "",
        "It was 640 mm. " * 60,
    ],
)
def test_a_wording_with_words_or_numbers_that_nobody_said_is_not_used(wording: str) -> None:
    assert accepted(wording, "And in 2020?", HISTORY) == ""


def test_a_wording_may_inflect_what_was_said() -> None:
    assert accepted("How much did it rain at Kestrel Point in 2020? [1]", "And in 2020?", HISTORY) == (
        "How much did it rain at Kestrel Point in 2020?"
    )


def test_a_failing_model_falls_back_to_words_and_says_so() -> None:
    found, _ = _found("And in 2020?", ChatError("out of memory"))
    assert found.read.question == joined(HISTORY, "And in 2020?").question
    assert "out of memory" in found.read.notes[0].text


def test_a_server_that_is_down_is_left_to_the_answer_to_report() -> None:
    found, _ = _found("And in 2020?", ChatUnreachable("no server"))
    assert found.read == joined(HISTORY, "And in 2020?")


def test_without_history_nothing_depends() -> None:
    assert depends("And in 2020?")
    assert _found("And in 2020?", "x", history=[])[1] == ["And in 2020?"]
