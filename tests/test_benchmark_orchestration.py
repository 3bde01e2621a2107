"""The benchmark of everything around the models: its stand-ins still do what the ports ask."""

from __future__ import annotations

from benchmarks.orchestration import QUESTIONS, REPLY, _ours


def test_it_asks_and_is_answered() -> None:
    assert _ours()() == [REPLY] * QUESTIONS
