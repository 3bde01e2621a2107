"""Locks of collections: two lots of them on one folder stand for two processes."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from rag.store.lite.locks import CollectionLocks


def test_a_thread_may_enter_again_and_the_other_process_only_afterwards(tmp_path: Path) -> None:
    one, two = CollectionLocks(tmp_path), CollectionLocks(tmp_path)
    with one.held("texts", 1):
        with one.held("texts", 1), one.held("images", 1):
            pass
        with pytest.raises(TimeoutError), two.held("texts", 0.02):
            pass
        with two.held("images", 1):
            pass
    with two.held("texts", 0.02), pytest.raises(TimeoutError), one.held("texts", 0.02):
        pass


def test_threads_are_kept_apart_also_without_a_folder() -> None:
    locks = CollectionLocks()
    refused: list[bool] = []

    def other() -> None:
        try:
            with locks.held("texts", 0.02):
                refused.append(False)
        except TimeoutError:
            refused.append(True)

    with locks.held("texts", 1):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused == [True]


def test_whoever_waits_is_next_although_the_other_asks_again_at_once(tmp_path: Path) -> None:
    greedy, patient = CollectionLocks(tmp_path), CollectionLocks(tmp_path)
    done = threading.Event()
    turns: list[None] = []

    def write_without_a_pause() -> None:
        while not done.is_set():
            with greedy.held("texts", 10):
                turns.append(None)
                time.sleep(0.005)

    writer = threading.Thread(target=write_without_a_pause)
    writer.start()
    try:
        for _ in range(10):
            before = len(turns)
            while len(turns) == before:
                time.sleep(0.001)
            with patient.held("texts", 10):
                pass
        assert len(turns) < 60  # 20 or so when nothing else runs; without the gate, hundreds for each
    finally:
        done.set()
        writer.join()


def test_an_error_inside_frees_it(tmp_path: Path) -> None:
    one, two = CollectionLocks(tmp_path), CollectionLocks(tmp_path)
    with pytest.raises(ZeroDivisionError), one.held("texts", 1):
        raise ZeroDivisionError
    with two.held("texts", 0.02):
        pass
