"""Jobs over HTTP: given, followed, and by whom."""

from concurrent.futures import ThreadPoolExecutor

import httpx
from pydantic import SecretStr

from tests.serve.jobs.sending import ASYNC, URL, ended, on_disk, send, words
from tests.serve.uploading import FORM, app_with, events_of, form, incoming, until

WRITER, READER = "writer-writer-writer", "reader-reader-reader"


def test_an_upload_is_a_job_that_nobody_has_to_wait_for(library, start):
    with start() as http:
        job = send(http, "a.txt", "b/c.txt")
        facts = ended(http, job)
        (listed,) = http.get("/v1/jobs").json()["jobs"]
        events = events_of(http.get(f"{job}/events").text)
    assert (facts["state"], facts["kind"], facts["kb"], facts["n_files"]) == ("done", "upload", "manuals", 2)
    assert (facts["done"], facts["waiting"], facts["total"], facts["failed"]) == (2, 0, 2, 0)
    assert [(file["name"], file["state"]) for file in facts["files"]] == [("a.txt", "none"), ("b/c.txt", "none")]
    assert facts["report"]["new"] == 2
    assert listed == {key: value for key, value in facts.items() if key not in ("files", "report")}
    assert events == [("end", facts)]
    assert [path.name for path in (on_disk(library) / facts["id"]).iterdir()] == ["job.json"]
    assert incoming(library) == []


def test_a_file_that_became_a_caption_says_so(library, start):
    with start() as http:
        files = ended(http, send(http, "report.txt", "other.txt"))["files"]
    assert {file["name"]: "caption" in file["error"] for file in files} == {"report.txt": True, "other.txt": False}
    assert "'report.png'" in next(file["error"] for file in files if file["error"])


def test_a_job_is_followed_while_it_works(library, start):
    with start("hangs") as http, ThreadPoolExecutor() as pool:
        job = send(http)
        until(lambda: words(library) == ["began", "hangs"])
        follow = pool.submit(http.get, f"{job}/events")
        facts = http.get(job).json()
        assert (facts["state"], facts["stage"], facts["total"], facts["waiting"]) == ("running", "documents", 1, 1)
        assert facts["files"][0]["state"] == "waiting"
        http.post(f"{job}/cancel")
        events = events_of(follow.result().text)
    assert events[-1][0] == "end"
    assert events[-1][1]["state"] == "cancelled"


def test_whoever_waits_learns_of_the_job_and_of_its_end(library, start):
    with start("hangs") as http, ThreadPoolExecutor() as pool:
        post = pool.submit(http.post, URL, content=form(("pump.txt", b"x")), headers=FORM)
        until(lambda: "hangs" in words(library))
        (job,) = http.get("/v1/jobs", params={"state": "active"}).json()["jobs"]
        http.post(f"/v1/jobs/{job['id']}/cancel")
        answer = post.result()
    assert (answer.status_code, answer.json()["error"]["type"]) == (409, "job_cancelled")


def test_a_job_is_nobody_else_s(library, start):
    tokens = {SecretStr(READER): ["manuals"], SecretStr(WRITER): ["secrets:write"]}
    reader, writer = ({"Authorization": f"Bearer {token}"} for token in (READER, WRITER))
    with start("hangs", serve_tokens=tokens) as http:
        job = send(http, kb="secrets", headers=writer)
        assert http.get("/v1/jobs", headers=reader).json() == {"jobs": []}
        for method, path in [("GET", ""), ("GET", "/events"), ("POST", "/cancel"), ("POST", "/retry"), ("DELETE", "")]:
            answer = http.request(method, job + path, headers=reader)
            assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found")
        assert http.post(f"{job}/cancel", headers=writer).status_code == 200
        assert http.get("/v1/jobs/nonsense", headers=writer).status_code == 422


def test_who_may_only_read_follows_and_changes_nothing(library, start):
    tokens = {SecretStr(READER): ["manuals"], SecretStr(WRITER): ["manuals:write"]}
    reader, writer = ({"Authorization": f"Bearer {token}"} for token in (READER, WRITER))
    with start("hangs", serve_tokens=tokens) as http:
        job = send(http, headers=writer)
        assert http.get(job, headers=reader).status_code == 200
        refused = [http.post(f"{job}/cancel", headers=reader), http.delete(job, headers=reader)]
        assert [answer.status_code for answer in refused] == [403, 403]
        assert http.delete(job, headers=writer).status_code == 409


def test_too_many_jobs_are_refused(library, start, monkeypatch):
    monkeypatch.setattr("rag.serve.jobs.queue.MAX_ACTIVE", 2)
    with start("hangs") as http:
        for n in range(2):
            send(http, f"{n}.txt")
        refused = http.post(URL, content=form(("a.txt", b"x")), headers=FORM | ASYNC)
    assert (refused.status_code, refused.json()["error"]["type"]) == (429, "too_busy")
    assert "Retry-After" in refused.headers


def test_a_stopping_server_lets_nobody_wait_for_a_job(library, serve):
    app = app_with(library, "hangs")
    with serve(app) as url, httpx.Client(base_url=url, timeout=60) as http, ThreadPoolExecutor() as pool:
        job = send(http)
        until(lambda: "hangs" in words(library))
        follow = pool.submit(http.get, f"{job}/events")
        wait = pool.submit(http.post, URL, content=form(("b.txt", b"x")), headers=FORM)
        until(lambda: [app.state.jobs.n_in(state) for state in ("running", "waiting")] == [1, 1])
        app.state.leaving.leave()
        name, error = events_of(follow.result().text)[-1]
        answer = wait.result()
    assert (name, error["error"]["type"]) == ("error", "server_stopping")
    assert (answer.status_code, answer.json()["error"]["type"]) == (503, "server_stopping")
    assert "goes on when it is started again" in answer.json()["error"]["message"]
