"""Facets and lists through the front door, over the embedded store."""

import pytest

from rag.columns import cached
from rag.columns.facets import tally
from rag.config import Settings
from rag.errors import FilterSyntaxError
from rag.knowledge_base import KnowledgeBase
from rag.ports import KbSpec
from rag.store import connect
from rag.types import Document, EmbeddedRecord, Record, record_id
from tests.store.conftest import unit

COLUMNS = [{"author": "Nell", "created": "2020"}, {"author": "Ada", "created": "2021-05-01"}, {"author": "Nell"}]


def put(base, n, columns):
    doc = f"{n:032x}"
    record = Record(record_id(doc, 0), doc, f"{n}.txt", "text", "pump", {"columns": columns})
    base.stored.upsert([EmbeddedRecord(record, unit(n), None)])
    base.stored.put_documents([Document(doc, f"{n}.txt", f"/dump/{n}.txt", "hash", "done", 1)])


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    store = connect(str(folder / "milvus.db"))
    store.create_kb("notes", KbSpec("words@1", 16))
    with KnowledgeBase("notes", store, Settings(data_dir=folder, store_uri=str(folder / "milvus.db"))) as base:
        for n, columns in enumerate(COLUMNS):
            put(base, n, columns)
        yield base


def test_counts_are_kept_until_something_changes(base, monkeypatch):
    monkeypatch.setattr(cached, "_LOOK_AGAIN_S", 0.0)
    counted = []
    monkeypatch.setattr(cached, "tally", lambda *given: counted.append(1) or tally(*given))
    assert [(each.value, each.documents) for each in base.facets().get("author").values] == [("Nell", 2), ("Ada", 1)]
    assert base.facets() is base.facets()
    put(base, 9, {"author": "Zoe"})
    assert base.facets().documents == 4
    assert base.facets('author = "Nell"').documents == 2
    base.stored.delete_documents([f"{9:032x}"])
    assert base.facets().documents == 3
    assert len(counted) == 3


def test_a_list_is_in_order_and_counted_exactly(base):
    newest = base.documents(sort="-created", limit=1)
    assert [record.source for record in newest.records] == ["1.txt"]
    assert (newest.documents, newest.without) == (3, 1)
    nell = base.documents('author = "Nell"', sort="created")
    assert [record.source for record in nell.records] == ["0.txt", "2.txt"]
    assert [record.source for record in base.documents().records] == ["0.txt", "1.txt", "2.txt"]
    with pytest.raises(FilterSyntaxError):
        base.documents("author =")
