"""Logits of a few words, held to transformers' own class on the same random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import Qwen3ForCausalLM

from rag.nn.device import CPU
from rag.nn.passes.qwen3 import Qwen3
from tests.rerank import qwen3s

WORDS = [5, 9]


@pytest.mark.parametrize("tied", [True, False])
def test_logits_after_a_shared_beginning_equal_those_of_transformers(tied: bool, tmp_path: Path) -> None:
    qwen3s.save(tmp_path, tied=tied)
    begins, prompts = [7, 8, 9], [[4, 5], [6], [10, 11, 12, 13]]
    theirs = Qwen3ForCausalLM.from_pretrained(tmp_path).eval()
    with torch.inference_mode():
        expected = torch.stack([theirs(torch.tensor([begins + prompt])).logits[0, -1, WORDS] for prompt in prompts])
    ours = Qwen3(tmp_path, WORDS, CPU)
    torch.testing.assert_close(ours.logits(prompts, ours.read(begins)), expected, atol=1e-4, rtol=1e-4)


def test_a_word_outside_the_vocabulary_is_refused(tmp_path: Path) -> None:
    qwen3s.save(tmp_path)
    with pytest.raises(ValueError, match="vocab_size"):
        Qwen3(tmp_path, [10**6], CPU)
