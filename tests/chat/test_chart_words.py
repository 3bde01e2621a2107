"""OCR lines of charts, put back together."""

from __future__ import annotations

import pytest

from rag.chat.chart_words import ChartWords, is_number, read_chart

BARS = """Kestrel Point is the wettest station of the
northern coast
% of yearly rain by station, 2019 to 2023
Summer
Winter
Kestrel Point
31%
69%
Old Mill
28
72
Note: stations with gaps are
left out.
Source: Coast Survey.
COAST SURVEY""".splitlines()


def test_a_bar_chart_gives_its_title_heads_and_rows() -> None:
    assert read_chart(BARS) == ChartWords(
        statements=(
            "Kestrel Point is the wettest station of the northern coast",
            "% of yearly rain by station, 2019 to 2023",
        ),
        heads=("Summer", "Winter"),
        rows=("Kestrel Point: 31% 69%", "Old Mill: 28 72"),
    )


def test_a_label_that_was_wrapped_is_one_label() -> None:
    lines = ["Views of the new harbour wall", "The number of ships", "doesn't have much to", "do with this", "39", "7"]
    assert read_chart(lines).statements == (
        "Views of the new harbour wall The number of ships doesn't have much to do with this",
    )
    assert read_chart([*lines[:1], "Good", *lines[3:]]).rows == ("Good do with this: 39 7",)


@pytest.mark.parametrize("lines", [[], [""], ["---", "..."]])
def test_no_words_give_nothing(lines: list[str]) -> None:
    assert read_chart(lines) == ChartWords((), (), ())


def test_numbers_without_labels_are_kept_as_they_come() -> None:
    assert read_chart(["54%", "43", "Favor"]) == ChartWords((), (), ("54% 43",))


def test_a_picture_that_begins_with_a_source_line_keeps_it() -> None:
    assert read_chart(["Source of the Tarn river"]).statements == ("Source of the Tarn river",)


@pytest.mark.parametrize("line", ["93%", "1,234.5", "812 mm", "2019-20", "$5M", "+3", "18-29", "-0.5 °C"])
def test_values_are_numbers(line: str) -> None:
    assert is_number(line)


@pytest.mark.parametrize("line", ["Mexico", "2 to 4 years", "KX-200", "May 2018", "%", "Q1 results"])
def test_labels_are_not(line: str) -> None:
    assert not is_number(line)
