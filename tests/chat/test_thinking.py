"""Thoughts never reach an answer."""

from __future__ import annotations

import pytest

from rag.chat.thinking import ThoughtFilter, think_option


def _filtered(text: str, size: int) -> str:
    thoughts = ThoughtFilter()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    return "".join(thoughts.feed(piece) for piece in pieces) + thoughts.flush()


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        ("Valve A. [1]", "Valve A. [1]"),
        ("<think>Hm, A or B?</think>\n\nValve A.", "Valve A."),
        ("\n<think>\n\n</think>\n\nValve A.", "Valve A."),
        ("<think></think><think>again</think>A", "A"),
        ("The tag <think> opens, </think> closes.", "The tag <think> opens, </think> closes."),
        ("<thin ice", "<thin ice"),
        ("<think>never closed", ""),
        ("", ""),
    ],
)
def test_a_leading_think_block_is_dropped_however_it_is_cut(reply: str, answer: str, size: int) -> None:
    assert _filtered(reply, size) == answer


def test_nothing_is_held_back_once_the_answer_has_begun() -> None:
    thoughts = ThoughtFilter()
    assert [thoughts.feed(piece) for piece in ("A", " <", "think>", " b")] == ["A", " <", "think>", " b"]


@pytest.mark.parametrize(
    ("capabilities", "template", "modelfile", "option"),
    [
        (["completion"], "{{ if .Think }}", "", None),
        (["completion", "thinking"], "{{ if and $.IsThinkSet (not $.Think) }}/no_think{{ end }}", "", False),
        (["completion", "thinking"], "{{ .Content }}<|im_start|>assistant\n<think>\n", "", True),
        (["completion", "thinking"], "{{ .Prompt }}", "FROM x\nRENDERER qwen3-vl-thinking\n", True),
        (["completion", "thinking"], "{{ .Prompt }}", "FROM x\nRENDERER qwen3.5\n", False),
    ],
)
def test_thinking_is_turned_off_where_it_can_be_and_kept_apart_where_not(
    capabilities: list[str], template: str, modelfile: str, option: bool | None
) -> None:
    assert think_option(capabilities, template, modelfile) is option
