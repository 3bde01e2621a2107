"""Documents are listed, read and removed over HTTP."""

import httpx
import pytest
from pydantic import SecretStr

from rag.types import Document, document_id, record_id
from tests.serve.mcp_library import DOC, PASSAGES, PICTURES
from tests.serve.uploading import app_with, said, until

URL = "/v1/kb/manuals/documents"


@pytest.fixture
def here(library, serve):
    with serve(app_with(library)) as url, httpx.Client(base_url=url, timeout=20) as client:
        yield client


def uploaded(library, *names):
    """Files as an upload leaves them, and a row of the manifest for each; gives their ids."""
    uploads = app_with(library).state.jobs.uploads
    files = {}
    for name in names:
        file = files[name.partition("!/")[0]] = uploads.incoming() / name.replace("/", "_")
        file.write_text(name)
    uploads.store_files("manuals", files)
    paths = [f"{uploads.of('manuals')}/{name}" for name in names]
    ids = [document_id("manuals", path) for path in paths]
    library.store.kb("manuals").put_documents(
        [
            Document(doc_id, f"manuals/{name}", path, "hash", "done", 0, metadata={"root": path, "links": [path]})
            for doc_id, name, path in zip(ids, names, paths, strict=True)
        ],
    )
    return ids


def kept(library):
    top = library.settings.data_dir / "uploads" / "manuals"
    return sorted(path.relative_to(top).as_posix() for path in top.rglob("*"))


def sources(client, **query):
    found = client.get(URL, params=query).json()
    return [document["source"] for document in found["documents"]], found["total"]


def test_documents_are_listed_in_order_filtered_and_in_pages(library, here):
    failed = Document("f" * 32, "manuals/Bad.PDF", "/dump/bad.pdf", "", "failed", 0, "it is encrypted")
    library.store.kb("manuals").put_documents([failed])
    uploaded(library, "a.txt", "b.txt")
    every = ["book.pdf", "manuals/Bad.PDF", "manuals/a.txt", "manuals/b.txt", "pictures.pdf"]
    assert sources(here) == (every, 5)
    assert sources(here, limit=2, offset=1) == (every[1:3], 5)
    assert sources(here, offset=10**9) == ([], 5)
    assert sources(here, state="failed") == (["manuals/Bad.PDF"], 1)
    assert sources(here, contains="BAD.pdf") == (["manuals/Bad.PDF"], 1)
    assert sources(here, contains="%", state="done") == ([], 0)
    bad = here.get(URL, params={"state": "failed"}).json()["documents"][0]
    assert (bad["error"], bad["n_records"], bad["uploaded"]) == ("it is encrypted", 0, False)
    assert here.get(URL, params={"state": "x"}).status_code == 422
    assert here.get(URL, params={"limit": 0}).status_code == 422


def test_documents_are_listed_by_a_column_and_say_who_says_it(library, here):
    dated = [("old.txt", {"created": "2019-07"}), ("new.txt", {"created": "2021", "author": "Nell"}), ("none.txt", {})]
    documents = [
        Document(f"{n:032x}", name, f"/dump/{name}", "hash", "done", 0, metadata={"columns": columns, "about": about})
        for n, (name, columns) in enumerate(dated)
        for about in [{"origins": dict.fromkeys(columns, "file")}]
    ]
    library.store.kb("manuals").put_documents(documents)
    assert sources(here, contains=".txt", sort="-created") == (["new.txt", "old.txt", "none.txt"], 3)
    assert sources(here, contains=".txt", sort="created", limit=1) == (["old.txt"], 3)
    new = here.get(URL, params={"contains": "new.txt"}).json()["documents"][0]
    assert new["made"] == "2021, Nell"
    assert here.get(f"{URL}/{new['doc_id']}").json()["about"] == {"origins": {"created": "file", "author": "file"}}
    assert "cannot sort by" in here.get(URL, params={"sort": "a b"}).json()["error"]["message"]


def test_nothing_says_where_files_lie_on_the_server(library, here):
    (doc_id,) = uploaded(library, "a.txt")
    for answer in (here.get(URL), here.get(f"{URL}/{doc_id}"), here.get(f"{URL}/{DOC}")):
        assert answer.status_code == 200
        assert str(library.settings.data_dir) not in answer.text
        assert "/dump" not in answer.text
    assert here.get(f"{URL}/{doc_id}").json()["uploaded"] is True


def test_a_document_is_read_in_order(here):
    document = here.get(f"{URL}/{DOC}").json()
    assert [record["text"] for record in document["records"]] == PASSAGES
    assert [record["page"] for record in document["records"]] == [1, 2, 3]
    assert (document["source"], document["offset"], document["title"]) == ("book.pdf", 0, None)
    second = here.get(f"{URL}/{DOC}", params={"offset": 1, "limit": 1}).json()
    assert [record["text"] for record in second["records"]] == PASSAGES[1:2]
    pictures = here.get(f"{URL}/{PICTURES}").json()["records"]
    assert {record["kind"] for record in pictures} == {"image"}
    assert all(record["asset"].endswith(".webp") for record in pictures)


def test_a_record_is_shown_with_its_neighbours(here):
    around = here.get(f"{URL}/{DOC}", params={"around": record_id(DOC, 2), "limit": 2}).json()
    assert (around["offset"], [record["text"] for record in around["records"]]) == (1, PASSAGES[1:])
    assert here.get(f"{URL}/{DOC}", params={"around": record_id(DOC, 9)}).status_code == 404


def test_a_document_that_is_not_there_is_not_found(library, here):
    for doc_id in ("0" * 32, "x", "%00", 'x" or 1 == 1'):
        for method in ("GET", "DELETE"):
            answer = here.request(method, f"{URL}/{doc_id}")
            assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found"), doc_id
    assert here.get(f"/v1/kb/secrets/documents/{DOC}").status_code == 404
    assert here.delete(f"/v1/kb/nowhere/documents/{DOC}").status_code == 404
    assert library.store.kb("manuals").document(DOC) is not None


def test_a_removed_document_is_gone_with_its_records(library, here):
    answer = here.delete(f"{URL}/{DOC}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert library.store.kb("manuals").records([record_id(DOC, 0)]) == {}
    assert sources(here) == (["pictures.pdf"], 1)
    assert here.delete(f"{URL}/{DOC}").status_code == 404


def test_only_an_uploaded_file_goes_with_its_document(library, here, tmp_path):
    own = tmp_path / "own.txt"
    own.write_text("mine")
    outside = Document(document_id("manuals", str(own)), "own.txt", str(own), "hash", "done", 0)
    library.store.kb("manuals").put_documents([outside])
    first, _ = uploaded(library, "a/b.txt", "c.txt")
    assert here.delete(f"{URL}/{outside.doc_id}").status_code == 204
    assert own.read_text() == "mine"
    assert here.delete(f"{URL}/{first}").status_code == 204
    assert kept(library) == ["c.txt"]


def test_a_document_whose_file_is_gone_can_be_removed(library, here):
    (doc_id,) = uploaded(library, "a.txt")
    (library.settings.data_dir / "uploads" / "manuals" / "a.txt").unlink()
    assert here.delete(f"{URL}/{doc_id}").status_code == 204
    assert library.store.kb("manuals").document(doc_id) is None


def test_an_uploaded_archive_goes_as_a_whole(library, here):
    inner, second, other = uploaded(library, "a.zip!/x.txt", "a.zip!/y/z.txt", "a.zip.txt")
    refused = here.delete(f"{URL}/{inner}")
    archive = document_id("manuals", f"{library.settings.data_dir}/uploads/manuals/a.zip")
    assert refused.status_code == 409
    assert archive in refused.json()["error"]["message"]
    assert here.delete(f"{URL}/{archive}").status_code == 204
    until(lambda: [word for word, _, _ in said(library)] == ["began", "ended"])  # its captions may have been others'
    assert [library.store.kb("manuals").document(one) is None for one in (inner, second, other)] == [True, True, False]
    assert kept(library) == ["a.zip.txt"]


def test_who_may_only_read_removes_nothing(library, serve):
    tokens = {SecretStr("reader-reader-reader"): ["manuals"]}
    with serve(app_with(library, serve_tokens=tokens)) as url:
        headers = {"Authorization": "Bearer reader-reader-reader"}
        assert httpx.get(f"{url}{URL}/{DOC}", headers=headers).status_code == 200
        assert httpx.delete(f"{url}{URL}/{DOC}", headers=headers).status_code == 403
        for method in ("GET", "DELETE"):
            answer = httpx.request(method, f"{url}/v1/kb/secrets/documents/{DOC}", headers=headers)
            assert answer.json()["error"]["type"] == "knowledge_base_not_found"
        assert httpx.get(f"{url}/v1/kb/secrets/documents", headers=headers).status_code == 404
