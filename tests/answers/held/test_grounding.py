"""Statements held to their sources: numbers, names, negations, rows of charts, three languages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from rag.answers.held.facts import language_of, names_in, numbers_in
from rag.answers.held.grounding import Sources

sys.path.insert(0, str(Path(__file__).parents[3] / "benchmarks"))
from grounding_cases import cases

LINE = (1, "The track is 212 metres long and rises 118 metres. Puffin was painted red in 1931 by Ada Moll.")
CHART = (2, "Visitors\nGull Rock 412\nOtter Bay 655\nThrift Head 120")


def _support(statement: str, *sources: tuple[int, str], question: str = "") -> str:
    return Sources(sources or (LINE, CHART), question).check(statement).support


@pytest.mark.parametrize(
    ("statement", "support"),
    [
        ("The track is 212 metres long.", "supported"),
        ("The track is 312 metres long.", "unsupported"),
        ("Puffin was painted red by Ada Moll.", "supported"),
        ("Puffin was painted red by Carl Benn.", "unsupported"),
        ("Otter Bay had 655 visitors.", "supported"),
        ("Otter Bay had 412 visitors.", "unsupported"),
        ("Die Strecke ist 212 Meter lang.", "supported"),
        ("Die Strecke ist 250 Meter lang.", "unsupported"),
        ("The sources do not say who built it.", "unchecked"),
        ("Shall I look further?", "unchecked"),
    ],
)
def test_a_statement_is_judged_by_its_facts(statement: str, support: str) -> None:
    assert _support(statement) == support


def test_what_is_missing_is_named() -> None:
    assert Sources([LINE]).check("It is 313 metres long, says Karla Venn.").missing == ("313", "Karla", "Venn")


def test_the_source_that_has_it_is_told_from_the_others() -> None:
    sources = Sources([LINE, CHART])
    assert sources.check("Gull Rock had 412 visitors.").sources == (2,)
    assert sources.check("The track rises 118 metres.").sources == (1,)


def test_a_number_of_the_question_needs_no_source() -> None:
    assert _support("In 1999 the track was 212 metres long.", LINE, question="How long was it in 1999?") == "supported"
    assert _support("In 1999 the track was 212 metres long.", LINE) == "unsupported"


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Bicycles must not be carried on the steps.", "Bicycles may be carried on the steps."),
        ("Hunde dürfen nicht in den Wagen.", "Hunde dürfen in den Wagen."),
        ("Le phare n'est pas ouvert en hiver.", "Le phare est ouvert en hiver."),
        ("Sales of lamps rose in spring.", "Sales of lamps fell in spring."),
    ],
)
def test_a_contradiction_is_no_support(source: str, statement: str) -> None:
    assert _support(source, (1, source)) == "supported"
    assert _support(statement, (1, source)) == "unsupported"


@pytest.mark.parametrize(
    ("one", "other"),
    [("1,067", "1067"), ("1.067", "1067"), ("17:40", "5:40 pm"), ("17h40", "17:40 Uhr"), ("nine", "9"), ("2,5", "2.5")],
)
def test_the_same_number_in_another_spelling_agrees(one: str, other: str) -> None:
    assert numbers_in(one)[0].agrees(numbers_in(other)[0])


@pytest.mark.parametrize(("one", "other"), [("1,067", "1,076"), ("17:40", "17:45"), ("12", "120"), ("0.5", "5")])
def test_another_number_does_not(one: str, other: str) -> None:
    assert not numbers_in(one)[0].agrees(numbers_in(other)[0])


def test_the_marks_of_a_list_and_numbers_inside_words_are_no_numbers() -> None:
    assert [number.text for number in numbers_in("2. The P40 takes 7 litres")] == ["7"]


def test_names_are_told_from_german_nouns() -> None:
    assert names_in("Yesterday Ada Moll met the Mayor.") == ("Ada", "Moll", "Mayor")
    assert names_in("Das Wasser in der Leitung kam von Karl Otto.") == ("Karl", "Otto")


def test_languages_are_told_by_their_small_words() -> None:
    assert [
        language_of(t) for t in ("the cat is on the mat", "die Katze ist auf der Matte", "le chat est sur la natte")
    ] == [
        "en",
        "de",
        "fr",
    ]


def test_the_measured_set_keeps_its_figures_by_words_alone() -> None:
    wrong = {True: 0, False: 0}
    total = {True: 0, False: 0}
    for case in cases():
        sources = Sources(case.sources, case.question)
        for text, is_true in case.statements:
            total[is_true] += 1
            wrong[is_true] += (sources.check(text).support == "unsupported") is is_true
    assert wrong[True] / total[True] <= 0.03
    assert wrong[False] / total[False] <= 0.10
