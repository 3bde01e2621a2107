"""Uploads through the real ingest, with the models that come with the program, into a store that the server holds."""

import httpx
import pytest

from rag.config import load_settings
from rag.models.store import open_store
from rag.serve.app import create_app
from rag.serve.open_knowledge_bases import OpenKnowledgeBases
from tests.ingest.conftest import png
from tests.serve.mcp_library import FakeModels
from tests.serve.uploading import STREAM, events_of

URL = "/v1/kb/fresh/documents"


@pytest.fixture
def here(tmp_path, serve):
    """A server without models of its own: only the ingest loads some."""
    settings = load_settings(data_dir=tmp_path, ocr=False)
    library = OpenKnowledgeBases(settings, open_store(settings), FakeModels(settings))
    with serve(create_app(library)) as url, httpx.Client(base_url=url, timeout=120) as client:
        yield client


def test_a_text_and_a_picture_come_in_and_a_broken_file_is_said(here):
    files = [
        ("files", ("notes/pump.txt", b"The pump is closed before the bell rings.")),
        ("files", ("red.png", png())),
        ("files", ("broken.png", png()[:40])),
    ]
    long = "钟" * 100 + ".txt"
    files.append(("files", (long, b"The bell is rung twice.")))
    events = events_of(here.post(f"{URL}?create=true", files=files, headers=STREAM).text)
    name, report = events[-1]
    assert name == "report", events
    assert ("progress", {"stage": "documents", "done": 4, "total": 4}) in events
    assert (report["new"], report["n_failed"]) == (3, 1)
    assert [(file["name"], file["state"]) for file in report["files"]] == [
        ("notes/pump.txt", "done"),
        ("red.png", "done"),
        ("broken.png", "failed"),
        (long, "done"),
    ]
    assert report["failed"][0]["source"] == "fresh/broken.png"
    text, picture, broken, named = (here.get(f"{URL}/{file['doc_id']}").json() for file in report["files"])
    assert named["source"] == f"fresh/{long}"
    assert text["source"] == "fresh/notes/pump.txt"
    assert [record["text"] for record in text["records"]] == ["The pump is closed before the bell rings."]
    asset = picture["records"][0]["asset"]
    assert here.get(f"/v1/assets/{asset}", params={"kb": "fresh"}).headers["content-type"] == "image/webp"
    assert broken["error"] == report["files"][2]["error"] != ""
    assert here.get("/v1/kb/fresh").json()["image_channel"] is True
    assert here.delete(f"{URL}/{broken['doc_id']}").status_code == 204
    assert here.get(URL).json()["total"] == 3


@pytest.mark.slow
def test_what_is_uploaded_again_replaces_what_was(here, tmp_path):
    import io
    import zipfile

    def archive(*names):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as zipped:
            for name in names:
                zipped.writestr(name, f"This is {name}.")
        return out.getvalue()

    first = [("files", ("a.zip", archive("one.txt", "two.txt"))), ("files", ("b.txt", b"old"))]
    assert here.post(f"{URL}?create=true", files=first).json()["new"] == 3
    second = [("files", ("a.zip", archive("two.txt"))), ("files", ("b.txt", b"new"))]
    report = here.post(URL, files=second).json()
    assert (report["replaced"], report["unchanged"], report["removed"]) == (1, 1, 1)
    left = here.get(URL).json()["documents"]
    assert [document["source"] for document in left] == ["fresh/a.zip!/two.txt", "fresh/b.txt"]
    assert here.get(f"{URL}/{left[1]['doc_id']}").json()["records"][0]["text"] == "new"
