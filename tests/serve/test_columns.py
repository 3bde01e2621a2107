"""The users' own columns, with a type and an example."""

from rag.serve.routes.columns import ColumnOut, own_columns
from rag.types import Document, EmbeddedRecord, Record, record_id
from tests.serve.mcp_library import FakeModels


def put(base, n, columns):
    doc = f"{n:032x}"
    text = FakeModels.text_embedder.embed_query("pump")
    record = Record(record_id(doc, 0), doc, f"{n}.txt", "text", "pump", {"columns": columns})
    base.stored.upsert([EmbeddedRecord(record, text, None)])
    base.stored.put_documents([Document(doc, f"{n}.txt", f"/dump/{n}.txt", "hash", "done", 1)])


def test_columns_of_documents_are_named_with_a_value_that_one_has(library):
    base = library.kb("manuals")
    put(base, 1, {"author": None, "year": 1999})
    put(base, 2, {"author": "Ada " * 100, "tags": ["a"]})
    found = {each.name: each for each in own_columns(base)}
    assert found["year"] == ColumnOut(name="year", type="int", example=1999)
    assert found["author"].type == "str"
    assert found["author"].example.startswith("Ada")
    assert len(found["author"].example) <= 60
    assert found["tags"].example == ["a"]
    assert list(found) == ["year", "author", "tags"]


def test_few_documents_are_looked_at_where_time_is_short(library):
    base = library.kb("manuals")
    for n in range(1, 4):
        put(base, n, {f"column{n}": n})
    assert len(own_columns(base, 1)) < len(own_columns(base))
