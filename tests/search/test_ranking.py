"""The retriever's arrays against the same thing written plainly, a record at a time."""

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from fakes import record

from rag.ports import Capabilities, KbSpec
from rag.search.fusion import RRF_K, blend, dense_background, lexical_background
from rag.search.near_duplicates import is_same
from rag.search.ranking import Ranking
from rag.search.retriever import FEW_PICTURES, Retriever, RetrieverOptions
from rag.types import ChannelScore, Hit, Query, ScoredRecord

WEIGHTS = {"image": 1.0, "text": 0.7, "lexical": 0.25}
N_CANDIDATES, N_RERANKED, TOP_K = 12, 8, 10
VECTOR = np.array([1.0, 0.0], np.float32)


class Scored:
    """A store whose channels give random scores to some of the records each."""

    capabilities = Capabilities("lite", "0", True, True, False)

    def __init__(self, seed):
        rng = np.random.default_rng(seed)
        texts = [f"words {n}" for n in rng.integers(0, 30, size=40)]  # some repeat
        self.records = [record(f"{i:02}", text) for i, text in enumerate(texts)]
        share = {"image": rng.random(), "text": rng.random(), "lexical": rng.random() / 2}
        self.scores = {
            channel: {r.id: float(np.round(rng.normal(), 1)) for r in self.records if rng.random() < share[channel]}
            for channel in WEIGHTS
        }
        self.sample = rng.normal(size=(FEW_PICTURES + 10, 2)).astype(np.float32)

    def search(self, channel, query, *, limit, where=None, ids=None):
        scores = self.scores[channel]
        found = [ScoredRecord(r, scores[r.id]) for r in self.records if r.id in scores and (ids is None or r.id in ids)]
        return sorted(found, key=lambda scored: (-scored.score, scored.record.id))[:limit]

    def sample_vectors(self, space, n):
        return self.sample


class Fixed:
    """Both embedders and the reranker, which has no time for some passages."""

    fingerprint, dim, background_std, name, share = "fixed", 2, 0.02, "fixed", 0.6
    abilities = SimpleNamespace(sparse=None, composed=None, cuts=None, names=None, sighted=None, prose_only=False)
    min_cosine = None

    def embed_query(self, text):
        return VECTOR

    def embed_texts(self, texts):
        return np.tile(VECTOR, (len(texts), 1))

    def score(self, query, passages, *, deadline_s=None, trace=None):
        return [None if len(text) % 2 else float(len(text) + i % 3) for i, text in enumerate(passages)]


def plainly(store, fusion, reranked):
    """Candidates, completed scores, fusion, reranking and grouping, in dictionaries and loops."""
    found = {channel: store.search(channel, VECTOR, limit=N_CANDIDATES) for channel in WEIGHTS}
    records = {scored.record.id: scored.record for ranked in found.values() for scored in ranked}
    raws = {channel: {id_: s for id_, s in store.scores[channel].items() if id_ in records} for channel in WEIGHTS}
    raws["lexical"] = dict.fromkeys(raws["text"], 0.0) | raws["lexical"]
    ranks = {channel: {s.record.id: rank for rank, s in enumerate(found[channel], 1)} for channel in WEIGHTS}
    dense = dense_background((store.sample @ VECTOR).tolist())
    lexical = lexical_background([scored.score for scored in found["lexical"]], N_CANDIDATES)
    backgrounds = {"image": dense, "text": dense, "lexical": lexical}

    def calibrated(channel, id_):
        return (raws[channel][id_] - backgrounds[channel].mean) / backgrounds[channel].std

    def part(channel, id_):
        if fusion == "rrf":
            return 1 / (RRF_K + ranks[channel][id_]) if id_ in ranks[channel] else 0.0
        if fusion == "calibrated":
            knee = 1.0 if channel == "lexical" else 0.4
            return knee * math.log1p(math.exp(min((calibrated(channel, id_) - 2) / knee, 700)))
        low, high = min(raws[channel].values()), max(raws[channel].values())
        return (raws[channel][id_] - low) / (high - low) if high > low else 1.0

    def view(channel, id_):
        if id_ not in raws[channel]:
            return ChannelScore(None, 0.0, None)
        return ChannelScore(raws[channel][id_], calibrated(channel, id_), ranks[channel].get(id_))

    fused = {id_: sum(WEIGHTS[c] * part(c, id_) for c in WEIGHTS if id_ in raws[c]) for id_ in records}
    order = sorted(records, key=lambda id_: (-fused[id_], id_))
    hits = [Hit(records[id_], fused[id_], {c: view(c, id_) for c in WEIGHTS}, fused[id_]) for id_ in order]
    if reranked and len(hits) > 1:
        head, rest = hits[:N_RERANKED], hits[N_RERANKED:]
        scores = Fixed().score("", [hit.record.text for hit in head])
        final = blend([hit.fused for hit in head], scores, Fixed.share)
        head = [replace(hit, score=s, rerank=r) for hit, s, r in zip(head, final, scores, strict=True)]
        rest = [replace(hit, score=min(final) + hit.fused - head[-1].fused) for hit in rest]
        hits = sorted(head, key=lambda hit: (-hit.score, hit.record.id)) + rest
    kept = []
    for hit in hits:
        same = next((i for i, other in enumerate(kept) if is_same(other.record, hit.record)), None)
        if same is None:
            kept.append(hit)
        elif hit.record.source not in (kept[same].record.source, *kept[same].also):
            kept[same] = replace(kept[same], also=(*kept[same].also, hit.record.source))
    return kept[:TOP_K]


@pytest.mark.parametrize("fusion", ["calibrated", "rrf", "weighted"])
@pytest.mark.parametrize("reranked", [False, True])
def test_hits_are_those_of_the_plain_way(fusion, reranked):
    for seed in range(40):
        store = Scored(seed)
        retriever = Retriever(
            store,
            KbSpec("fixed", 2, "fixed", 2),
            text_embedder=Fixed(),
            image_embedder=Fixed(),
            reranker=Fixed() if reranked else None,
            reader=lambda: None,
            options=RetrieverOptions(fusion, WEIGHTS, N_CANDIDATES, N_RERANKED),
        )
        hits, wanted = retriever.search(Query("words", top_k=TOP_K)).hits, plainly(store, fusion, reranked)
        assert [(hit.record, hit.also, hit.rerank) for hit in hits] == [(w.record, w.also, w.rerank) for w in wanted]
        for hit, other in zip(hits, wanted, strict=True):
            assert (hit.score, hit.fused) == pytest.approx((other.score, other.fused), abs=1e-9)
            assert {c: (v.raw, v.rank) for c, v in hit.channels.items()} == {
                c: (v.raw, v.rank) for c, v in other.channels.items()
            }
            for channel, view in hit.channels.items():
                assert view.calibrated == pytest.approx(other.channels[channel].calibrated, abs=1e-9)


def test_what_is_of_a_higher_tier_comes_first_and_scores_more_whatever_the_reranker_says():
    records = [record(f"r{n}", f"words {n}") for n in range(4)]
    ranking = Ranking.of(records, [4.0, 3.0, 2.0, 1.0], [0, 0, 1, 0])
    assert ranking.order == [2, 0, 1, 3]
    ranking.rerank([0.1, 0.9, 0.5], 0.5)
    hits = ranking.hits([], 4, lambda each: ("E21",) if each.id == "r2" else ())
    assert hits[0].record.id == "r2"
    assert [hit.exact for hit in hits] == [("E21",), (), (), ()]
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_each_of_few_pictures_is_judged_by_the_others():
    store = Scored(0)
    store.sample = np.array([[0.3, 0.9], [0.0, 1.0], [0.02, 1.0]], np.float32)
    store.scores = {
        "image": {r.id: float(row[0]) for r, row in zip(store.records, store.sample, strict=False)},
        "text": {},
        "lexical": {},
    }
    retriever = Retriever(
        store,
        KbSpec("fixed", 2, "fixed", 2),
        text_embedder=Fixed(),
        image_embedder=Fixed(),
        reranker=None,
        reader=lambda: None,
        options=RetrieverOptions("calibrated", WEIGHTS, N_CANDIDATES, N_RERANKED),
    )
    best = retriever.search(Query("words", top_k=TOP_K)).hits[0]
    assert best.channels["image"].calibrated == pytest.approx((0.3 - 0.01) / Fixed.background_std, rel=1e-3)
