"""Tables in which every value stands under its own column, whatever spans what."""

from __future__ import annotations

from ingest.parse.grid import TableGrid, looks_like_header

Cell = str | tuple[str, int, int]


def table(*rows: list[Cell], head: int = 0, is_header: bool = False) -> list[str]:
    """Texts of a table; a cell is a text, or a text with the columns and rows that it spans."""
    grid = TableGrid()
    for number, row in enumerate(rows):
        for cell in row:
            text, columns, lines = cell if isinstance(cell, tuple) else (cell, 1, 1)
            grid.add_cell(text, colspan=columns, rowspan=lines, is_header=is_header and number == 0)
        grid.end_row(in_head=number < head)
    return list(grid.take())


def lines(*rows: list[Cell], head: int = 0) -> list[str]:
    (text,) = table(*rows, head=head)
    return [line for line in text.split("\n") if "---" not in line]


def test_a_cell_over_rows_is_said_in_each_of_them() -> None:
    assert lines(["Depot", "Part"], [("Marlow", 1, 3), "seal"], ["pawl"], ["rope"], ["Tilbury", "oak"])[1:] == [
        "| Marlow | seal |",
        "| Marlow | pawl |",
        "| Marlow | rope |",
        "| Tilbury | oak |",
    ]


def test_a_row_of_labels_for_the_rows_below_is_none_itself() -> None:
    rows: list[list[Cell]] = [["Year", "Month", "Sum"], [("2025", 1, 3)], ["May", "4"], ["June", "5"]]
    assert lines(*rows)[1:] == ["| 2025 | May | 4 |", "| 2025 | June | 5 |"]


def test_a_label_with_nothing_below_it_is_not_lost() -> None:
    assert lines(["Year", "Sum"], ["2024", "4"], [("the end", 1, 3)])[-1] == "| the end |  |"


def test_a_header_of_two_levels_names_every_column_in_full() -> None:
    rows: list[list[Cell]] = [
        [("Route", 1, 2), ("Adult", 2, 1), ("Child", 2, 1)],
        ["single", "return", "single", "return"],
        ["Harbour", "4", "7", "2", "3"],
    ]
    wanted = "| Route | Adult single | Adult return | Child single | Child return |"
    assert lines(*rows)[0] == wanted
    assert lines(*rows, head=2)[0] == wanted


def test_a_cell_over_columns_of_the_body_is_said_once() -> None:
    assert lines(["a", "b", "c"], [("all", 3, 1)], ["1", "2", "3"])[1:] == ["| all |  |  |", "| 1 | 2 | 3 |"]


def test_a_row_over_the_whole_width_above_the_header_is_a_title() -> None:
    title, body = table([("Stock of 1911", 2, 1)], ["Part", "Count"], ["seal", "3"])
    assert title == "Stock of 1911"
    assert body.startswith("| Part | Count |\n| --- |")


def test_the_header_is_said_again_in_each_part() -> None:
    grid = TableGrid()
    for part in range(3):
        for row in ([["Part", "Count"]] if part == 0 else []) + [["seal", str(part)]]:
            for cell in row:
                grid.add_cell(cell)
            grid.end_row()
        assert list(grid.take()) == [f"| Part | Count |\n| --- | --- |\n| seal | {part} |"]


def test_numbers_are_no_header_but_years_are() -> None:
    assert not looks_like_header(["seal", "3"], [["pawl", "4"]])
    assert looks_like_header(["Region", "2019", "2020"], [["East", "4", "5"]])
    assert not looks_like_header(["", ""], [["a", "b"]])
    assert not looks_like_header(["Part", "Count"], [])


def test_spans_without_end_cost_no_memory() -> None:
    grid = TableGrid()
    for _ in range(300):
        grid.add_cell("x" * 1000, colspan=10**9, rowspan=10**9)
        grid.end_row()
    assert sum(map(len, grid.take())) < 3_000_000


def test_a_long_text_over_rows_is_not_multiplied() -> None:
    long = "word " * 100
    (text,) = table(["a", "b"], [(long, 1, 3), "1"], ["2"], ["3"])
    assert text.count("word") == 100
