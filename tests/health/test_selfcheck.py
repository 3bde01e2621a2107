from dataclasses import dataclass

import numpy as np
import pytest

from rag.config import load_settings
from rag.embed import make_text_embedder
from rag.errors import ModelError
from rag.health.selfcheck import _agreement, check_models
from rag.health.selfcheck_texts import (
    CHINESE_PASSAGES,
    CHINESE_QUESTIONS,
    ENGLISH,
    ENGLISH_PASSAGES,
    ENGLISH_QUESTIONS,
    FIGURES,
)
from rag.models.registry import Models
from rag.ports import RerankerAbilities


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
    assert severities(settings, "reranker") == ["ok", "info"]


@dataclass
class Both:
    """What an embedder and a reranker in one can do."""

    language: str = ""
    sighted: object = None
    sparse: object = None
    tokens: object = None


class Translator:
    """Knows the texts in both languages: a vector an item, the same for all that say it."""

    fingerprint, name, dim, max_tokens, min_cosine, background_std, share = "both", "both", 8, 256, None, 0.02, 1.0
    abilities = Both()
    groups = (ENGLISH_QUESTIONS, ENGLISH_PASSAGES, CHINESE_QUESTIONS, CHINESE_PASSAGES)

    def embed(self, texts):
        return np.eye(self.dim, dtype=np.float32)[[self._item(text) for text in texts]]

    def _item(self, text):
        return next(group.index(text) for group in self.groups if text in group)

    def embed_query(self, text):
        return self.embed([text])[0]

    def score(self, query, passages, *, deadline_s=None):
        return (self.embed(passages) @ self.embed_query(query)).tolist()


class English(Translator):
    """Takes Chinese texts for one another."""

    def _item(self, text):
        return super()._item(text) if text.isascii() else 0


class Backward(Translator):
    """Knows both languages and says the opposite."""

    def score(self, query, passages, *, deadline_s=None):
        return (-self.embed(passages) @ self.embed_query(query)).tolist()


class Sighted(Translator):
    """Knows pictures by their order, which is that of their names."""

    def __init__(self):
        self.abilities = Both(sighted=self)

    def score_with_pictures(self, query, passages, *, image=None, pictures, deadline_s=None, trace=None):
        assert not any(passages)
        return [float(place == FIGURES.index(query)) for place in range(len(pictures))]


class Blind(Sighted):
    """Takes every picture for the first."""

    def score_with_pictures(self, query, passages, *, image=None, pictures, deadline_s=None, trace=None):
        return [float(place == 0) for place in range(len(pictures))]


def use(monkeypatch, model):
    for role, taken in (("text_embedder", model), ("reranker", model), ("image_embedder", None)):
        monkeypatch.setattr(Models, role, taken)


@pytest.mark.parametrize("check", ["text", "reranker"])
@pytest.mark.parametrize(("model", "found"), [(Translator(), ["ok"] * 4), (English(), ["ok"] + ["info"] * 3)])
def test_a_model_that_may_know_two_languages_is_asked_within_and_across_them(
    settings, monkeypatch, check, model, found
):
    use(monkeypatch, model)
    assert severities(settings, check) == found
    asked = [finding.message for (name, _), finding in findings(settings).items() if name == check][1:]
    for message, languages in zip(
        asked, (("Chinese", "English"), ("English", "Chinese"), ("Chinese", "Chinese")), strict=True
    ):
        assert "{} questions find {} passages".format(*languages) in message


def test_a_reranker_that_says_the_opposite_is_right_in_no_language(settings, monkeypatch):
    use(monkeypatch, Backward())
    assert severities(settings, "reranker") == ["error", "info", "info", "info"]


def test_a_model_of_one_language_is_asked_in_no_other(settings, monkeypatch):
    class Single(Translator):
        abilities = Both("English")

        def _item(self, text):
            assert text.isascii()
            return super()._item(text)

    use(monkeypatch, Single())
    assert severities(settings, "text") == severities(settings, "reranker") == ["ok", "info"]


class Noise:
    """Vectors that have nothing to do with what is embedded."""

    fingerprint, dim, max_tokens, min_cosine, background_std = "noise", 64, 256, None, 0.02
    abilities = Both()

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

    name, share, abilities = "backwards", 1.0, RerankerAbilities()

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
    assert severities(settings, "reranker") == ["ok", "info"]


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
    for question, passage in zip(CHINESE_QUESTIONS, CHINESE_PASSAGES, strict=True):
        assert question.rstrip("？") not in passage
    assert len(set(FIGURES)) == len(FIGURES)


@pytest.mark.parametrize(("model", "found"), [(Translator(), []), (Sighted(), ["ok"]), (Blind(), ["error"])])
def test_a_reranker_that_looks_at_pictures_is_shown_some(settings, monkeypatch, model, found):
    use(monkeypatch, model)
    assert severities(settings, "reranker") == ["ok"] * 4 + found
