"""One model of one server, as this process uses it: one context size, and what the server has read already."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.ports import ChatMessage

START_TOKENS = 8192
"""Context to begin with where the user names none: a conversation of about ten turns; of a model of 4 billion
parameters a gigabyte."""


@dataclass(slots=True)
class ModelSession:
    """Shared by everything in the process that talks to the model. Thread-safe.

    Every change of `num_ctx` makes the server load the model anew and forget what it read. So there is one size: what
    the settings say, or what is loaded already if that is enough. It doubles when a prompt does not fit, and never
    shrinks.

    Attributes:
        size: `num_ctx` of the next request; 0 before the first.
        tokens_an_estimated: tokens that the server counts for each that is estimated.
    """

    size: int = 0
    tokens_an_estimated: float = 1.0
    _read: tuple[str, ...] = ()
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def size_for(self, needed: int, *, start: int, limit: int, loaded: int = 0) -> int:
        """`num_ctx` for a request.

        Args:
            needed: tokens of its prompt and reply.
            start: size to begin with.
            limit: the most; the user's bound and the model's, whichever is smaller.
            loaded: size that the server has the model loaded with; 0: not loaded.
        """
        with self._lock:
            size = max(self.size, min(start, limit))
            if loaded >= max(needed, size):
                size = loaded  # another program loaded it larger: whoever sends less makes both wait
            while size < min(needed, limit):
                size = min(2 * size, limit)
            self.size = size
            return size

    def new_share(self, messages: Sequence[ChatMessage]) -> float:
        """Share of the messages, in [0, 1], that the server has not read yet, by what was sent last."""
        texts = _texts(messages)
        with self._lock:
            n_same = next(
                (at for at, (one, other) in enumerate(zip(texts, self._read, strict=False)) if one != other),
                min(len(texts), len(self._read)),
            )
        return sum(map(len, texts[n_same:])) / max(1, sum(map(len, texts)))

    @property
    def has_read_something(self) -> bool:
        with self._lock:
            return bool(self._read)

    def counted(self, estimated: int, n_tokens: int) -> None:
        """What the server counted of a prompt: the estimate errs on the safe side, by vocabulary."""
        if estimated > 0:
            with self._lock:
                self.tokens_an_estimated = min(2.0, max(0.2, n_tokens / estimated))

    def has_read(self, messages: Sequence[ChatMessage], reply: str) -> None:
        """What is in the server's memory now."""
        with self._lock:
            self._read = (*_texts(messages), f"assistant\n{reply}")

    def forgot(self) -> None:
        """The server has loaded the model anew."""
        with self._lock:
            self._read = ()


def _texts(messages: Sequence[ChatMessage]) -> list[str]:
    return [f"{message.role}\n{message.content}" for message in messages]


_sessions: dict[tuple[str, str], ModelSession] = {}
_guard = threading.Lock()


def session_of(url: str, model: str) -> ModelSession:
    """The process's one session with a model, whichever knowledge base asks."""
    with _guard:
        return _sessions.setdefault((url.rstrip("/"), model), ModelSession())
