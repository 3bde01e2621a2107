"""What columns hold is counted by documents, bounded whatever there is."""

from itertools import islice

from rag.columns import facets as module
from rag.columns.facets import Point, ValueCount, tally

ROWS = [
    {"year": 1934, "tags": ["hops", "hops", "malt"], "score": 4, "taken_at": "2019-07-14T10:22:33+01:00"},
    {"year": 1935, "score": "four", "ok": True, "none": None, "deep": {"x": 1}, "taken_at": "2019"},
    {"year": 1934, "score": 5, "tags": ["hops", 7], "ok": False, "taken_at": "2020-01"},
]


def test_columns_have_types_counts_and_values_the_most_frequent_first():
    found = tally(ROWS, {"year": "int", "rare": "str"})
    assert found.documents == 3
    assert [facet.name for facet in found.columns][:2] == ["year", "rare"]
    by_name = {facet.name: facet for facet in found.columns}
    year = by_name["year"]
    assert (year.types, year.documents, year.values) == (("int",), 3, (ValueCount(1934, 2), ValueCount(1935, 1)))
    assert (year.first, year.last, year.n_values, year.is_complete) == (1934.0, 1935.0, 2, True)
    assert (by_name["score"].types, by_name["score"].documents) == (("number", "str"), 3)
    assert (by_name["tags"].types, by_name["deep"].types) == (("list",), ("other",))
    assert by_name["tags"].values == (ValueCount("hops", 2), ValueCount(7, 1), ValueCount("malt", 1))
    assert (by_name["rare"].documents, by_name["rare"].values) == (0, ())
    assert "none" not in by_name


def test_dates_are_counted_by_year_and_month():
    taken = tally(ROWS, {}).get("taken_at")
    assert taken.types == ("date",)
    assert dict(taken.years) == {"2019": 2, "2020": 1}
    assert dict(taken.months) == {"2019-07": 1, "2020-01": 1}
    assert (taken.first, taken.last) == ("2019", "2020-01")


def test_true_is_not_one():
    mixed = tally([{"x": True}, {"x": 1}, {"x": 1.0}], {}).get("x")
    assert set(mixed.values) == {ValueCount(1, 2), ValueCount(True, 1)}
    assert [each.documents for each in mixed.values] == [2, 1]


def test_more_columns_and_values_than_are_kept_apart_are_said(monkeypatch):
    monkeypatch.setattr(module, "MOST_VALUES", 10)
    monkeypatch.setattr(module, "MOST_COLUMNS", 5)
    rows = ({"n": n, "long": "a" * 300, f"c{n}": n} for n in range(1000))
    found = tally(rows, {})
    assert len(found.columns) == 5
    assert not found.is_complete
    numbers, long = found.get("n"), found.get("long")
    assert (numbers.documents, numbers.n_values, numbers.is_complete, numbers.last) == (1000, 10, False, 999.0)
    assert (long.documents, long.values, long.is_complete) == (1000, (), False)
    assert found.get("c999") is None


def test_the_most_frequent_are_cut_and_the_rest_stays_counted():
    facet = tally(({"n": n % 7} for n in range(100)), {}).get("n").top(2)
    assert [each.value for each in facet.values] == list(islice(range(7), 2))
    assert facet.n_values == 7


def test_places_are_counted_to_a_tenth_of_a_degree_and_impossible_ones_are_none():
    rows = [{"lat": 38.714, "lon": -9.139}, {"lat": 38.73, "lon": -9.14}, {"lat": 91, "lon": 0}, {"lat": "1", "lon": 2}]
    assert tally([*rows, {"lat": True, "lon": 1}, {"lat": 5}], {}).points == (Point(38.7, -9.1, 2),)
