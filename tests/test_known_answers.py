import numpy as np
import pytest

from rag.config import load_settings
from rag.embed import make_text_embedder
from rag.errors import ModelError
from rag.known_answers import ENGLISH, FIGURES, _agreement, check_models
from rag.models import Models


@pytest.fixture
def settings(tmp_path):
    return load_settings(data_dir=tmp_path)


def findings(settings):
    return {(finding.check, i): finding for i, finding in enumerate(check_models(settings))}


def severities(settings, check):
    return [finding.severity for (name, _), finding in findings(settings).items() if name == check]


def test_the_models_that_come_with_the_program_know_the_answers(settings):
    assert severities(settings, "text") == ["ok", "info"]
    assert severities(settings, "image") == ["ok", "info"]
    assert severities(settings, "reranker") == ["ok"]


class Noise:
    """Vectors that have nothing to do with what is embedded."""

    fingerprint, dim, max_tokens, min_cosine, background_std = "noise", 64, 256, None, 0.02

    def __init__(self):
        self._rng = np.random.default_rng(1)

    def embed(self, items):
        rows = self._rng.normal(size=(len(items), self.dim)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    embed_texts = embed_images = embed

    def embed_query(self, text):
        return self.embed([text])[0]


class Backwards:
    """A reranker whose template is wrong: it says the opposite."""

    name, share = "backwards", 1.0

    def __init__(self):
        self._embedder = make_text_embedder("minilm")

    def score(self, query, passages, *, deadline_s=None):
        return (-self._embedder.embed(passages) @ self._embedder.embed_query(query)).tolist()


@pytest.mark.parametrize(
    ("role", "broken"), [("text_embedder", Noise()), ("image_embedder", Noise()), ("reranker", Backwards())]
)
def test_a_model_that_answers_at_random_or_backwards_is_an_error_with_a_remedy(settings, monkeypatch, role, broken):
    monkeypatch.setattr(Models, role, broken)
    check = role.partition("_")[0]
    first = next(finding for (name, _), finding in findings(settings).items() if name == check)
    assert first.severity == "error"
    assert "rag models pull" in first.remedy


def test_a_reranker_that_leaves_passages_out_is_an_error(settings, monkeypatch):
    class Lazy(Backwards):
        def score(self, query, passages, *, deadline_s=None):
            return [None] * len(passages)

    monkeypatch.setattr(Models, "reranker", Lazy())
    assert severities(settings, "reranker") == ["error"]


def test_a_model_that_cannot_be_loaded_does_not_end_the_check(settings, monkeypatch):
    def broken(self):
        raise ModelError("no weights here; run 'rag models pull'")

    monkeypatch.setattr(Models, "image_embedder", property(broken))
    assert severities(settings, "image") == ["error"]
    assert severities(settings, "reranker") == ["ok"]


def test_what_is_switched_off_is_said(tmp_path):
    settings = load_settings(data_dir=tmp_path, image_model="", reranker="none")
    assert severities(settings, "image") == severities(settings, "reranker") == ["info"]


def test_short_number_formats_on_a_cpu_are_compared_with_float32(tmp_path):
    settings = load_settings(data_dir=tmp_path, device="cpu", dtype="bfloat16", image_model="")
    messages = [finding.message for finding in findings(settings).values() if "bfloat16" in finding.message]
    assert len(messages) == 2
    assert all("100.0%" in message for message in messages)  # these models run in float32 whatever is set


def test_agreement_counts_pairs_that_keep_their_order():
    exact = np.array([[0.0, 1.0, 2.0]], np.float32)
    assert _agreement(exact, exact) == 1.0
    assert _agreement(exact, -exact) == 0.0
    assert _agreement(exact, np.array([[0.0, 2.0, 1.0]], np.float32)) == pytest.approx(2 / 3)
    assert _agreement(exact, None) is None


def test_the_questions_are_no_keyword_search():
    for question, passage in ENGLISH:
        assert question.lower() not in passage.lower()
    assert len(set(FIGURES)) == len(FIGURES)
