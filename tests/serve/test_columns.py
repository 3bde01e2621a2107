"""The users' own columns: their types, an example, and what they hold."""

import pytest
from starlette.testclient import TestClient

from rag.serve.app import create_app
from rag.serve.routes.columns_read import ColumnOut, own_columns
from tests.serve.mcp_library import put


@pytest.fixture
def client(library):
    return TestClient(create_app(library), base_url="http://127.0.0.1")


@pytest.fixture
def base(library):
    base = library.kb("manuals")
    put(base, 1, {"author": None, "year": 1999, "taken_at": "2019-07-14"})
    put(
        base,
        2,
        {"author": "Ada " * 40, "tags": ["a", 2], "year": 2001, "taken_at": "2020"},
        "A pump of brass stands in the yard.",
    )
    return base


def test_columns_of_documents_are_named_with_a_value_that_one_has(base):
    found = {each.name: each for each in own_columns(base)}
    assert found["year"] == ColumnOut(name="year", type="int", example=1999)
    assert found["author"].type == "str"
    assert found["author"].example.startswith("Ada")
    assert len(found["author"].example) <= 60
    assert found["tags"].example == 2
    assert list(found) == ["year", "author", "tags", "taken_at"]


def test_few_documents_are_looked_at_where_time_is_short(library):
    base = library.kb("manuals")
    for n in range(1, 4):
        put(base, n, {f"column{n}": n})
    assert len(own_columns(base, 1)) < len(own_columns(base))


def test_facets_over_http_count_values_and_years(base, client):
    found = client.get("/v1/kb/manuals/facets", params={"column": ["tags", "taken_at"]}).json()
    tags, taken = found["columns"]
    assert tags["values"] == [{"value": 2, "documents": 1}, {"value": "a", "documents": 1}]
    assert (taken["types"], taken["years"], taken["months"]) == (["date"], {"2019": 1, "2020": 1}, {"2019-07": 1})
    some = client.get("/v1/kb/manuals/facets", params={"where": "year > 2000", "top": 0}).json()
    assert some["documents"] == 1
    assert all(column["values"] == [] for column in some["columns"])
    wrong = client.get("/v1/kb/manuals/facets", params={"where": "year >"})
    assert wrong.status_code == 422


def test_without_a_question_documents_are_listed_in_an_order(base, client):
    found = client.post("/v1/search", json={"kb": "manuals", "where": "exists(taken_at)", "sort": "-taken_at"}).json()
    assert [source["source"] for source in found["sources"]] == ["2.txt", "1.txt"]
    assert found["total"] == 2
    assert [note["code"] for note in found["notes"]] == ["listed"]


def test_hits_are_ordered_by_a_column_and_those_without_come_last(base, client):
    asked = {"kb": "manuals", "question": "pump", "sort": "taken_at", "top_k": 20}
    found = client.post("/v1/search", json=asked).json()
    dates = [source["columns"].get("taken_at") for source in found["sources"]]
    assert dates[:2] == ["2019-07-14", "2020"]
    assert set(dates[2:]) == {None}
    (note,) = [note for note in found["notes"] if note["code"] == "sorted"]
    assert "come last" in note["text"]
    wrong = client.post("/v1/search", json={**asked, "sort": "a b"})
    assert "cannot sort by" in wrong.json()["error"]["message"]
