"""Markers in answers, against the sources that exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.answers.citations import citation_notes, find_citations


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Valve A. [1]", [1]),
        ("[1, 3]", [1, 3]),
        ("[1,3;2]", [1, 3, 2]),
        ("[1][3]", [1, 3]),
        ("[1-3]", [1, 2, 3]),
        ("[1\u20133] [2 - 3]", [1, 2, 3, 2, 3]),
        ("[3-1]", [1, 2, 3]),
        ("[1, 2-3]", [1, 2, 3]),
        ("\u30102\u3011 \uff3b\uff11\uff0c\uff13\uff3d \u30102\u2020L10-L12\u3011", [2, 1, 3, 2]),
        ("[Source 2] [sources 1, 2] [^3]", [2, 1, 2, 3]),
        ("`print([1])`\n```\nx[2]\n```", [1, 2]),
        ("[a link](http://x/1) [] [x] (1) 1] [1", []),
    ],
)
def test_every_form_of_marker_is_read(text: str, numbers: list[int]) -> None:
    assert [citation.number for citation in find_citations(text, 3)] == numbers


def test_a_marker_points_to_its_hit_and_its_place() -> None:
    first, second = find_citations("Valve A. [2] Then B. [9]", 3)
    assert (first.start, first.hit) == (9, 1)
    assert (second.number, second.hit) == (9, None)


def test_a_range_past_the_end_yields_its_sources_and_its_end() -> None:
    assert [(c.number, c.hit) for c in find_citations("[2-9999]", 3)] == [(2, 1), (3, 2), (9999, None)]


def test_zero_is_no_source() -> None:
    assert [(c.number, c.hit) for c in find_citations("[0] [0-1]", 1)] == [(0, None), (1, 0), (0, None)]


def test_a_number_without_a_source_is_named_in_the_notes() -> None:
    text = "A. [1] B. [7] C. [9]"
    (note,) = citation_notes(text, find_citations(text, 3), 3)
    assert "[7], [9]" in note.text
    assert "only 3 sources" in note.text
    assert note.code == "citation_unknown"


@pytest.mark.parametrize(("text", "flagged"), [("A.", True), ("A. [7]", True), ("A. [1]", False), ("", False)])
def test_an_answer_that_cites_nothing_that_exists_is_flagged(text: str, flagged: bool) -> None:
    notes = citation_notes(text, find_citations(text, 3), 3)
    assert any("cites none" in note.text for note in notes) is flagged


@given(st.text(alphabet="[]【】 0123456789-,;^†Source\n", max_size=200), st.integers(0, 5))
def test_any_text_gives_citations_that_point_into_the_sources(text: str, n_sources: int) -> None:
    for citation in find_citations(text, n_sources):
        assert citation.hit is None or citation.hit == citation.number - 1 < n_sources
        assert text[citation.start] in "[【"
