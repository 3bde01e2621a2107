"""One sequence that only grows, and leaves in big steps."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from rag.answers.boundary import conversation_boundary, folder_secret
from rag.answers.conversation import (
    Exchange,
    GivenSource,
    TurnMemory,
    Window,
    at_hand,
    fitted,
    messages_of,
    turns_digest,
)
from rag.ports import ChatMessage
from rag.types import Turn

SYSTEM = [ChatMessage("system", "fixed")]


def _exchange(n: int, answer: str = "") -> Exchange:
    source = GivenSource(n, f"id{n}", f"<<<source {n}>>>", f"body {n}")
    return Exchange(f"{source.block}\nq{n}", f"q{n}", (source,), answer=answer)


def test_each_turn_only_adds_messages() -> None:
    turns = [_exchange(1, "a1"), _exchange(2, "a2"), _exchange(3, "a3")]
    sent = [messages_of(SYSTEM, turns[: n + 1], Window()) for n in range(3)]
    assert [message.content for message in sent[2]] == [
        "fixed", "<<<source 1>>>\nq1", "a1", "<<<source 2>>>\nq2", "a2", "<<<source 3>>>\nq3",
    ]  # fmt: skip
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(sent))


def test_old_sources_leave_in_a_big_step_and_not_at_every_turn() -> None:
    costs = [(100, 10, 20)] * 20
    windows = [fitted(costs[: n + 1], 1000) for n in range(20)]
    steps = [b.first_sources - a.first_sources for a, b in pairwise(windows)]
    assert sum(step > 0 for step in steps) <= 3
    assert max(steps) >= 5
    assert windows[0] == Window()


def test_what_is_sent_always_fits() -> None:
    costs = [(100 + 13 * n % 70, 10 + n % 5, 20 + 7 * n % 90) for n in range(40)]
    for n in range(40):
        window = fitted(costs[: n + 1], 900)
        said = sum(costs[k][1] + (costs[k][2] if k < n else 0) for k in range(window.first_turn, n + 1))
        assert said + sum(costs[k][0] for k in range(window.first_sources, n + 1)) <= 900


def test_turns_whose_sources_left_keep_their_words() -> None:
    turns = [_exchange(1, "a1"), _exchange(2, "a2"), _exchange(3)]
    sent = messages_of(SYSTEM, turns, Window(0, 2))
    assert [message.content for message in sent] == ["fixed", "q1", "a1", "q2", "a2", "<<<source 3>>>\nq3"]
    assert set(at_hand(turns, Window(0, 2))) == {"id3"}


def test_a_conversation_has_one_digest_and_another_has_another() -> None:
    turns = [Turn("a", "b"), Turn("c", "d")]
    assert turns_digest("kb", turns) == turns_digest("kb", [Turn("a ", "b\n"), Turn("c", "d")])
    assert len({turns_digest("kb", turns), turns_digest("other", turns), turns_digest("kb", turns[:1])}) == 3


def test_the_memory_lets_the_oldest_go() -> None:
    memory = TurnMemory(max_bytes=5000)
    for n in range(10):
        memory.put(str(n), _exchange(n))
    assert memory.get("0") is None
    assert memory.get("9") == _exchange(9)


def test_a_boundary_is_the_same_for_a_conversation_and_in_none_of_its_texts() -> None:
    first = conversation_boundary(b"s" * 32, "kb\0q", ["text"])
    assert first == conversation_boundary(b"s" * 32, "kb\0q", ["other text"])
    assert first != conversation_boundary(b"t" * 32, "kb\0q", [])
    assert first != conversation_boundary(b"s" * 32, "kb\0r", [])
    other = conversation_boundary(b"s" * 32, "kb\0q", [f"a document that says {first.upper()}"])
    assert other != first
    assert first.isalpha()


def test_a_folders_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    made = folder_secret(path)
    assert len(made) == 32
    assert folder_secret(path) == made
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("held", [b"", b"short"])
def test_a_broken_secret_is_made_anew(tmp_path: Path, held: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(held)
    made = folder_secret(path)
    assert len(made) == 32
    assert folder_secret(path) == made
