"""Small random models, held to transformers' own class on the same weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import XLMRobertaConfig, XLMRobertaModel

from rag.nn.device import CPU
from rag.nn.passes.xlm_roberta import XlmRoberta


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=40, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
        max_position_embeddings=34, type_vocab_size=1, layer_norm_eps=1e-5,
    )  # fmt: skip
    model = XLMRobertaModel(config)
    for parameter in model.parameters():
        parameter.data += 0.2 * torch.randn_like(parameter)
    model.save_pretrained(tmp_path)
    return tmp_path


def test_hidden_states_equal_those_of_transformers(folder: Path) -> None:
    ids = torch.tensor([[0, 5, 6, 7, 2], [0, 9, 2, 1, 1]])
    mask = ids != 1
    with torch.inference_mode():
        theirs = XLMRobertaModel.from_pretrained(folder)(input_ids=ids, attention_mask=mask.long()).last_hidden_state
    ours = XlmRoberta(folder, CPU)(ids, mask)
    torch.testing.assert_close(ours[mask], theirs[mask], atol=1e-5, rtol=1e-4)


def test_a_layer_that_config_json_does_not_describe_is_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.2.output.dense.bias"] = torch.zeros(32)
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ValueError, match=r"encoder\.layer\.2\.output\.dense\.bias is not as config\.json"):
        XlmRoberta(folder, CPU)
