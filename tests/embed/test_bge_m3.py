"""BGE-M3's architecture with random weights, held to FlagEmbedding's own class on the same weights."""

import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import XLMRobertaConfig, XLMRobertaModel, XLMRobertaTokenizer

from rag.embed.bge_m3 import QUESTION_TOKENS, REMEMBERED, BgeM3, is_bge_m3
from rag.errors import ModelError
from rag.nn.device import Placement
from rag.ports import TextAbilities

DIM = 32
WORDS = ["▁the", "▁pump", "▁valve", "▁bell", "▁ring", "s", "▁水", "泵"]
LETTERS = [*"▁abcdefghijklmnopqrstuvwxyz"]
MAX = 128
TEXTS = [
    "the pump rings the bell",
    "valve",
    "the the the valve rings rings",
    "水泵 the valve ☃ closes",
    " ".join(["the bell rings and the pump stops"] * 5),
]
LONG = "the pump rings " * 60 + "bell valve " * 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tiny-bge-m3")
    vocabulary = ["<s>", "<pad>", "</s>", "<unk>", *WORDS, *LETTERS, "<mask>"]
    tokenizer = XLMRobertaTokenizer(vocab=[(token, -float(place)) for place, token in enumerate(vocabulary)])
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = XLMRobertaConfig(
        vocab_size=len(vocabulary), hidden_size=DIM, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64,
        max_position_embeddings=MAX + 2, type_vocab_size=1, layer_norm_eps=1e-5,
    )  # fmt: skip
    model = XLMRobertaModel(config)
    for parameter in model.parameters():  # biases and norms too: a pass that forgot them would be right otherwise
        parameter.data += 0.2 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    for name, n_out in (("sparse_linear", 1), ("colbert_linear", DIM)):
        save_file({"weight": torch.randn(n_out, DIM), "bias": torch.randn(n_out)}, folder / f"{name}.safetensors")
    return folder


@pytest.fixture
def model(folder):
    return BgeM3(folder)


@pytest.fixture
def damaged(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model")
    return tmp_path / "model"


def passes(model, monkeypatch):
    """Sizes of the batches that go through the encoder from now on."""
    sizes, encoder = [], model._encoder
    monkeypatch.setattr(model, "_encoder", lambda ids, mask: sizes.append(len(ids)) or encoder(ids, mask))
    return sizes


@pytest.mark.filterwarnings("ignore")
def test_all_three_outputs_equal_those_of_flagembedding(model, damaged):
    flag = pytest.importorskip("FlagEmbedding")
    for name in ("sparse_linear", "colbert_linear"):  # its own loader takes these pickles, and nothing else
        torch.save(load_file(damaged / f"{name}.safetensors"), damaged / f"{name}.pt")
    theirs = flag.BGEM3FlagModel(str(damaged), use_fp16=False, devices="cpu").encode(
        TEXTS, max_length=MAX, return_dense=True, return_sparse=True, return_colbert_vecs=True
    )
    assert ((model.embed(TEXTS) * theirs["dense_vecs"]).sum(axis=1) >= 0.9999).all()
    for ours, weights in zip(model.embed_sparse(TEXTS), theirs["lexical_weights"], strict=True):
        assert ours == pytest.approx({int(token): float(weight) for token, weight in weights.items()}, abs=1e-4)
        assert ours
    for ours, tokens in zip(model.embed_tokens(TEXTS), theirs["colbert_vecs"], strict=True):
        assert ours.shape == tokens.shape
        assert ((ours * tokens).sum(axis=1) >= 0.9999).all()


def test_texts_of_many_lengths_give_the_same_together_as_alone(folder):
    texts = [*TEXTS, "", LONG, *("the " * n for n in range(1, 40, 3))]
    together, alone = BgeM3(folder), BgeM3(folder)
    tokens, weights = together.embed_tokens(texts), together.embed_sparse(texts)
    for text, dense, sparse, rows in zip(texts, together.embed(texts), weights, tokens, strict=True):
        np.testing.assert_allclose(rows, alone.embed_tokens([text])[0], atol=1e-5)
        np.testing.assert_allclose(dense, alone.embed([text])[0], atol=1e-5)
        assert sparse == pytest.approx(alone.embed_sparse([text])[0], abs=1e-5)


def test_vectors_are_float32_of_length_one_and_no_text_gives_no_rows(model):
    vectors = model.embed([*TEXTS, "", LONG])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(model.embed_tokens(["the pump"])[0], axis=1), 1.0, atol=1e-5)
    assert model.embed([]).shape == (0, DIM)
    assert model.embed_sparse([]) == model.embed_tokens([]) == []


def test_an_empty_text_has_a_vector_and_neither_words_nor_tokens(model):
    assert model.embed_sparse(["", "  "]) == [{}, {}]
    assert [rows.shape for rows in model.embed_tokens([""])] == [(0, DIM)]


def test_special_tokens_that_somebody_wrote_into_a_text_have_no_weight(model):
    weights = model.embed_sparse(["the <pad> pump </s> ☃ <s> bell"])[0]
    assert weights
    assert not {0, 1, 2, 3} & set(weights)


def test_a_word_that_occurs_twice_has_its_largest_weight(model):
    text = "the pump the"
    ids = model._tokenizer.encode(text, add_special_tokens=False).ids
    assert model._largest(ids, [0.5, 0.2, 0.7, 9.0]) == pytest.approx({ids[0]: 0.7, ids[1]: 0.2})
    assert model._largest(ids, [0.0, 0.2, 0.0]) == pytest.approx({ids[1]: 0.2})


def test_nothing_of_a_long_text_is_lost(model):
    n_tokens = model.count_tokens(LONG)
    assert n_tokens > 2 * model.max_tokens
    n_windows = -(-n_tokens // (MAX - 2))
    assert len(model.embed_tokens([LONG])[0]) == n_tokens + n_windows
    at_the_end = {model._tokenizer.token_to_id(word) for word in ("▁bell", "▁valve")}
    assert at_the_end <= set(model.embed_sparse([LONG])[0])
    assert model.embed([LONG])[0] @ model.embed([LONG + "bell " * 200])[0] < 0.9999


def test_a_long_text_is_the_mean_of_its_windows_by_their_tokens(model):
    first, second = "the " * (MAX - 2), "bell pump " * 10
    a, b = model.embed([first, second])
    mean = (MAX - 2) * a + 20 * b
    np.testing.assert_allclose(model.embed([first + second])[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_a_question_takes_one_pass_for_all_three_outputs(model, monkeypatch):
    sizes = passes(model, monkeypatch)
    dense, sparse = model.embed_query("the pump"), model.embed_sparse_query("the pump")
    tokens = model.embed_tokens(["the pump"])[0]
    assert sizes == [1]
    np.testing.assert_array_equal(dense, model.embed(["the pump"])[0])
    assert (sparse, len(tokens)) == (model.embed_sparse(["the pump"])[0], 3)


def test_a_batch_takes_one_pass_for_vectors_and_weights(model, monkeypatch):
    sizes = passes(model, monkeypatch)
    model.embed(TEXTS)
    model.embed_sparse(TEXTS)
    assert sum(sizes) == len(TEXTS)


def test_what_is_kept_is_bounded(model):
    model.embed([f"pump {'a' * n}" for n in range(REMEMBERED + 9)])
    assert len(model._seen) == REMEMBERED
    long = "the " * (QUESTION_TOKENS + 1)
    model.embed_tokens([long])
    assert model._seen[long].tokens is None


def test_what_was_given_away_can_be_changed_without_changing_what_is_kept(model):
    model.embed_query("the pump")[:] = 0
    model.embed_sparse_query("the pump").clear()
    model.embed_tokens(["the pump"])[0][:] = 0
    np.testing.assert_allclose(np.linalg.norm(model.embed_query("the pump")), 1.0, atol=1e-5)
    assert model.embed_sparse_query("the pump")
    assert model.embed_tokens(["the pump"])[0].any()


def test_a_batch_that_does_not_fit_into_memory_is_halved(folder, model, monkeypatch):
    texts = ["the pump rings", "the bell rings", "the valve rings", "the ring rings", "the pump bell"]
    expected, encoder, sizes = BgeM3(folder).embed(texts), model._encoder, []

    def small(ids, mask):
        sizes.append(len(ids))
        if len(ids) > 2:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes")
        return encoder(ids, mask)

    monkeypatch.setattr(model, "_encoder", small)
    np.testing.assert_allclose(model.embed(texts), expected, atol=1e-5)
    assert sizes == [5, 2, 2, 1]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_another_number_format_changes_little(folder, model, dtype):
    half = BgeM3(folder, placement=Placement(torch.device("cpu"), dtype))
    assert half.fingerprint == model.fingerprint
    vectors = half.embed(TEXTS)
    assert ((vectors * model.embed(TEXTS)).sum(axis=1) > 0.99).all()
    assert vectors.dtype == half.embed_tokens(TEXTS)[0].dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_threads_share_one(folder, model):
    expected = BgeM3(folder).embed(TEXTS)
    with ThreadPoolExecutor(4) as threads:
        for vectors in threads.map(model.embed, [TEXTS] * 8):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_it_is_what_the_lexical_channel_and_late_interaction_ask_for(model):
    assert model.abilities == TextAbilities(tokens=model, sparse=model)
    assert (model.dim, model.max_tokens, model.min_cosine) == (DIM, MAX, None)


def test_the_fingerprint_is_the_given_one_or_follows_the_files(folder, damaged):
    assert BgeM3(folder, identity="BAAI/bge-m3@5617a9f61b02").fingerprint == "BAAI/bge-m3@5617a9f61b02"
    before = BgeM3(folder).fingerprint
    assert before.startswith("BgeM3@")
    assert BgeM3(damaged).fingerprint == before
    save_file({"weight": torch.ones(1, DIM), "bias": torch.ones(1)}, damaged / "sparse_linear.safetensors")
    assert BgeM3(damaged).fingerprint != before


def test_neither_transformers_nor_flagembedding_is_imported(folder):
    code = (
        f"import sys; from pathlib import Path; from rag.embed.bge_m3 import BgeM3; m = BgeM3(Path({str(folder)!r}))\n"
        "m.embed(['the pump']); print({'transformers', 'FlagEmbedding', 'datasets'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert done.stdout.strip() == "set()"


def test_a_folder_is_known_by_its_head_for_sparse_weights_converted_or_not(folder, damaged, tmp_path):
    (damaged / "sparse_linear.safetensors").rename(damaged / "sparse_linear.pt")
    assert [is_bge_m3(place) for place in (folder, damaged, tmp_path)] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("sparse_linear", "sparse_linear.pt"),
        ("colbert_linear", "colbert_linear.pt"),
        ("model", "pytorch_model.bin"),
    ],
)
def test_a_pickle_is_not_opened(damaged, name, published):
    (damaged / f"{name}.safetensors").rename(damaged / published)
    with pytest.raises(ModelError, match=f"only the pickle {published}, which is not opened.*'rag models pull'"):
        BgeM3(damaged)


def edit_json(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"num_hidden_layers": 1}, r"encoder\.layer\.1\.\S+ is not as config\.json describes it: no such tensor by"),
        ({"num_hidden_layers": 3}, r"no such tensor in the weights"),
        ({"vocab_size": 9}, r"word_embeddings\.weight is not as"),
        ({"num_attention_heads": 5}, "5 heads cannot share"),
        ({"model_type": "bert"}, r"config\.json' cannot be used: model_type"),
        ({"hidden_act": "relu"}, r"config\.json' cannot be used: hidden_act"),
    ],
)
def test_weights_other_than_the_configuration_describes_are_named(damaged, values, message):
    edit_json(damaged / "config.json", **values)
    with pytest.raises(ModelError, match=message):
        BgeM3(damaged)


def test_a_head_of_another_shape_is_named(damaged):
    save_file({"weight": torch.ones(2, DIM), "bias": torch.ones(2)}, damaged / "sparse_linear.safetensors")
    with pytest.raises(ModelError, match=r"sparse_linear\.safetensors holds .*\(2, 32\)"):
        BgeM3(damaged)


@pytest.mark.parametrize("file", ["model.safetensors", "colbert_linear.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_a_model_error(damaged, file):
    (damaged / file).write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be"):
        BgeM3(damaged)


def test_a_tokenizer_of_another_family_is_named(damaged):
    text = (damaged / "tokenizer.json").read_text().replace("<unk>", "[UNK]")
    (damaged / "tokenizer.json").write_text(text)
    with pytest.raises(ModelError, match="it has no <unk>"):
        BgeM3(damaged)


@pytest.mark.parametrize(
    ("file", "tensor"), [("model", "embeddings.LayerNorm.bias"), ("sparse_linear", "bias"), ("sparse_linear", "weight")]
)
def test_vectors_and_weights_with_nan_in_them_are_an_error_and_not_stored(damaged, file, tensor):
    weights = load_file(damaged / f"{file}.safetensors")
    weights[tensor][:] = torch.nan
    save_file(weights, damaged / f"{file}.safetensors")
    with pytest.raises(ModelError, match="NaN"):
        BgeM3(damaged).embed(["the pump"])
