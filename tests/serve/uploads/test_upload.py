"""Files come in over HTTP and are ingested; a stand-in for the ingest says what it was given."""

import httpx
import pytest

from tests.serve.uploading import BOUNDARY, FORM, STREAM, app_with, events_of, form, incoming, said, until

URL = "/v1/kb/manuals/documents"


def client(url, **kwargs):
    return httpx.Client(base_url=url, timeout=20, **kwargs)


@pytest.fixture
def here(library, serve):
    """A client of a server whose ingest works."""
    with serve(app_with(library)) as url, client(url) as http:
        yield http


def kept(library, kb="manuals"):
    top = library.settings.data_dir / "uploads" / kb
    return {file.relative_to(top).as_posix(): file.read_bytes() for file in top.rglob("*") if file.is_file()}


def test_files_are_kept_and_the_ingest_is_told_of(library, here):
    answer = here.post(URL, files=[("files", ("a/b.txt", b"bell")), ("files", ("pump.txt", b"pump"))], headers=STREAM)
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = events_of(answer.text)
    assert [name for name, _ in events] == ["progress"] * (len(events) - 1) + ["report"]
    assert [data["stage"] for _, data in events[:2]] == ["waiting", "starting"]
    assert events[-2][1] == {"stage": "documents", "done": 2, "total": 2}
    report = events[-1][1]
    assert [note["text"] for note in report["notes"]] == ["a/b.txt", "pump.txt"]
    assert [(file["name"], file["state"]) for file in report["files"]] == [("a/b.txt", "none"), ("pump.txt", "none")]
    assert kept(library) == {"a/b.txt": b"bell", "pump.txt": b"pump"}
    until(lambda: incoming(library) == [])


def test_without_events_one_answer_comes_at_the_end(here):
    answer = here.post(URL, files={"files": ("pump.txt", b"pump")})
    assert answer.status_code == 200
    assert answer.json()["new"] == 1
    assert str(here.base_url) not in answer.text


def test_a_file_of_the_same_name_replaces_the_earlier_one(library, here):
    for content in (b"one", b"two"):
        here.post(URL, files={"files": ("pump.txt", content)})
    assert kept(library) == {"pump.txt": b"two"}


def test_a_large_report_does_not_block(library, serve):
    with serve(app_with(library, "talks")) as url, client(url) as http:
        answer = http.post(URL, files={"files": ("x" * 150 + ".txt", b"pump")})
    assert len(answer.content) > 100_000


def test_hidden_files_are_passed_over_and_said(library, here):
    body = form((".DS_Store", b"x"), (".git/config", b"x"), ("pump.txt", b"pump"))
    report = here.post(URL, content=body, headers=FORM).json()
    assert [(file["name"], file["state"]) for file in report["files"]] == [
        ("pump.txt", "none"),
        (".DS_Store", "hidden"),
        (".git/config", "hidden"),
    ]
    assert kept(library) == {"pump.txt": b"pump"}


NO_FORMS = [
    (b"{}", {"Content-Type": "application/json"}),
    (b"", FORM),
    (form(), FORM),
    (form(("a.txt", b"x"), end=False), FORM),
    (form((".hidden", b"x")), FORM),
    (form(("../a.txt", b"x")), FORM),
    (form(("a.txt", b"x")).replace(b'name="files"', b'name="file"'), FORM),
    (form(("a.txt", b"x")).replace(b'; filename="a.txt"', b""), FORM),
    (form(("a.txt", b"x")), {"Content-Type": "multipart/form-data"}),
    (form(("a.txt", b"x")), {"Content-Type": f"multipart/form-data; boundary={'x' * 300}"}),
    (form(("a.txt", b"x")).replace(b"Content-", b"X-" + b"y" * 10_000), FORM),
    (b"nonsense", FORM),
]


def test_what_is_no_form_of_files_is_refused(library, here):
    for body, headers in NO_FORMS:
        answer = here.post(URL, content=body, headers=headers)
        assert answer.status_code == 422, body
        assert answer.json()["error"]["type"] == "bad_upload"
    assert kept(library) == {}


def test_a_name_costs_that_file_at_most_and_is_the_source(library, here):
    names = ["a.txt", "A.txt", "a.txt/b.txt", "图" * 72 + ".md", "aux.md", "gp\u200ff.pdf", "a\\b.txt", "x" * 300]
    body = form(*((name, name.encode()) for name in names), ("../up.txt", b"x"), ("a.txt", b"y"), (b"\xff.txt", b"z"))
    report = here.post(URL, content=body, headers=FORM).json()
    files = {file["name"]: file for file in report["files"]}
    assert {name: file["state"] for name, file in files.items()} == {
        **dict.fromkeys([*names, "\\xff.txt"], "none"),
        "../up.txt": "failed",
        "a.txt": "failed",
    }
    assert "not one inside the upload" in files["../up.txt"]["error"]
    assert sorted(kept(library).values()) == sorted([*(name.encode() for name in names), b"z"])
    assert all(len(part.encode()) <= 255 for name in kept(library) for part in name.split("/"))
    told = {note["text"] for note in report["notes"]}  # names as the ingest was told them
    assert told == {*names, "\\xff.txt"}


def test_too_many_files_are_refused(library, here, monkeypatch):
    monkeypatch.setattr("rag.serve.uploads.form.MAX_FILES", 3)
    answer = here.post(URL, content=form(*((f"{n}.txt", b"x") for n in range(4))), headers=FORM)
    assert (answer.status_code, answer.json()["error"]["type"]) == (413, "too_large")
    assert kept(library) == {}


@pytest.mark.parametrize("streamed", [False, True])
def test_too_large_an_upload_is_refused_and_leaves_nothing(library, serve, streamed):
    body = form(("large.txt", b"x" * (1024**2 + 1)))
    pieces = (body[start : start + 65_536] for start in range(0, len(body), 65_536))
    with serve(app_with(library, serve_upload_mb=1)) as url, client(url) as http:
        answer = http.post(URL, content=pieces if streamed else body, headers=FORM)
    assert answer.status_code == 413
    assert kept(library) == {}
    assert incoming(library) == []


def test_a_full_disk_is_said(library, here, monkeypatch):
    def full(self):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rag.serve.uploads.form._Writer._open", full)
    answer = here.post(URL, content=form(("a.txt", b"x")), headers=FORM)
    assert answer.status_code == 507
    error = answer.json()["error"]
    assert (error["type"], error["message"]) == ("no_room", "the upload cannot be kept: No space left on device")


def test_an_unknown_knowledge_base_is_made_only_where_that_is_wanted(library, here):
    new = "/v1/kb/fresh/documents"
    answer = here.post(new, content=form(("a.txt", b"x")), headers=FORM)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "knowledge_base_not_found")
    here.post(f"{new}?create=true", content=form(("a.txt", b"x")), headers=FORM)  # the stand-in does not make it
    assert [word for word, kb, _ in said(library) if kb == "fresh"] == ["began", "ended"]


def test_a_name_that_no_knowledge_base_can_have_makes_no_folder(library, here):
    for name in ("..", "%2e%2e", "a-b", "a" * 64, "%2Fetc", ".incoming", "x%00y", "-rf"):
        answer = here.post(f"/v1/kb/{name}/documents?create=true", content=form(("a.txt", b"x")), headers=FORM)
        assert answer.status_code in (404, 405, 422), name
    assert said(library) == []


def test_who_may_only_read_changes_nothing(library, serve):
    tokens = {"reader-reader-reader": ["manuals"], "writer-writer-writer": ["manuals:write"]}
    with serve(app_with(library, serve_tokens=tokens_of(tokens))) as url:
        for token, kb, status in [
            ("reader-reader-reader", "manuals", 403),
            ("reader-reader-reader", "secrets", 404),
            ("writer-writer-writer", "manuals", 200),
            ("writer-writer-writer", "secrets", 404),
            ("writer-writer-writer", "fresh", 404),
            ("nobody-nobody-nobody", "manuals", 401),
        ]:
            with client(url, headers={"Authorization": f"Bearer {token}"}) as http:
                path = f"/v1/kb/{kb}/documents?create=true"
                assert http.post(path, content=form(("a.txt", b"x")), headers=FORM).status_code == status
    assert {kb for _, kb, _ in said(library)} == {"manuals"}


def tokens_of(plain):
    from pydantic import SecretStr

    return {SecretStr(token): names for token, names in plain.items()}


def test_the_boundary_may_fall_anywhere(library, here):
    content = f"--{BOUNDARY[:-1]}\r\n--".encode() * 50 + b"\r"
    body = form(("a.bin", content), ("b.bin", b""))
    answer = here.post(URL, content=(body[at : at + 7] for at in range(0, len(body), 7)), headers=FORM)
    assert answer.status_code == 200
    assert kept(library) == {"a.bin": content, "b.bin": b""}
