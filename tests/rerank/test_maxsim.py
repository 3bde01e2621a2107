import numpy as np
import pytest

from rag.embed import make_text_embedder
from rag.errors import ConfigError, ModelError
from rag.nn.device import CPU
from rag.ports import TextAbilities
from rag.rerank import make_reranker
from rag.rerank.maxsim import PASSAGES_A_BATCH, MaxSimReranker, maxsim

AXES = {word: np.eye(4, dtype=np.float32)[i] for i, word in enumerate(["red", "green", "blue", "other"])}


class Axes:
    """One axis a colour word; everything else shares the fourth."""

    def __init__(self):
        self.seen = []

    def embed_tokens(self, texts):
        self.seen += texts
        rows = [[AXES.get(word, AXES["other"]) for word in text.split()] for text in texts]
        return [np.array(r, np.float32).reshape(len(r), 4) for r in rows]


class Dense:
    """A text embedder without token vectors."""

    fingerprint = "dense"
    abilities = TextAbilities()


def test_maxsim_is_the_mean_of_each_query_words_best_match():
    query = np.stack([AXES["red"], AXES["green"]])
    assert maxsim(query, np.stack([AXES["red"], AXES["blue"]])) == pytest.approx(0.5)
    assert maxsim(query, np.stack([AXES["green"], AXES["red"], AXES["blue"]])) == pytest.approx(1.0)


def test_maxsim_refuses_vectors_of_another_space():
    with pytest.raises(ValueError, match="matmul"):
        maxsim(np.ones((1, 4), np.float32), np.ones((1, 3), np.float32))


def test_scores_follow_the_passages_given():
    scores = MaxSimReranker(Axes()).score("red green", ["blue", "red", "green red"])
    assert scores == [pytest.approx(0.0), pytest.approx(0.5), pytest.approx(1.0)]


def test_an_empty_passage_or_question_is_not_scored():
    assert MaxSimReranker(Axes()).score("red", ["", "red"]) == [None, pytest.approx(1.0)]
    assert MaxSimReranker(Axes()).score("", ["red"]) == [None]


def test_spent_time_leaves_the_rest_unscored():
    axes = Axes()
    scores = MaxSimReranker(axes).score("red", ["red"] * (2 * PASSAGES_A_BATCH), deadline_s=-1.0)
    assert scores == [None] * (2 * PASSAGES_A_BATCH)
    assert axes.seen == ["red"]


def test_a_passage_seen_before_is_not_encoded_again():
    axes = Axes()
    reranker = MaxSimReranker(axes)
    first = reranker.score("red", ["red", "blue", "red"])
    assert reranker.score("red", ["blue", "red", "green"]) == [first[1], first[0], pytest.approx(0.0)]
    assert axes.seen == ["red", "red", "blue", "red", "green"]


def test_what_is_remembered_is_bounded(monkeypatch):
    monkeypatch.setattr("rag.rerank.maxsim.CACHE_BYTES", 40)
    axes = Axes()
    reranker = MaxSimReranker(axes)
    assert reranker.score("red", ["red", "blue", "green"]) == [pytest.approx(1.0), 0.0, 0.0]
    reranker.score("red", ["red"])
    assert axes.seen.count("red") == 4


def no_files(name):
    raise ModelError(f"no model {name!r} here")


def make(name, texts):
    return make_reranker(name, texts, find=no_files, placement=lambda: CPU)


def test_unknown_rerankers_and_encoders_without_token_vectors_are_named():
    with pytest.raises(ModelError, match="'bogus'"):
        make("bogus", Dense)
    with pytest.raises(ConfigError, match="RAG_RERANKER=none"):
        make("maxsim", Dense)
    assert make("none", Dense) is None


def test_the_real_encoder_prefers_the_passage_that_answers():
    reranker = make("maxsim", lambda: make_text_embedder("minilm"))
    answer, other = reranker.score("how old is the bridge", ["The bridge was built in 1890.", "Cats like fish."])
    assert answer > other + 0.1
