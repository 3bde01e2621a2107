"""A filter that finds nothing says which part of it, and what is there instead."""

import pytest
from fakes import record

from rag.filters.parse import matches, parse_where
from rag.search.empty_filter import empty_parts

FIELDS = {"year": "int"}
ROWS = [
    record("a", "hop picker", columns={"date": "1934-08-02", "score": "4", "ok": True, "tags": ["hops"], "year": 1934}),
    record(
        "b", "oast house", columns={"date": "1935-09-12", "score": "5", "ok": False, "year": 1935}, mime="image/png"
    ),
]


def notes(where, rows=ROWS):
    found = empty_parts(
        parse_where(where), FIELDS, lambda node: [row for row in rows if node is None or matches(node, row, FIELDS)]
    )
    assert {note.code for note in found} <= {"filter_part_empty"}
    return [str(note) for note in found]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("score = 4", ['no record matches score = 4; \'score\' holds words, such as "4", "5"']),
        ("ok = 'true'", ["no record matches ok = \"true\"; 'ok' holds true or false, such as true, false"]),
        ("tags = 'malt'", ["no record matches tags = \"malt\"; 'tags' holds lists or objects, such as ['hops']"]),
        ("date >= 1936-01", ["no record matches date >= 1936-01; 'date' holds words, such as"]),
        ("year > 2000", ["no record matches year > 2000; 'year' holds numbers, such as 1934, 1935"]),
        ("kind = 'Image'", ['no record matches kind = "Image"; \'kind\' holds words, such as "text"']),
        ("mime = 'image/gif' and year = 1934", ['mime = "image/gif"; \'mime\' holds words, such as "image/png"']),
        ("year in (1, 2) or score like '9%'", ["year in (1, 2); 'year'", "score like \"9%\"; 'score'"]),
        ("year = 1934 and ok = false", ["each part of the filter finds records, but no record has year = 1934 and ok"]),
        ("year = 1934 and not score = '4'", ['no record has year = 1934 and not score = "4"']),
        ("colour = 'red'", []),  # of its name something is said already
    ],
)
def test_the_part_that_finds_nothing_is_named_with_what_its_column_holds(where, said):
    found = notes(where)
    assert [words in note for words, note in zip(said, found, strict=True)] == [True] * len(said), found


def test_without_records_no_part_is_blamed():
    assert notes("year = 1", rows=[]) == []
