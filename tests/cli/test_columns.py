"""What filters can name, so that somebody can write one."""

from rag.cli.columns import lines, tally

ROWS = [
    {"year": 1934, "tags": ["hops"], "score": 4, "title\x1b[31m": "a" * 90},
    {"year": 1935, "score": "four", "ok": True, "none": None, "deep": {"x": 1}},
    {"year": 1934, "score": 5},
]


def test_columns_have_types_counts_and_different_examples():
    found = {column.name: column for column in tally(ROWS, {"year": "int", "rare": "str"})}
    assert list(found)[:2] == ["year", "rare"]
    assert (found["year"].types, found["year"].documents, found["year"].examples) == (["int"], 3, [1934, 1935])
    assert (found["score"].types, found["score"].documents) == (["number", "str"], 3)
    assert (found["tags"].types, found["ok"].types, found["deep"].types) == (["list"], ["bool"], ["other"])
    assert (found["rare"].documents, found["rare"].examples) == (0, [])
    assert "none" not in found


def test_they_are_listed_a_line_each_and_harmless():
    shown = list(lines(tally(ROWS, {"year": "int"})))
    assert shown[1].split() == ["year", "int", "3", "1934,", "1935"]
    assert any(line.startswith("score") and "number or str" in line and '"four"' in line for line in shown)
    assert all(line.isprintable() for line in shown)
    assert "source, doc_id, kind, page" in shown[-1]
