"""Sends files as jobs, and looks what became of them."""

from __future__ import annotations

from tests.serve.uploading import FORM, form, said, until

URL = "/v1/kb/manuals/documents"
ASYNC = {"Prefer": "respond-async"}


def send(http, *names, kb="manuals", headers=None):
    """The address of the job that an upload became."""
    body = form(*((name, name.encode()) for name in names or ["pump.txt"]))
    path = f"/v1/kb/{kb}/documents"
    answer = http.post(path, content=body, headers=FORM | ASYNC | (headers or {}))
    assert answer.status_code == 202, answer.text
    assert answer.headers["Preference-Applied"] == "respond-async"
    return answer.headers["Location"]


def ended(http, job):
    until(lambda: http.get(job).json()["state"] not in ("waiting", "running"), 60)
    return http.get(job).json()


def words(library):
    return [word for word, _, _ in said(library)]


def kept(library, kb="manuals"):
    top = library.settings.data_dir / "uploads" / kb
    return sorted(file.relative_to(top).as_posix() for file in top.rglob("*") if file.is_file())


def on_disk(library):
    return library.settings.data_dir / "uploads" / ".jobs"
