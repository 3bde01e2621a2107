"""OCR lines of charts, tables and signs, put back together."""

from __future__ import annotations

import pytest

from rag.extractive.chart_lines import ChartWords, is_number, is_row, read_chart

TITLE = ["Kestrel Point is the wettest station of the", "northern coast", "% of yearly rain by station, 2019 to 2023"]
FOOTER = ["Note: stations with gaps are", "left out.", "Source: Coast Survey.", "COAST SURVEY"]
STATEMENTS = (
    "Kestrel Point is the wettest station of the northern coast",
    "% of yearly rain by station, 2019 to 2023",
)


def test_labels_and_numbers_on_lines_of_their_own_become_rows() -> None:
    lines = [*TITLE, "Summer", "Winter", "Kestrel Point", "31%", "69%", "Old Mill", "28", "72", *FOOTER]
    assert read_chart(lines) == ChartWords(
        STATEMENTS, heads=("Summer", "Winter"), rows=("Kestrel Point: 31% 69%", "Old Mill: 28 72")
    )


def test_rows_that_are_read_as_one_line_stay_as_they_are() -> None:
    lines = [*TITLE, "Summer Winter", "Kestrel Point 31% 69%", "Old Mill 28 72", *FOOTER]
    assert read_chart(lines) == ChartWords(
        STATEMENTS, heads=("Summer Winter",), rows=("Kestrel Point 31% 69%", "Old Mill 28 72")
    )


def test_a_sign_keeps_every_line() -> None:
    lines = ["FARES in crowns", "Up 2.40", "Goat 1.00", "Bicycle free", "Children under 12: half price"]
    assert read_chart(lines) == ChartWords(
        ("FARES in crowns",), (), ("Up 2.40", "Goat 1.00", "Bicycle free", "Children under 12: half price")
    )


@pytest.mark.parametrize(
    "ticks",
    [
        ["14,000", "12,000", "10,000", "8,000"],
        ["0 15 30 45 60 75"],
        ["2012 2014 2016 2018"],
        ["0%", "5%", "10%", "15%"],
    ],
)
def test_the_ticks_of_an_axis_are_left_out(ticks: list[str]) -> None:
    assert read_chart(["Passengers carried in 2023", *ticks, "Month", "August 9,100"]) == ChartWords(
        ("Passengers carried in 2023",), ("Month",), ("August 9,100",)
    )


def test_numbers_that_are_no_axis_are_kept_as_they_come() -> None:
    assert read_chart(["54%", "43", "39", "29", "Favor"]).rows == ("54% 43 39 29", "Favor")
    assert read_chart(["7", "7", "7", "7"]).rows == ("7 7 7 7",)


def test_a_label_that_was_wrapped_is_one_label() -> None:
    lines = ["Views of the harbour", "The number of ships doesn't", "matter", "Good", "do with this", "39", "7"]
    assert read_chart(lines).rows == ("Good do with this: 39 7",)


def test_a_year_at_the_end_of_a_title_is_no_value() -> None:
    for title in ("Passengers carried in 2023", "Ice creams lost to gulls, summer 2022", "Rain 2023"):
        assert read_chart([title, "August 9,100"]) == ChartWords((title,), (), ("August 9,100",))


@pytest.mark.parametrize("lines", [[], [""], ["---", "..."]])
def test_no_words_give_nothing(lines: list[str]) -> None:
    assert read_chart(lines) == ChartWords((), (), ())


def test_a_picture_that_begins_with_a_source_line_keeps_it() -> None:
    assert read_chart(["Source of the Tarn river"]).statements == ("Source of the Tarn river",)


@pytest.mark.parametrize("line", ["93%", "1,234.5", "812 mm", "2019-20", "$5M", "+3", "-0.5 °C", "70 km/h", "31 69"])
def test_values_are_numbers(line: str) -> None:
    assert is_number(line)


@pytest.mark.parametrize("line", ["Mexico", "2 to 4 years", "KX-200", "May 2018", "%", "Q1 results", "", "mm"])
def test_labels_are_not(line: str) -> None:
    assert not is_number(line)


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("Old Mill 28 72", True),
        ("TYPE P-40 SERIAL No. 7731", True),
        ("2 to 4 years 20", True),
        ("Old Mill", False),
        ("28 72", False),
        ("Carried in 2023", False),
        ("Gusts of 70 km/h: cars stay", False),
    ],
)
def test_a_row_is_a_short_label_with_numbers(line: str, row: bool) -> None:
    assert is_row(line) is row
