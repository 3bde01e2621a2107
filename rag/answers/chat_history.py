"""Conversations at the terminal, kept across runs: a file of turns and one of typed lines per knowledge base, readable
by their owner only."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

from rag.system import make_private
from rag.types import Turn

_MAX_TURNS = 20
_BEGINS = '{"begins": true}'
"""The line before the first turn of a conversation."""


class ChatHistory:
    """The turns of one knowledge base.

    Args:
        data_dir: files go to `<data_dir>/history`; None keeps nothing.
        kb: name of the knowledge base.
    """

    def __init__(self, data_dir: Path | None, kb: str) -> None:
        self._folder = data_dir / "history" if data_dir is not None else None
        self._name = kb if re.fullmatch(r"[A-Za-z0-9_]{1,100}", kb) else hashlib.sha256(kb.encode()).hexdigest()[:16]

    def load(self) -> list[Turn]:
        """The last turns of the last conversation, oldest first. Lines that a crash left half written are skipped."""
        if self._folder is None or not self._turns.is_file():
            return []
        lines = self._turns.read_text(encoding="utf-8", errors="replace").splitlines()
        last = next((at for at in range(len(lines) - 1, -1, -1) if lines[at] == _BEGINS), -1)
        turns = [_read(line) for line in lines[last + 1 :]]
        return [turn for turn in turns if turn is not None][-_MAX_TURNS:]

    def begin(self) -> None:
        """What is appended from now on is another conversation."""
        if self._folder is not None and self._turns.is_file():
            with os.fdopen(self._private(self._turns), "wb") as file:
                file.write(f"{_BEGINS}\n".encode("ascii"))

    def append(self, turn: Turn) -> None:
        if self._folder is not None:
            line = json.dumps({"question": turn.question, "answer": turn.answer}) + "\n"
            with os.fdopen(self._private(self._turns), "wb") as file:
                file.write(line.encode("ascii"))

    def clear(self) -> None:
        """Forgets the conversation and what was typed, on disk too."""
        if self._folder is not None:
            self._turns.unlink(missing_ok=True)
            self._prompts.unlink(missing_ok=True)

    def prompt_file(self) -> Path | None:
        """A private file for the line editor's own history."""
        if self._folder is None:
            return None
        os.close(self._private(self._prompts))
        return self._prompts

    @property
    def _prompts(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{self._name}.prompts"

    @property
    def _turns(self) -> Path:
        assert self._folder is not None
        return self._folder / f"{self._name}.jsonl"

    def _private(self, path: Path) -> int:
        """A descriptor that appends to a file only its owner can read."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        make_private(descriptor)
        return descriptor


def _read(line: str) -> Turn | None:
    try:
        turn = json.loads(line)
        return Turn(str(turn["question"]), str(turn["answer"]))
    except (ValueError, KeyError, TypeError):
        return None
