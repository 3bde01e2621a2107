"""BERT as a graph, held to transformers."""

import json

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from rag.nn.graphs.bert import BertEncoder


@pytest.fixture(scope="module", params=[torch.float32, torch.float16, torch.bfloat16], ids=str)
def folder(request, tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("bert")
    config = BertConfig(
        vocab_size=50, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=16,
    )  # fmt: skip
    BertModel(config, add_pooling_layer=False).to(request.param).save_pretrained(folder)
    return folder


def test_hidden_states_are_those_of_transformers_in_every_number_format(folder):
    reference = BertModel.from_pretrained(folder, add_pooling_layer=False, dtype=torch.float32).eval()
    ids, lengths = np.array([[1, 7, 9, 3, 2], [1, 8, 2, 0, 0], [1, 0, 0, 0, 0]]), np.array([5, 3, 1], np.int32)
    mask = np.arange(5) < lengths[:, None]
    with torch.inference_mode():
        expected = reference(torch.tensor(ids), torch.tensor(mask)).last_hidden_state.numpy()
    np.testing.assert_allclose(BertEncoder(folder)(ids, lengths)[mask], expected[mask], atol=1e-5)


def test_padding_changes_nothing(folder):
    encoder, tokens = BertEncoder(folder), np.array([[1, 7, 9, 2]])
    alone = encoder(tokens, np.array([4], np.int32))
    padded = encoder(np.pad(tokens, ((0, 0), (0, 6))), np.array([4], np.int32))
    np.testing.assert_allclose(padded[:, :4], alone, atol=1e-6)


def test_names_with_a_prefix_are_the_same_model(folder, tmp_path):
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    save_file({f"bert.{name}": tensor for name, tensor in weights.items()}, tmp_path / "model.safetensors")
    (tmp_path / "config.json").write_text(json.dumps(json.loads((folder / "config.json").read_text())))
    ids, lengths = np.array([[1, 5, 2]]), np.array([3], np.int32)
    np.testing.assert_array_equal(BertEncoder(tmp_path)(ids, lengths), BertEncoder(folder)(ids, lengths))
