from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.parse.elements import TextElement
from ingest.records.chunk import chunk, embedded_text, split_text


def count_words(text: str) -> int:
    return len(text.split())


def count_characters(text: str) -> int:
    return len(text)


def count_blank_as_well(text: str) -> int:
    """Not additive: a text in two halves has more tokens than the whole, or fewer."""
    return len(re.findall(r"\s+|\w{1,3}|.", text))


def texts(elements: Sequence[TextElement], max_tokens: int = 20) -> list[str]:
    return [part.text for part in chunk(elements, count_tokens=count_words, max_tokens=max_tokens)]


def words(n: int, name: str = "w") -> str:
    return " ".join(f"{name}{k}" for k in range(n))


def test_small_neighbours_under_one_heading_are_merged() -> None:
    assert texts([TextElement("a b"), TextElement("c d")]) == ["a b\n\nc d"]


def test_neighbours_that_do_not_fit_together_stay_whole() -> None:
    assert texts([TextElement(words(12, "a")), TextElement(words(12, "b"))]) == [words(12, "a"), words(12, "b")]


def test_other_headings_and_other_pages_are_not_merged() -> None:
    elements = [TextElement("a", ("H",), 1), TextElement("b", ("H",), 2), TextElement("c", ("G",), 2)]
    assert list(chunk(elements, count_tokens=count_words, max_tokens=20)) == elements


def test_long_texts_are_cut_between_sentences() -> None:
    first, second = f"First {words(11)}.", f"Second {words(11)}."
    assert texts([TextElement(f"{first} {second}")]) == [first, second]


def test_long_texts_are_cut_between_paragraphs_before_sentences() -> None:
    text = f"A b c. {words(8)}\n\nD e. {words(12)}"
    assert texts([TextElement(text)]) == text.split("\n\n")


def test_the_rest_of_a_long_text_is_merged_with_what_follows() -> None:
    assert texts([TextElement(f"{words(19)}. Rest here."), TextElement("And more.")])[-1] == "Rest here.\n\nAnd more."


def test_headings_count_towards_the_limit() -> None:
    parts = list(chunk([TextElement(words(30), ("one two", "three"))], count_tokens=count_words, max_tokens=20))
    assert [part.heading_path for part in parts] == [("one two", "three")] * 2
    assert max(count_words(embedded_text(part)) for part in parts) <= 20
    assert embedded_text(parts[0]).startswith("one two > three\nw0 w1")


def test_headings_that_crowd_out_the_text_become_text() -> None:
    outer = words(12, "h")
    parts = list(chunk([TextElement("body", (outer, "inner"))], count_tokens=count_words, max_tokens=20))
    assert parts == [TextElement(f"{outer}\n\nbody", ("inner",))]


def test_tables_are_cut_between_rows_and_each_part_has_the_header() -> None:
    header = "| k | v |\n| --- | --- |"
    rows = [f"| {n} | x |" for n in range(10)]
    parts = texts([TextElement("\n".join([header, *rows]))], max_tokens=32)
    assert len(parts) > 1
    assert all(part.startswith(header + "\n") for part in parts)
    assert [row for part in parts for row in part.split("\n")[2:]] == rows


def test_a_header_wider_than_half_a_passage_is_said_once() -> None:
    header = f"| {words(12)} | v |\n| --- | --- |"
    parts = texts([TextElement(header + "\n" + "\n".join(f"| {n} | x |" for n in range(10)))], max_tokens=20)
    assert sum(part.count("w11") for part in parts) == 1


def test_one_endless_word_does_not_become_one_endless_passage() -> None:
    parts = split_text("a" * 100_000, count_tokens=lambda text: 1, max_tokens=100)
    assert max(map(len, parts)) <= 1600
    assert "".join(parts) == "a" * 100_000


def test_accents_that_make_one_letter_of_a_thousand_are_cut() -> None:
    parts = split_text("e" + "\u0301" * 1000, count_tokens=count_characters, max_tokens=100)
    assert max(map(len, parts)) <= 100


def test_split_text_of_nothing_is_nothing() -> None:
    assert split_text(" \n ", count_tokens=count_words, max_tokens=100) == []


def test_a_limit_too_small_for_words_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 16"):
        split_text("x", count_tokens=count_words, max_tokens=15)


def test_elements_are_taken_one_at_a_time() -> None:
    taken = []

    def stream() -> object:
        for n in range(100):
            taken.append(n)
            yield TextElement(words(15), (f"h{n}",))

    next(chunk(stream(), count_tokens=count_words, max_tokens=20))  # type: ignore[arg-type]
    assert len(taken) <= 2


_TEXT = st.text(alphabet=st.sampled_from("ab é漢.\n |-#\u0301"), max_size=400)
_ELEMENTS = st.lists(
    st.builds(TextElement, _TEXT, st.lists(_TEXT, max_size=3).map(tuple), st.sampled_from([None, 1, 2])), max_size=8
)


@settings(max_examples=150, deadline=None)
@given(_ELEMENTS, st.integers(16, 60), st.sampled_from([count_words, count_characters, count_blank_as_well]))
def test_no_letter_is_lost_and_no_passage_is_too_long(elements, max_tokens, count) -> None:  # type: ignore[no-untyped-def]
    parts = list(chunk(elements, count_tokens=count, max_tokens=max_tokens))
    assert all(count(embedded_text(part)) <= max_tokens for part in parts)
    assert all(part.text.strip() for part in parts)
    given_text = "".join(element.text for element in elements)
    kept = "".join(part.text for part in parts)
    for letter in "abé漢.|-#\u0301":
        assert kept.count(letter) >= given_text.count(letter)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=600), st.integers(16, 60))
def test_split_text_keeps_every_letter_in_order(text: str, max_tokens: int) -> None:
    parts = split_text(text, count_tokens=count_characters, max_tokens=max_tokens)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
