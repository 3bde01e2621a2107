"""Token budgets without the model's tokenizer: estimated on the safe side, then checked against the server's count."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from rag.ports import ChatChunk, ChatMessage
from rag.trace import Note

CountTokens: TypeAlias = Callable[[str], int]

IMAGE_TOKENS = 1100
"""A picture of at most 896 px a side: 1,024 patches of 28 px (Qwen2.5-VL) and its frame; others take fewer."""
MESSAGE_TOKENS = 12
"""Role, separators and the opening of the reply in chat templates."""

_ASCII = bytes(range(128))
_LETTERS = bytes(ord("a") if byte in string.ascii_letters.encode() else ord(" ") for byte in range(256))
"""For `bytes.translate`: every ASCII letter becomes an "a", everything else a space."""
_STEPS = tuple(1024 << power for power in range(11))


def estimate_tokens(text: str) -> int:
    """Tokens of `text` in a byte-pair vocabulary of 30,000 pieces or more, rather too many than too few.

    A run of ASCII letters counts a token for every four begun, each digit and sign one (Qwen and Llama 2 split numbers
    into digits, and charts are full of them), everything else half a token a UTF-8 byte. Spaces join the next word.
    """
    data = text.encode("utf-8", "replace")
    wide_bytes = len(data.translate(None, _ASCII))
    runs = data.translate(_LETTERS)
    fours_begun = runs.count(b"aaaa") + len(runs.replace(b"aaaa", b"").split())
    signs = len(data) - wide_bytes - runs.count(b"a") - data.count(b" ")
    return fours_begun + signs + (wide_bytes + 1) // 2


def prompt_tokens(messages: Sequence[ChatMessage], count: CountTokens = estimate_tokens) -> int:
    """Tokens of a whole request, pictures included, by `count`."""
    return sum(count(message.content) + MESSAGE_TOKENS + IMAGE_TOKENS * len(message.images) for message in messages)


def context_limit(setting: int, model: int) -> int:
    """The most tokens to ask for: the user's bound and the model's (0: unknown), whichever is smaller."""
    return min(setting, model) if model else setting


def context_size(needed: int, limit: int) -> int:
    """`num_ctx` for a request: the next power of two that holds it, within `limit`.

    Steps, because Ollama loads the model afresh for every new value.
    """
    return min(next((step for step in _STEPS if step >= needed), needed), limit)


def output_limit(wanted: int, limit: int) -> int:
    """Tokens the answer may have: as wanted, but at most half of the context."""
    return min(wanted, limit // 2)


def count_notes(
    last: ChatChunk,
    messages: Iterable[ChatMessage],
    *,
    estimated: int,
    context_tokens: int,
    max_output_tokens: int,
    is_asked: bool = False,
) -> tuple[Note, ...]:
    """What the counts that came back say of a prompt or an answer that was cut.

    `is_asked`: the bound came with the question. A vocabulary never joins words across spaces, so a prompt
    has at least as many tokens as words: a smaller count means that the server read only a part of it.
    """
    notes: list[Note] = []
    read = last.prompt_tokens
    words = sum(len(message.content.split()) for message in messages)
    if read is not None and read < words:
        text = (
            f"the server cut the prompt: it read {read} tokens of a prompt that has at least {words}, so sources are "
            "missing; lower RAG_CONTEXT_TOKENS to what the server really gives"
        )
        notes.append(Note("prompt_cut", text))
    if read is not None and read + max_output_tokens > context_tokens:
        text = (
            f"the prompt took {read} tokens where at most {estimated} were expected, and left "
            f"{max(0, context_tokens - read)} of {max_output_tokens} for the answer; raise RAG_CONTEXT_TOKENS"
        )
        notes.append(Note("context_short", text))
    if last.done_reason == "length":
        full = read is not None and read + max_output_tokens > context_tokens
        bound = "the question's max_tokens" if is_asked else "RAG_MAX_OUTPUT_TOKENS"
        limit = f"the context of {context_tokens} tokens" if full else f"{bound}={max_output_tokens}"
        notes.append(Note("answer_cut", f"the answer was cut at {limit}"))
    return tuple(notes)
