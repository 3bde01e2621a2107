"""Records that a store has lost are found."""

from starlette.testclient import TestClient

from rag.health.doctor import _agreement
from rag.serve.app import create_app
from rag.store.agreement import without_records
from rag.types import record_id
from tests.serve.mcp_library import DOC, small_library


def test_records_that_the_store_has_lost_are_found_at_the_start_and_by_the_doctor(tmp_path):
    with small_library(tmp_path, chat=None) as library:
        stored = library.store.kb("manuals")
        assert list(without_records(stored, thorough=True)) == []
        stored.delete_records("texts", [record_id(DOC, 1)])
        assert [document.doc_id for document in without_records(stored, thorough=True)] == [DOC]
        assert list(without_records(stored)) == []  # neither its first nor its last
        stored.delete_records("texts", [record_id(DOC, 2)])
        (found,) = _agreement(library.store, "manuals")
        assert (found.severity, "book.pdf" in found.message) == ("error", True)
        with TestClient(create_app(library), base_url="http://127.0.0.1") as client:
            assert client.app.state.warm.wait(60)
            assert client.get("/readyz").json() == {"status": "ready", "documents_without_records": 1}
