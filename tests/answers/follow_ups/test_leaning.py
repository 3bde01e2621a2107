"""Whether a question leans on those before it, and what it takes from them."""

import pytest

from rag.answers.follow_ups.leaning import in_full, leans, picture_before, recalled, rewords, says_something
from rag.types import Turn

RAIN = Turn("How much rain fell at Kestrel Point in 2019?", "812 mm.")


@pytest.mark.parametrize(
    "question",
    [
        "And in 2020?",
        "and in winter?",
        "What about the harbour?",
        "Why was it closed?",
        "How long does that take?",
        "Who painted them?",
        "At what speed does it trip?",
        "When must it be replaced?",
        "What did she find at Halfway?",
        "How many?",
        "Is it still in use?",
        "the other one",
        "... in summer",
        "Und im Winter?",
        "why?",
        "shorter",
        "Are the steps open then?",
        "Who was there?",
        "What set it off in 2019?",
        "Who wrote that down?",
        "Who do I pay it to?",
        "Can we return it?",
        "Can I use table salt for it?",
        "Explain it in simple words",
        "How much is one?",
        "What does the new one cost?",
        "Was anything else wrong with the rope?",
        "Who took over after him?",
        "Who was her husband?",
        "How long was the line closed after that?",
        "How long in the oven?",
        "Any side effects?",
    ],
)
def test_a_question_that_needs_the_one_before_leans_on_it(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "How close is the cable to the point where it has to be thrown away?",
        "What animal is in charge of the lower station, and how is it paid?",
        "Which boats sail on Sunday, and where do they land?",
        "Where is the sign that says no bicycles?",
        "Why did the car brake by itself in the summer of 2019?",
        "Who is the woman on the ladder, and what does she carry?",
        "Is it true that the pump is from 1938?",
        "What do I pay to bring a goat?",
        "What was growing in the fire bucket?",
        "Who says that the pump is from 1938?",
        "Is there a donut chart?",
        "Who left her umbrella in the car?",
        "Which valve do I shut before it leaves?",
    ],
)
def test_a_question_that_stands_alone_is_not_searched_with_another(question: str) -> None:
    assert not leans(question)
    assert recalled([RAIN], question) == ""


def test_in_full_a_question_stands_behind_those_that_it_leans_on() -> None:
    history = [Turn("Who built the pier?", ""), RAIN, Turn("And in 2020?", ""), Turn("shorter", "")]
    assert in_full(history, "And in summer?") == f"{RAIN.question} And in 2020? And in summer?"


def test_the_key_words_of_the_question_before_are_recalled() -> None:
    assert recalled([RAIN], "And in 2020?") == "And in 2020? (rain fell kestrel point 2019)"


def test_a_chain_reaches_back_to_the_subject_and_no_further() -> None:
    history = [Turn("What does the pump cost?", ""), RAIN, Turn("And in 2020?", ""), Turn("shorter", "")]
    assert recalled(history, "and in summer?") == "and in summer? (2020 rain fell kestrel point 2019)"


@pytest.mark.parametrize(
    "question",
    ["shorter", "Shorter, please", "in German", "say that in German", "Auf Deutsch", "translate it to French", "why?",
     "the second one", "summarise that", "as a list", "more details"],
)  # fmt: skip
def test_what_is_about_the_answer_before_is_told(question: str) -> None:
    assert rewords(question)


@pytest.mark.parametrize("question", ["Why did the car brake?", "What is in German hands?", "a list of pumps"])
def test_what_is_about_the_documents_is_not(question: str) -> None:
    assert not rewords(question)


def test_a_picture_stays_until_the_subject_changes() -> None:
    asked = [Turn("What is this?", "A pump.", b"pump")]
    assert picture_before(asked, "Is it still in use?") == b"pump"
    assert picture_before([*asked, Turn("And how old is it?", "")], "Who made it?") == b"pump"
    assert picture_before([*asked, RAIN], "And in 2020?") is None
    assert picture_before(asked, "What does a ticket to Beacon cost?") is None
    assert picture_before([RAIN], "And in 2020?") is None


def test_words_of_its_own_are_what_a_question_can_be_searched_with() -> None:
    assert says_something("and in winter?")
    assert not says_something("how long does it take?")
