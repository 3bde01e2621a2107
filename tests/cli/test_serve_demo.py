"""`rag serve --demo` answers at once; a job puts the sample in beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.cli import demo, serve


def test_the_sample_is_a_job_of_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    left = []

    def run(app, *args, **options):
        left.extend(app.state.jobs._at_start)
        app.state.library.close()

    monkeypatch.setenv("RAG_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("rag.serve.run.run", run)
    serve.serve(demo=True)
    assert [(job.kb, job.kind, job.folder) for job in left] == [("demo", "demo", str(demo.samples()))]


def test_without_the_sample_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(demo, "examples_folder", lambda: tmp_path)
    with pytest.raises(demo.DemoFailed, match="reinstall the package"):
        serve.serve(demo=True)
