"""Conversations at the terminal, kept for the next run."""

from __future__ import annotations

import json
from pathlib import Path

from rag.answers.chat_history import ChatHistory
from rag.types import Turn


def test_broken_lines_in_the_history_are_skipped(tmp_path: Path) -> None:
    history = ChatHistory(tmp_path, "manuals")
    history.append(Turn("one", "1"))
    (file,) = (tmp_path / "history").glob("*.jsonl")
    good = file.read_text(encoding="utf-8")
    file.write_text(f'{good}[]\n{{"question": "x"}}\n7\n{good[:9]}', encoding="utf-8")
    assert history.load() == [Turn("one", "1")]


def test_only_the_last_turns_are_loaded(tmp_path: Path) -> None:
    history = ChatHistory(tmp_path, "manuals")
    for n in range(30):
        history.append(Turn(str(n), ""))
    assert [turn.question for turn in history.load()] == [str(n) for n in range(10, 30)]


def test_a_hostile_name_stays_in_the_folder(tmp_path: Path) -> None:
    ChatHistory(tmp_path, "../../etc/x").append(Turn("one", "1"))
    (file,) = (tmp_path / "history").iterdir()
    assert json.loads(file.read_text(encoding="utf-8"))["question"] == "one"


def test_what_is_cleared_is_of_one_knowledge_base_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    history, other = ChatHistory(tmp_path, "manuals"), ChatHistory(tmp_path, "tax")
    for each in (history, other):
        each.append(Turn("one", "1"))
        assert each.prompt_file() is not None
    history.clear()
    history.clear()
    assert {file.name for file in (tmp_path / "history").iterdir()} == {"tax.jsonl", "tax.prompts"}
