"""What filters can name and what columns hold, in lines that a terminal can show."""

import pytest

from rag.cli.columns import column_lines, column_rows, facet_lines
from rag.columns.facets import Facets, tally

ROWS = [
    {"year": 1934, "tags": ["hops"], "score": 4, "title\x1b[31m": "a" * 90, "taken_at": "2019-07-14T10:22:33"},
    {"year": 1935, "score": "four", "ok": True, "deep": {"x": 1}, "taken_at": "2019-07"},
    {"year": 1934, "score": 5, "taken_at": "2021"},
]
FOUND = tally(ROWS, {"year": "int"})


def one(name):
    return Facets(FOUND.documents, (FOUND.get(name),))


def test_columns_are_listed_a_line_each_and_harmless():
    shown = list(column_lines(FOUND))
    assert shown[1].split() == ["year", "int", "3", "1934,", "1935"]
    assert any(line.startswith("score") and "number or str" in line and '"four"' in line for line in shown)
    assert all(line.isprintable() for line in [*shown, *facet_lines(FOUND, 20)])
    assert "source, doc_id, kind, page" in shown[-1]


def test_programs_get_types_and_examples():
    (year,) = [row for row in column_rows(FOUND) if row["name"] == "year"]
    assert year == {"name": "year", "types": ["int"], "documents": 3, "examples": [1934, 1935]}


def test_facets_say_how_often_and_dates_by_their_years():
    shown = list(facet_lines(FOUND, 20))
    assert any("1934 (2), 1935 (1)" in line for line in shown)
    assert any("2019-07-14T10:22:33 to 2021; 2021: 1, 2019: 2" in line or "2021: 1, 2019: 2" in line for line in shown)
    assert shown[-1] == "3 documents"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("year", ["year: 3 of 3 documents have it, 1934 to 1935", "2  1934", "and 1 more values"]),
        ("taken_at", ["taken_at: 3 of 3 documents have it, 2019-07 to 2021", "2  2019", "2  2019-07", "1  2021"]),
    ],
)
def test_one_column_has_a_line_a_value(name, lines):
    assert [line.strip() for line in facet_lines(one(name), 1)] == lines
