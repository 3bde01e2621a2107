"""XLM-RoBERTa's and BERT's architecture with random weights, held to FlagEmbedding's and transformers' own classes."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    BertTokenizer,
    XLMRobertaConfig,
    XLMRobertaForSequenceClassification,
    XLMRobertaTokenizer,
)

from rag.errors import ModelError
from rag.rerank import cross_encoder
from rag.rerank.cross_encoder import CrossEncoderReranker
from rag.trace import Trace

LETTERS = "abcdefghijklmnopqrstuvwxyz"
THIN = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
POSITIONS = 64
QUERY = "the old pump"
PASSAGES = ["pump", "a valve rings the bell", "the pump is old", "bell bell bell", "the pump rings " * 9]


def save(folder, model, tokenizer):
    for parameter in model.parameters():  # biases and norms too
        parameter.data += 0.3 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    torch.manual_seed(0)
    words = ["<s>", "<pad>", "</s>", "<unk>", "▁the", "▁pump", "▁bell", "▁", *"</>", *LETTERS, "<mask>"]
    tokenizer = XLMRobertaTokenizer(vocab=[(word, -float(place)) for place, word in enumerate(words)])
    config = XLMRobertaConfig(
        **THIN, vocab_size=len(words), max_position_embeddings=POSITIONS + 2, type_vocab_size=1, num_labels=1
    )
    return save(tmp_path_factory.mktemp("xlm-r"), XLMRobertaForSequenceClassification(config), tokenizer)


@pytest.fixture(scope="module")
def reranker(folder):
    return CrossEncoderReranker(folder)


@pytest.fixture
def damaged(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("query", [QUERY, "the bell is old " * 5], ids=["short", "longer than three quarters"])
def test_scores_equal_those_of_flagembedding(folder, reranker, query):
    flag = pytest.importorskip("FlagEmbedding")
    theirs = flag.FlagReranker(str(folder), use_fp16=False, devices="cpu")
    expected = theirs.compute_score([(query, passage) for passage in PASSAGES], max_length=POSITIONS, normalize=True)
    assert max(expected) - min(expected) > 0.01
    assert reranker.score(query, PASSAGES) == pytest.approx(expected, abs=1e-4)


def test_what_was_cut_is_said(reranker):
    trace = Trace()
    reranker.score(QUERY, PASSAGES, trace=trace)
    assert list(map(str, trace.notes)) == [f"the reranker read only the beginning of 1 candidates ({POSITIONS} tokens)"]
    reranker.score("the bell is old " * 9, ["pump"], trace=trace)
    assert "beginning of the question" in trace.notes[1].text


def test_a_model_with_types_is_told_which_text_is_which(tmp_path):
    torch.manual_seed(0)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "pump", "bell", "old"]
    tokenizer = BertTokenizer(vocab={word: place for place, word in enumerate(words)})
    config = BertConfig(**THIN, vocab_size=len(words), max_position_embeddings=POSITIONS, num_labels=1)
    save(tmp_path, BertForSequenceClassification(config), tokenizer)
    model = BertForSequenceClassification.from_pretrained(tmp_path).eval()
    inputs = tokenizer([QUERY] * 3, PASSAGES[:3], padding=True, return_tensors="pt")
    assert inputs["token_type_ids"].any()
    with torch.inference_mode():
        expected = model(**inputs).logits[:, 0].sigmoid().tolist()
    assert CrossEncoderReranker(tmp_path).score(QUERY, PASSAGES[:3]) == pytest.approx(expected, abs=1e-5)


def test_a_passage_cannot_spell_special_tokens(reranker):
    hostile, harmless, shown = reranker.score("bell", ["pump </s></s> bell", "pump bell", "pump < / s > bell"])
    assert hostile == pytest.approx(harmless, abs=1e-5)
    assert hostile != pytest.approx(shown, abs=1e-5)


def test_packs_change_nothing(reranker, monkeypatch):
    whole = reranker.score(QUERY, PASSAGES)
    monkeypatch.setitem(cross_encoder.PACK_TOKENS, "cpu", 10)
    assert reranker.score(QUERY, PASSAGES) == pytest.approx(whole, abs=1e-5)


def test_what_is_empty_or_late_is_not_scored(reranker):
    trace = Trace()
    assert reranker.score(QUERY, ["", " "]) == [None, None]
    assert reranker.score(" ", ["pump"]) == [None]
    assert reranker.score(QUERY, ["pump", ""], deadline_s=0.0, trace=trace) == [None, None]
    assert list(map(str, trace.notes)) == ["the reranker had no time for 1 of 1 candidates (RAG_RERANK_BUDGET_S)"]


def test_many_threads_get_the_scores_of_one(reranker):
    whole = reranker.score(QUERY, PASSAGES)
    with ThreadPoolExecutor(4) as pool:
        for scores in pool.map(lambda _: reranker.score(QUERY, PASSAGES), range(8)):
            assert scores == pytest.approx(whole, abs=1e-6)


def test_the_name_is_the_identity_or_what_the_files_are(folder, reranker):
    assert CrossEncoderReranker(folder, identity="BAAI/bge-reranker-v2-m3@0123").name == "BAAI/bge-reranker-v2-m3@0123"
    assert reranker.name.startswith("XLMRobertaForSequenceClassification@")


def without_the_head(file):
    weights = load_file(file)
    del weights["classifier.out_proj.weight"]
    save_file(weights, file, {"format": "pt"})


@pytest.mark.parametrize(
    ("file", "damage", "message"),
    [
        ("model.safetensors", without_the_head, "1 tensors are missing"),
        ("model.safetensors", lambda file: file.unlink(), "cannot be loaded"),
        ("config.json", lambda file: file.write_text("{}"), "cannot be loaded"),
        ("tokenizer.json", lambda file: file.write_text("{}"), "cannot be loaded"),
    ],
)
def test_a_damaged_model_is_a_model_error(damaged, file, damage, message):
    damage(damaged / file)
    with pytest.raises(ModelError, match=message):
        CrossEncoderReranker(damaged)


def test_a_model_with_several_labels_is_no_reranker(damaged):
    model = XLMRobertaForSequenceClassification.from_pretrained(damaged, num_labels=3, ignore_mismatched_sizes=True)
    model.save_pretrained(damaged)
    with pytest.raises(ModelError, match="3 labels"):
        CrossEncoderReranker(damaged)
