from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import BertModel

from rag.embed.minilm import MAX_TOKENS, MiniLM, find_folder
from rag.errors import ModelError
from rag.nn.graphs.bert import BertEncoder

LONG = "the cable car climbs the cliff and the bell rings twice " * 60


@pytest.fixture(scope="module")
def minilm():
    return MiniLM()


def test_vectors_equal_those_of_transformers_own_model(minilm):
    reference = BertModel.from_pretrained(find_folder(), add_pooling_layer=False).eval()
    for text in ["a", "The pump is closed first.", "Żółta łódź, 水泵 & 12.5 %"]:
        ids = torch.tensor([minilm._tokenizer.encode(text).ids])
        with torch.inference_mode():
            hidden = reference(input_ids=ids).last_hidden_state[0].numpy()
        pooled = hidden.mean(axis=0) / np.linalg.norm(hidden.mean(axis=0))
        tokens = hidden[1:-1] / np.linalg.norm(hidden[1:-1], axis=1, keepdims=True)
        assert minilm.embed([text])[0] @ pooled == pytest.approx(1.0, abs=1e-5)
        np.testing.assert_allclose(minilm.embed_tokens([text])[0], tokens, atol=1e-4)


def test_related_words_are_closer_than_unrelated_ones(minilm):
    cat, kitten, truck = minilm.embed(["a cat", "a kitten", "a truck"])
    assert cat @ kitten == pytest.approx(0.77, abs=0.02)
    assert cat @ truck == pytest.approx(0.32, abs=0.03)


def test_a_batch_gives_the_same_vectors_as_one_by_one(minilm):
    texts = ["short", "a somewhat longer sentence about pumps", "", LONG]
    together, alone = minilm.embed(texts), np.concatenate([minilm.embed([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)


def test_a_question_put_twice_is_embedded_once_and_nobody_can_spoil_it(monkeypatch):
    model, passes, encode = MiniLM(), [], BertEncoder.__call__
    monkeypatch.setattr(BertEncoder, "__call__", lambda *arguments: (passes.append(1), encode(*arguments))[1])
    first = model.embed_query("which valve is closed first?")
    expected = first.copy()
    first *= 0
    np.testing.assert_array_equal(model.embed(["which valve is closed first?"])[0], expected)
    assert len(passes) == 1
    model.embed_query("and then?")
    assert len(passes) == 2


def test_every_vector_has_length_one_and_no_text_gives_no_rows(minilm):
    np.testing.assert_allclose(np.linalg.norm(minilm.embed(["", "a", LONG]), axis=1), 1.0, atol=1e-5)
    assert minilm.embed([]).shape == (0, 384)
    assert minilm.embed_tokens([]) == []


def test_nothing_of_a_long_text_is_lost(minilm):
    assert minilm.count_tokens(LONG) > 2 * MAX_TOKENS
    assert len(minilm.embed_tokens([LONG])[0]) == minilm.count_tokens(LONG)
    tail = minilm.embed([LONG + "zebras graze on the moon " * 30])[0]
    assert (
        tail @ minilm.embed(["zebras on the moon"])[0]
        > minilm.embed([LONG])[0] @ minilm.embed(["zebras on the moon"])[0]
    )


def test_weights_of_somebody_else_are_refused(monkeypatch, tmp_path):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")
    monkeypatch.setattr("rag.embed.minilm.find_folder", lambda: tmp_path)
    with pytest.raises(ModelError, match="it is not all-MiniLM-L6-v2"):
        MiniLM()


def test_a_missing_package_names_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("rag.embed.minilm.FOLDER", Path("nowhere"))
    with pytest.raises(ModelError, match="not in 'nowhere'"):
        find_folder()
