"""Jobs are the server's: they go on without whoever sent the files, one after the other, and after a restart."""

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from rag.serve.jobs.job import Job
from rag.serve.uploads.report import FailureOut, ReportOut
from rag.types import Document, document_id
from tests.serve.jobs.sending import ASYNC, URL, ended, kept, on_disk, send, words
from tests.serve.mcp_library import small_library
from tests.serve.uploading import FORM, STREAM, app_with, form, said, until


def test_a_client_that_goes_away_stops_nothing(library, start):
    with start("slow") as http:
        for headers in (STREAM, {}):
            with pytest.raises(httpx.ReadTimeout), httpx.Client(base_url=http.base_url, timeout=0.2) as client:
                client.post(URL, content=form(("pump.txt", b"x")), headers=FORM | headers)
        until(lambda: words(library) == ["began", "ended"] * 2, 60)
        until(lambda: [job["state"] for job in http.get("/v1/jobs").json()["jobs"]] == ["done"] * 2)


def test_jobs_go_on_after_a_restart(library, tmp_path, start):
    with start("hangs") as http:
        jobs = [send(http, f"{n}.txt") for n in range(2)]
        until(lambda: "hangs" in words(library))
    assert kept(library) == ["0.txt"]
    with small_library(tmp_path) as again, start(library=again) as http:
        assert [ended(http, job)["state"] for job in jobs] == ["done", "done"]
        assert kept(again) == ["0.txt", "1.txt"]
    with small_library(tmp_path) as again, start("dies", library=again) as http:
        assert [http.get(job).json()["state"] for job in jobs] == ["done", "done"]


def test_a_job_that_a_kill_left_running_goes_on(library, start):
    folder = on_disk(library) / "x"
    job = Job(kb="manuals", state="running")
    folder = folder.with_name(job.id)
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(job.model_dump_json())
    with start() as http:
        assert ended(http, f"/v1/jobs/{job.id}")["state"] == "done"


def test_a_damaged_job_is_said_and_the_others_go_on(library, start, caplog):
    good = Job(kb="manuals")
    for name, text in [("bad", "{"), ("20260101-000000-000000000000", good.model_dump_json()), (good.id, "")]:
        (on_disk(library) / name).mkdir(parents=True)
        (on_disk(library) / name / "job.json").write_text(text)
    (on_disk(library) / "empty").mkdir()
    (on_disk(library) / good.id / "job.json").write_text(good.model_dump_json())
    with start() as http:
        assert ended(http, f"/v1/jobs/{good.id}")["state"] == "done"
        assert len(http.get("/v1/jobs").json()["jobs"]) == 1
    assert caplog.text.count("a job cannot be read") == 3


def test_one_job_at_a_time_a_knowledge_base_and_several_of_them(library, start):
    with start("hangs") as http:
        first, second = send(http, "1.txt"), send(http, "2.txt")
        until(lambda: words(library) == ["began", "hangs"])
        other = send(http, "3.txt", kb="secrets")
        until(lambda: words(library).count("hangs") == 2)
        assert [http.get(job).json()["state"] for job in (first, second, other)] == ["running", "waiting", "running"]
        assert http.get(second).json()["ahead"] == 1
        assert http.post(f"{first}/cancel").json()["state"] == "cancelled"
        until(lambda: http.get(second).json()["state"] == "running")
    assert [kb for word, kb, _ in said(library) if word == "began"] == ["manuals", "secrets", "manuals"]


def test_a_cancelled_job_keeps_what_was_read_and_removes_the_rest(library, start):
    with start("hangs") as http:
        job = send(http, "read.txt", "unread.txt", "a.zip", "half.txt")
        until(lambda: "hangs" in words(library))
        top = library.settings.data_dir / "uploads" / "manuals"
        rows = [(f"{top}/read.txt", "done"), (f"{top}/a.zip!/in.txt", "done"), (f"{top}/half.txt", "writing")]
        ids = [document_id("manuals", path) for path, _ in rows]
        library.store.kb("manuals").put_documents(
            [Document(id_, path, path, "h", state, 0) for id_, (path, state) in zip(ids, rows, strict=True)]
        )
        waits = send(http, "later.txt")
        assert http.post(f"{waits}/cancel").json()["state"] == "cancelled"
        facts = http.post(f"{job}/cancel").json()
        again = http.post(f"{job}/retry")
        assert library.store.kb("manuals").document(ids[2]) is None
    assert facts["state"] == "cancelled"
    assert [file["state"] for file in facts["files"]] == ["done", "none", "none", "none"]
    assert [bool(file["error"]) for file in facts["files"]] == [False, True, False, True]
    assert kept(library) == ["a.zip", "read.txt"]
    assert (again.status_code, again.json()["error"]["type"]) == (409, "conflict")


def test_a_job_that_failed_is_tried_again(library, tmp_path, start):
    with start("dies") as http:
        job = send(http)
        facts = ended(http, job)
        assert (facts["state"], facts["may_retry"]) == ("failed", True)
        assert facts["error"]["type"] == "ingest_stopped"
        assert facts["files"][0]["state"] == "waiting"
    with small_library(tmp_path) as again, start(library=again) as http:
        answer = http.post(f"{job}/retry")
        assert (answer.status_code, answer.headers["Location"]) == (202, job)
        facts = ended(http, job)
        assert (facts["state"], facts["error"], facts["may_retry"]) == ("done", None, False)
        assert http.delete(job).status_code == 204
        assert http.get(job).status_code == 404
    assert not (on_disk(library) / facts["id"]).exists()


def test_documents_that_failed_are_tried_again_alone(library, start):
    with start("fails") as http:
        job = send(http, "good.txt", "bad.pdf", "../up.txt")
        facts = ended(http, job)
        assert (facts["state"], facts["failed"], facts["may_retry"]) == ("done", 2, True)
        assert [(file["name"], file["state"]) for file in facts["files"]][1:] == [
            ("bad.pdf", "failed"),
            ("../up.txt", "failed"),
        ]
        assert facts["files"][1]["error"] == "it is encrypted"
        http.post(f"{job}/retry")
        ended(http, job)
    assert words(library) == ["began", "ended", "retried", "ended"]


def test_an_old_failure_is_not_this_job_s():
    job = Job(kb="kb", state="done", files=[{"name": "a.zip", "state": "none", "doc_id": "1"}])
    numbers = dict.fromkeys(("documents", "records", "new", "replaced", "unchanged", "removed", "n_warnings"), 0)
    report = ReportOut(
        kb="kb", **numbers, n_failed=2, failed=[], warnings=[], notes=[], skipped={}, captions=None, seconds=1
    )
    job.report = report.model_copy(update={"failed": [FailureOut(source="kb/old.pdf", reason="", transient=False)]})
    assert (job.n_failed, job.may_retry) == (0, False)
    job.again()
    job.end("done")
    job.report = report.model_copy(update={"failed": [FailureOut(source="kb/a.zip!/b", reason="", transient=False)]})
    assert (job.n_failed, job.may_retry) == (1, True)


def test_the_rate_and_what_is_left_are_those_of_lately(monkeypatch):
    times = iter((0.0, 1.0, 10.0, 40.0))
    monkeypatch.setattr("rag.serve.jobs.job.time.monotonic", lambda: next(times))
    job = Job(kb="kb")
    job.begin()
    for done in (0, 900, 910, 940):
        job.say("documents", done, 1000)
    assert (job.rate, job.left_s) == (1.0, 60.0)


def test_documents_are_removed_beside_a_job(library, start):
    with start("hangs") as http, ThreadPoolExecutor(30) as pool:
        job = send(http, *(f"{n}.txt" for n in range(30)))
        until(lambda: "hangs" in words(library))
        top = library.settings.data_dir / "uploads" / "manuals"
        ids = [document_id("manuals", f"{top}/{n}.txt") for n in range(30)]
        stored = library.store.kb("manuals")
        rows = [Document(id_, f"manuals/{n}.txt", f"{top}/{n}.txt", "h", "done", 0) for n, id_ in enumerate(ids)]
        stored.put_documents(rows)
        gone = list(pool.map(lambda id_: http.delete(f"{URL}/{id_}").status_code, ids))
        assert gone == [204] * 30
        stored.put_documents(rows[:3])  # the ingest had these in hand
        (library.settings.data_dir / "uploads" / "go").touch()
        assert ended(http, job)["state"] == "done"
        assert http.get(URL).json()["total"] == 2
    assert kept(library) == []


def test_two_servers_do_not_run_the_same_jobs(library, start):
    with start() as first, start() as second:
        refused = second.post(URL, content=form(("a.txt", b"x")), headers=FORM | ASYNC)
        assert (refused.status_code, refused.json()["error"]["type"]) == (503, "ingest_stopped")
        assert ended(first, send(first))["state"] == "done"


def test_the_oldest_that_ended_are_forgotten(library, start, monkeypatch):
    monkeypatch.setattr("rag.serve.jobs.queue.MAX_KEPT", 2)
    with start() as http:
        jobs = [send(http, f"{n}.txt") for n in range(4)]
        ended(http, jobs[-1])
        until(lambda: [http.get(job).status_code for job in jobs] == [404, 404, 200, 200])
    assert len(list(on_disk(library).glob("*/job.json"))) == 2


def test_a_job_that_breaks_is_said_and_the_next_one_works(library, start, monkeypatch):
    broken = threading.Event()

    def place(self, job):
        if not broken.is_set():
            broken.set()
            raise OSError(28, "No space left on device")
        return original(self, job)

    from rag.serve.jobs.work import Work

    original = Work._place
    monkeypatch.setattr(Work, "_place", place)
    with start() as http:
        first, second = send(http, "a.txt"), send(http, "b.txt")
        assert ended(http, second)["state"] == "done"
        facts = ended(http, first)
        assert (facts["state"], facts["error"]["type"]) == ("failed", "no_room")
        http.post(f"{first}/retry")
        assert ended(http, first)["state"] == "done"
    assert kept(library) == ["a.txt", "b.txt"]


def test_a_job_of_the_start_is_one_though_an_earlier_server_left_it(library, tmp_path, serve):
    samples = tmp_path / "samples"
    samples.mkdir()
    (samples / "a.txt").write_text("x")
    for _ in range(2):
        with small_library(tmp_path) as again:
            app = app_with(again, "hangs")
            app.state.jobs.at_start(Job(kb="manuals", kind="demo", folder=str(samples)))
            with serve(app) as url:
                until(lambda: words(again)[-1:] == ["hangs"])
                (job,) = httpx.get(f"{url}/v1/jobs").json()["jobs"]
                assert (job["kind"], job["state"]) == ("demo", "running")
                (tmp_path / "said.log").unlink()
