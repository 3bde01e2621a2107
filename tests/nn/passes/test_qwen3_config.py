"""What a forward pass is not made for is refused by its configuration, before any weight is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from rag.errors import ModelError
from rag.nn.passes.qwen3_config import HEAD, Qwen3Config

CONFIG: dict[str, Any] = {
    "model_type": "qwen3", "rope_theta": 10_000.0, "vocab_size": 50, "hidden_size": 32, "intermediate_size": 48,
    "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2, "head_dim": 16,
    "max_position_embeddings": 64,
}  # fmt: skip


def read(folder: Path, **changed: Any) -> Qwen3Config:
    (folder / "config.json").write_text(json.dumps(CONFIG | changed))
    return Qwen3Config.read(folder)


def test_the_base_of_positions_is_read_where_either_version_of_transformers_keeps_it(tmp_path: Path) -> None:
    older = read(tmp_path)
    newer = read(tmp_path, rope_theta=None, rope_parameters={"rope_type": "default", "rope_theta": 10_000.0})
    torch.testing.assert_close(older.frequencies(), newer.frequencies())
    assert older.frequencies()[0] == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"num_key_value_heads": 3}, "cannot be shared"),
        ({"rope_scaling": {"type": "yarn"}}, "rope_scaling"),
        ({"attention_bias": True}, "attention_bias"),
        ({"head_dim": 15}, "head_dim"),
    ],
)
def test_what_would_need_another_pass_is_refused_by_name(changed: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=words):
        read(tmp_path, **changed)


def test_tied_embeddings_need_no_head(tmp_path: Path) -> None:
    assert read(tmp_path).shapes()[HEAD] == (50, 32)
    assert HEAD not in read(tmp_path, tie_word_embeddings=True).shapes()
