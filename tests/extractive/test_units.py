"""Rows say their columns, lines of logs stand alone, sentences stay sentences."""

from rag.extractive.units import split_units

TABLE = (
    "Stock of the yard.\n\n| article | shelf | count |\n| --- | --- | --- |\n| bolt 0 | R0 | 1 |\n| bolt \\| 1 |  | 4 |"
)
LOG = "06:01:12 conche started by the night shift\n06:40:03 conche tripped on overload\n07:05:00 conche restarted"
LIST = "article,shelf,count\nbolt size 0,R0,1\nshackle size 4,R46,85\nwasher size 3,R5,46"
PROSE = (
    "The pump hums all day and all night, and nobody knows\nwhy it does so, in spring as in autumn, but the rope\n"
    "is renewed before Easter in every other year."
)


def test_a_row_of_a_table_says_its_columns() -> None:
    assert list(split_units(TABLE)) == [
        ("sentence", "Stock of the yard."),
        ("row", "article: bolt 0; shelf: R0; count: 1"),
        ("row", "article: bolt | 1; count: 4"),
    ]


def test_a_header_alone_and_a_table_without_one_are_quoted_as_they_are() -> None:
    assert list(split_units("| a | b |\n| --- | --- |")) == [("row", "a; b")]
    assert list(split_units("| a | b |\n| c | d |")) == [("row", "a; b"), ("row", "c; d")]


def test_lines_of_a_log_and_of_a_list_stand_alone() -> None:
    assert list(split_units(LOG)) == [("row", line) for line in LOG.split("\n")]
    assert list(split_units(LIST)) == [("row", line) for line in LIST.split("\n")]


def test_wrapped_prose_is_joined_and_numbered_steps_are_followed() -> None:
    assert list(split_units(PROSE)) == [("sentence", PROSE.replace("\n", " "))]
    steps = "1. Close the valve.\n2. Wait a minute.\n3. Open it."
    assert [shape for shape, _ in split_units(steps)] == ["sentence"] * 3


def test_lines_that_somebody_ended_are_not_joined() -> None:
    text = "The conche tripped on overload at night\nThe roaster stopped\nA belt of the mill was changed by the fitter"
    assert [unit for _, unit in split_units(text)] == text.split("\n")
