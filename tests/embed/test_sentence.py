"""Tiny models of sentence-transformers with random weights, held to `SentenceTransformer.encode`."""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import BertConfig, BertModel, BertTokenizer

from rag.embed.sentence import SentenceEmbedder
from rag.errors import ModelError
from rag.installation import extra_command
from rag.nn.device import Placement

sentence_transformers = pytest.importorskip("sentence_transformers")

WORDS = "the pump bell valve rings query text closes : . a b c".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
TEXTS = ["the pump rings", "bell", "the valve closes the bell rings the pump", "☃ snow", "a b c"]
LIMIT, DIM = 16, 8
PROMPTS = {"query": "query: ", "document": "text: "}


def save(folder, **options):
    """A BERT of two thin layers, mean pooling and a dense layer, as sentence-transformers saves them; its folder."""
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    torch.manual_seed(0)
    base = folder / "base"
    BertTokenizer(vocab={word: place for place, word in enumerate(SPECIAL + WORDS)}).save_pretrained(base)
    config = BertConfig(
        vocab_size=len(SPECIAL + WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=32, max_position_embeddings=64,
    )  # fmt: skip
    BertModel(config).save_pretrained(base)
    modules = [Transformer(str(base), max_seq_length=LIMIT), Pooling(16, "mean"), Dense(16, DIM)]
    sentence_transformers.SentenceTransformer(modules=modules, **options).save(str(folder / "model"))
    return folder / "model"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save(tmp_path_factory.mktemp("tiny"), prompts=PROMPTS)


@pytest.fixture
def own(tmp_path):
    """One to damage."""
    return save(tmp_path, prompts=PROMPTS)


@pytest.fixture(scope="module")
def model(folder):
    return SentenceEmbedder(folder)


def theirs(folder, texts, **prompt):
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return model.encode(texts, normalize_embeddings=True, show_progress_bar=False, **prompt)


def test_documents_equal_those_of_sentence_transformers_with_the_document_prompt(folder, model):
    expected = theirs(folder, TEXTS, prompt_name="document")
    np.testing.assert_allclose(model.embed(TEXTS), expected, atol=1e-5)
    assert not np.allclose(expected, theirs(folder, TEXTS), atol=1e-3)


def test_a_question_equals_that_of_sentence_transformers_with_the_query_prompt(folder, model):
    expected = theirs(folder, ["the pump rings"], prompt_name="query")[0]
    np.testing.assert_allclose(model.embed_query("the pump rings"), expected, atol=1e-5)
    assert not np.allclose(expected, model.embed(["the pump rings"])[0], atol=1e-3)


@pytest.mark.parametrize("prompts", [{}, {"query": "query: ", "passage": "text: "}])
def test_prompts_may_be_missing_or_named_otherwise(tmp_path, prompts):
    made = save(tmp_path, prompts=prompts)
    embedder = SentenceEmbedder(made)
    np.testing.assert_allclose(embedder.embed(TEXTS), theirs(made, TEXTS, prompt=prompts.get("passage", "")), atol=1e-5)
    expected = theirs(made, TEXTS[:1], prompt=prompts.get("query", ""))[0]
    np.testing.assert_allclose(embedder.embed_query(TEXTS[0]), expected, atol=1e-5)


def test_texts_of_many_lengths_give_the_same_together_as_alone(model):
    texts = [*TEXTS, "", *("the " * n for n in range(1, 60, 7))]
    alone = np.concatenate([model.embed([text]) for text in texts])
    np.testing.assert_allclose(model.embed(texts), alone, atol=1e-5)


def test_vectors_are_float32_of_length_one_and_no_text_gives_no_rows(model):
    vectors = model.embed([*TEXTS, "", "the " * 100])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert model.embed([]).shape == (0, DIM) == (0, model.dim)


def test_the_end_of_a_long_text_counts_and_sentence_transformers_would_cut_it(folder, model):
    start = "the pump rings " * 8
    without, with_end = model.embed([start, start + "bell valve closes " * 8])
    assert without @ with_end < 0.9999
    cut = theirs(folder, [start, start + "bell valve closes " * 8], prompt_name="document")
    assert cut[0] @ cut[1] == pytest.approx(1.0, abs=1e-5)


def test_a_long_text_is_the_mean_of_its_parts(model):
    a, b = "the bell rings " * 4, "the pump rings " * 4
    mean = model.embed([a])[0] + model.embed([b])[0]
    assert model.count_tokens(a + b) > model.max_tokens
    np.testing.assert_allclose(model.embed([a + b])[0], mean / np.linalg.norm(mean), atol=1e-5)


def test_the_limit_leaves_room_for_the_prompt(model):
    assert model.max_tokens == LIMIT - len("text :".split())
    assert model.count_tokens("the pump rings") == 3


def test_a_number_format_of_the_place_changes_little(folder, model):
    half = SentenceEmbedder(folder, placement=Placement(torch.device("cpu"), torch.bfloat16)).embed(TEXTS)
    assert half.dtype == np.float32
    assert ((half * model.embed(TEXTS)).sum(axis=1) > 0.99).all()
    np.testing.assert_allclose(np.linalg.norm(half, axis=1), 1.0, atol=1e-5)


def test_threads_share_one(model):
    expected = model.embed(TEXTS)
    with ThreadPoolExecutor(4) as threads:
        for vectors in threads.map(model.embed, [TEXTS] * 8):
            np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_the_fingerprint_is_the_given_one_or_follows_the_files_of_all_modules(folder, own):
    assert SentenceEmbedder(folder, identity="org/name@abc").fingerprint == "org/name@abc"
    before = SentenceEmbedder(own).fingerprint
    assert before.startswith("SentenceTransformer@")
    dense = own / "2_Dense" / "config.json"
    dense.write_text(dense.read_text() + "\n")
    assert SentenceEmbedder(own).fingerprint != before


def test_a_model_that_averages_words_has_no_limit_of_its_own(tmp_path):
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding

    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(SPECIAL + WORDS)}, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    static = StaticEmbedding(tokenizer, embedding_dim=DIM)
    sentence_transformers.SentenceTransformer(modules=[static]).save(str(tmp_path))
    embedder = SentenceEmbedder(tmp_path)
    assert (embedder.dim, embedder.max_tokens, embedder.count_tokens("the pump")) == (DIM, 8192, 2)
    np.testing.assert_allclose(embedder.embed(TEXTS), theirs(tmp_path, TEXTS), atol=1e-5)


def test_a_missing_package_names_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(ModelError, match=re.escape(extra_command("full"))):
        SentenceEmbedder(folder)


@pytest.mark.parametrize("place", ["2_Dense", "."])
def test_a_pickle_is_not_opened(own, place):
    (own / place / "model.safetensors").rename(own / place / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin' is a pickle.*'rag models pull'"):
        SentenceEmbedder(own)


def test_a_module_from_the_hub_is_not_run(own):
    (own / "custom.py").write_text("raise SystemExit('it ran')")
    modules = json.loads((own / "modules.json").read_text())
    modules[2]["type"] = "custom.Dense"
    (own / "modules.json").write_text(json.dumps(modules))
    with pytest.raises(ModelError, match=r"needs code of its own \(modules\.json names custom\.Dense\)"):
        SentenceEmbedder(own)


def test_an_architecture_from_the_hub_is_not_run(own):
    (own / "custom.py").write_text("raise SystemExit('it ran')")
    config = json.loads((own / "config.json").read_text())
    config |= {"model_type": "custom", "auto_map": {"AutoConfig": "custom.Config", "AutoModel": "custom.Model"}}
    (own / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="code from a hub is never run"):
        SentenceEmbedder(own)


def test_a_folder_without_modules_is_not_guessed_to_be_an_embedder(folder):
    with pytest.raises(ModelError, match=r"no text embedder of sentence-transformers \(it has no modules\.json\)"):
        SentenceEmbedder(folder.parent / "base")


def test_a_reranker_is_not_turned_into_an_embedder(own):
    (own / "config_sentence_transformers.json").write_text('{"model_type": "CrossEncoder"}')
    with pytest.raises(ModelError, match="but a CrossEncoder"):
        SentenceEmbedder(own)


@pytest.mark.parametrize("file", ["modules.json", "model.safetensors", "config.json"])
def test_a_damaged_file_is_a_model_error(own, file):
    (own / file).write_bytes(b"nothing")
    with pytest.raises(ModelError, match=r"cannot be (used|loaded)"):
        SentenceEmbedder(own)
