import threading

import numpy as np
import pytest

import rag.search.background_sample
from rag.search.background_sample import SAMPLE_ROWS, Sample


class Rows:
    """Gives another single row each time; `n` times asked."""

    def __init__(self, n_empty=0):
        self.n, self.n_empty = 0, n_empty

    def __call__(self, n_rows):
        assert n_rows == SAMPLE_ROWS
        self.n += 1
        return np.full((0 if self.n <= self.n_empty else 1, 2), self.n, np.float32)


@pytest.fixture
def clock(monkeypatch):
    """Seconds, to be set."""
    now = [100.0]
    monkeypatch.setattr(rag.search.background_sample.time, "monotonic", lambda: now[0])
    return now


def test_rows_are_taken_once_and_anew_when_they_are_old(clock):
    take = Rows()
    sample = Sample(take)
    assert sample.rows()[0, 0] == sample.rows()[0, 0] == 1
    clock[0] += 31
    assert sample.rows()[0, 0] == sample.rows()[0, 0] == 2


def test_an_empty_collection_is_asked_again_at_once():
    sample = Sample(Rows(n_empty=1))
    assert [len(sample.rows()), len(sample.rows())] == [0, 1]


def test_threads_that_ask_first_take_one_sample():
    begun, go, take = threading.Barrier(5), threading.Event(), Rows()

    def slowly(n_rows):
        go.wait(timeout=5)
        return take(n_rows)

    sample, seen = Sample(slowly), []

    def ask():
        begun.wait(timeout=5)
        seen.append(sample.rows()[0, 0])

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    begun.wait(timeout=5)
    go.set()
    for thread in threads:
        thread.join(timeout=5)
    assert (seen, take.n) == ([1] * 4, 1)


def test_while_one_thread_takes_new_rows_others_have_the_old_ones(clock):
    begun, go, take = threading.Event(), threading.Event(), Rows()

    def slowly(n_rows):
        if take.n:
            begun.set()
            go.wait(timeout=5)
        return take(n_rows)

    sample = Sample(slowly)
    sample.rows()
    clock[0] += 31
    thread = threading.Thread(target=sample.rows)
    thread.start()
    assert begun.wait(timeout=5)
    assert sample.rows()[0, 0] == 1
    go.set()
    thread.join(timeout=5)
    assert sample.rows()[0, 0] == 2


def test_a_store_that_fails_is_asked_again_by_the_next_question():
    def fail_first(n_rows, failed=[]):  # noqa: B006 - remembers that it has failed
        if not failed:
            failed.append(True)
            raise OSError("gone")
        return np.ones((1, 2), np.float32)

    sample = Sample(fail_first)
    with pytest.raises(OSError, match="gone"):
        sample.rows()
    assert len(sample.rows()) == 1
