"""Reasoning models: their thoughts are no part of an answer."""

from __future__ import annotations

import re
from collections.abc import Collection

_OPEN, _CLOSE = "<think>", "</think>"
_SWITCH = re.compile(r"\.\s*(?:Think|IsThinkSet|ThinkLevel)\b")
_THINKING_RENDERER = re.compile(r"^RENDERER\s+\S*think", re.MULTILINE | re.IGNORECASE)
_RENDERER = re.compile(r"^RENDERER\s+\S", re.MULTILINE)


def think_option(capabilities: Collection[str], template: str, modelfile: str) -> bool | None:
    """What to send as `think`: None where the model has no such mode, False where it can be turned off, else True.

    A model that can only think (`qwen3:4b` is one since 2507) ignores False, and then writes its thoughts into the
    answer itself, without an opening tag. Asked with True they come apart, in a field of their own. Such a model shows
    by its template, which does not ask for the switch, or by the name of its renderer.

    Source: github.com/ollama/ollama issues 12736, 12917, 14798.
    """
    if "thinking" not in capabilities:
        return None
    if _SWITCH.search(template):
        return False
    return bool(_THINKING_RENDERER.search(modelfile)) or not _RENDERER.search(modelfile)


class ThoughtFilter:
    """Takes a `<think>` block off the beginning of a streamed answer, wherever the stream is cut into pieces.

    Servers before 0.9 have no field for thoughts and send them in the text. A tag that comes later is the answer's own
    words and stays.

    Attributes:
        has_thought: a block has begun.
    """

    def __init__(self) -> None:
        self._held = ""
        self._answering = False
        self.has_thought = False

    def feed(self, piece: str) -> str:
        """What of the answer is certain now; the rest is held back."""
        if self._answering:
            return piece
        self._held += piece
        start = self._held.lstrip()
        if start.startswith(_OPEN):
            self.has_thought = True
            _, closed, rest = start.partition(_CLOSE)
            if not closed:
                return ""
            # Some models leave an empty block and then think again: look at what follows afresh.
            self._held = ""
            return self.feed(rest.lstrip()) if rest.strip() else ""
        if _OPEN.startswith(start):
            return ""
        return self.flush()

    def flush(self) -> str:
        """The end of the stream: what was held and is no thought. A block that never closed is dropped."""
        held, self._held = self._held, ""
        if held.lstrip().startswith(_OPEN):
            return ""
        self._answering = bool(held.strip())
        return held.lstrip() if self._answering else ""
