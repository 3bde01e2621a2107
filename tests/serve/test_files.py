"""Files behind documents: archives and tables are listed and removed, originals are downloaded and never shown."""

import hashlib
import io
import zipfile

import httpx
import pytest

from rag.types import Document, document_id
from tests.serve.mcp_library import DOC
from tests.serve.test_documents import URL, uploaded
from tests.serve.uploading import FORM, app_with, form, said, until


@pytest.fixture
def here(library, serve):
    with serve(app_with(library)) as url, httpx.Client(base_url=url, timeout=30) as client:
        yield client


def test_what_is_no_document_of_its_own_is_listed_and_removed(library, here):
    inner, second, _ = uploaded(library, "a.zip!/x.txt", "a.zip!/y.txt", "doc.txt")
    body = form(("文/captions:1.csv", b"image,caption"), ("Thumbs.db", b"x"))
    here.post(URL, content=body, headers=FORM)
    files = here.get("/v1/kb/manuals/files").json()["files"]
    assert [(file["name"], file["kind"], file["documents"]) for file in files] == [
        ("Thumbs.db", "other", 0),
        ("a.zip", "archive", 2),
        ("文/captions:1.csv", "captions", 0),
    ]
    assert files[2]["size_bytes"] == 13
    saved = here.get(f"{URL}/{files[2]['doc_id']}/original")
    assert saved.content == b"image,caption"
    for file in files:
        assert here.delete(f"{URL}/{file['doc_id']}").status_code == 204
    assert here.get("/v1/kb/manuals/files").json() == {"files": []}
    assert [library.store.kb("manuals").document(one) for one in (inner, second)] == [None, None]
    until(lambda: len([word for word, _, _ in said(library) if word == "ended"]) >= 2)  # the rest is looked at again


def test_an_original_is_saved_and_never_shown(library, here):
    plain, inner = uploaded(library, "a/ü b.html", "a.zip!/x.txt")
    answer = here.get(f"{URL}/{plain}/original")
    assert (answer.status_code, answer.text) == (200, "a/ü b.html")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%BC%20b.html"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert here.get(f"{URL}/{plain}").json()["original"] == "ü b.html"
    assert "a.zip" in here.get(f"{URL}/{inner}/original").headers["content-disposition"]
    assert here.get(f"{URL}/{inner}").json()["original"] == "a.zip"


def test_what_is_inside_an_archive_is_taken_out_of_it(library, here):
    archive = library.settings.data_dir / "uploads" / "manuals" / "a.zip"
    archive.parent.mkdir(parents=True, exist_ok=True)
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as nested:
        nested.writestr("x.txt", b"inside both")
    with zipfile.ZipFile(archive, "w") as outer:
        outer.writestr("b/\u00fc.txt", b"inside")
        outer.writestr("c.zip", inner.getvalue())
    saved = {}
    for name, data in (("b/\u00fc.txt", b"inside"), ("c.zip!/x.txt", b"inside both"), ("b/\u00fc.txt", b"as it was")):
        path = f"{archive}!/{name}"
        id_ = document_id("manuals", path + data.decode())
        row = Document(
            id_, f"a.zip!/{name}", path, "h", "done", 0, metadata={"sha256": hashlib.sha256(data).hexdigest()}
        )
        library.store.kb("manuals").put_documents([row])
        saved[name, data] = here.get(f"{URL}/{id_}/original")
        assert here.get(f"{URL}/{id_}").json()["original"] == name.rpartition("/")[2]
    own, both, changed = saved.values()
    assert (own.content, both.content) == (b"inside", b"inside both")
    assert "%C3%BC.txt" in own.headers["content-disposition"]
    assert own.headers["content-length"] == "6"
    assert changed.content == archive.read_bytes()
    assert "a.zip" in changed.headers["content-disposition"]


def test_a_file_elsewhere_is_given_only_as_it_was_read(library, here, tmp_path):
    own = tmp_path / "own.svg"
    own.write_text("<svg/>")
    ids = []
    for sha256 in (hashlib.sha256(b"<svg/>").hexdigest(), hashlib.sha256(b"another").hexdigest(), ""):
        ids.append(document_id("manuals", f"{own}{sha256}"))
        row = Document(ids[-1], "own.svg", str(own), "h", "done", 0, metadata={"sha256": sha256})
        library.store.kb("manuals").put_documents([row])
    assert here.get(f"{URL}/{ids[0]}/original").text == "<svg/>"
    answers = [here.get(f"{URL}/{doc_id}/original") for doc_id in (*ids[1:], DOC, "0" * 32)]
    assert [answer.status_code for answer in answers] == [404] * 4
    assert "does not have the original" in answers[2].json()["error"]["message"]
    assert str(tmp_path) not in "".join(answer.text for answer in answers)
    assert here.get(f"{URL}/{DOC}").json()["original"] is None
    assert here.get(f"/v1/kb/secrets/documents/{ids[0]}/original").status_code == 404


def test_a_path_that_leads_out_of_the_uploads_leads_nowhere(library, here, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("x")
    top = library.settings.data_dir / "uploads" / "manuals"
    top.mkdir(parents=True)
    (top / "link.txt").symlink_to(secret)
    for n, path in enumerate([f"{top}/../../secret.txt", f"{top}/link.txt"]):
        row = Document(f"{n}" * 32, "x", path, "h", "done", 0, metadata={"sha256": hashlib.sha256(b"x").hexdigest()})
        library.store.kb("manuals").put_documents([row])
        assert here.get(f"{URL}/{row.doc_id}/original").status_code == 404
