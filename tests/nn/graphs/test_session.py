"""How many threads a model takes."""

import pytest

from rag.nn.graphs.session import default_threads


@pytest.mark.parametrize(("wanted", "threads"), [("1", 1), ("64", 3), ("", 3), ("all", 3), ("0", 3)])
def test_as_many_threads_as_cores_or_as_openmp_is_told(monkeypatch, wanted, threads):
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1, 2}, raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", wanted)
    assert default_threads() == threads
