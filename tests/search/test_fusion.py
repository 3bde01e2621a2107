import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.search.fusion import (
    Background,
    ChannelResult,
    blend,
    dense_background,
    explain,
    fuse_evidence,
    fuse_rrf,
    fuse_weighted,
    lexical_background,
    soft_threshold,
)

STANDARD = Background(mean=0.0, std=1.0)


NO_ROW = math.nan


def result(channel, raw, *, ranks=None, background=STANDARD, weight=1.0):
    """Raw scores of the candidates by place; ranked by them unless `ranks` says otherwise."""
    raw = np.array(raw, dtype=np.float64)
    if ranks is None:
        ranks = np.where(np.isnan(raw), 0, 1 + np.argsort(np.argsort(-raw)))
    return ChannelResult(channel, raw, np.array(ranks), background, weight)


def test_evidence_is_almost_nothing_below_the_threshold_and_one_for_one_above():
    assert soft_threshold(0.0) == pytest.approx(math.log(1 + math.exp(-2)))
    assert soft_threshold(-5.0) < 0.001
    assert soft_threshold(8.0) - soft_threshold(7.0) == pytest.approx(1.0, abs=0.01)


def test_a_sharper_knee_says_less_below_the_threshold_and_the_same_above():
    below = soft_threshold([0.5, 1.3])
    assert soft_threshold(1.3, 0.4) - soft_threshold(0.5, 0.4) < 0.4 * (below[1] - below[0])
    assert soft_threshold(6.0, 0.4) == pytest.approx(soft_threshold(6.0), abs=0.02)
    assert soft_threshold(2.0, 0.4) == pytest.approx(0.4 * math.log(2))


def test_chance_below_the_threshold_does_not_decide_between_records_that_are_nearly_alike():
    text = result("text", [3.9, 3.8], background=dense_background([-1.0, 1.0]))
    image = result("image", [0.5, 1.2], background=dense_background([-1.0, 1.0]))
    assert np.argmax(fuse_evidence([text, image])) == 0


def test_a_record_without_a_row_in_a_channel_is_not_punished():
    text, image = result("text", [6.0, 6.0]), result("image", [NO_ROW, 0.0])
    passage, captioned = fuse_evidence([text, image])
    assert captioned - passage == pytest.approx(soft_threshold(0.0))
    assert captioned - passage < 0.15


def test_two_channels_that_agree_beat_one():
    both, one = fuse_evidence([result("text", [5.0, 5.0]), result("image", [4.0, NO_ROW])])
    assert both > one


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=30, unique=True))
def test_a_single_channel_keeps_its_order(scores):
    assert all(np.diff(fuse_evidence([result("text", sorted(scores))])) >= 0)


def test_a_channel_of_noise_cannot_shuffle_strong_evidence():
    rng = np.random.default_rng(7)
    strong, weak = 6.0 - 0.8 * np.arange(5), rng.normal(size=5)
    assert np.argmax(fuse_evidence([result("text", strong), result("image", weak)])) == 0


def test_a_weight_of_zero_silences_a_channel():
    a, b = fuse_evidence([result("text", [3.0, 2.0]), result("image", [NO_ROW, 9.0], weight=0.0)])
    assert a > b


def test_rrf_counts_ranks_only():
    fused = fuse_rrf([result("text", [9.0, 1.0]), result("lexical", [NO_ROW, 3.0], weight=2.0)])
    assert fused.tolist() == pytest.approx([1 / 61, 1 / 62 + 2 / 61])


def test_rrf_passes_over_completed_scores():
    assert fuse_rrf([result("text", [1.0], ranks=[0])]).tolist() == [0.0]


def test_weighted_stretches_each_channel_to_one():
    text, lexical = result("text", [0.9, 0.5, 0.1]), result("lexical", [NO_ROW, 12.0, NO_ROW], weight=0.5)
    assert fuse_weighted([text, lexical]).tolist() == pytest.approx([1.0, 0.5 + 0.5, 0.0])


def test_the_background_of_a_dense_channel_is_its_sample():
    background = dense_background([0.1, 0.3])
    assert (background.mean, background.std) == (pytest.approx(0.2), pytest.approx(0.1))
    assert dense_background([]).calibrate(0.5) > 0
    assert dense_background([0.2]).std >= 0.02


def test_the_best_of_cosines_that_hardly_differ_is_no_evidence():
    cosines = [0.10, 0.11, 0.12, 0.10, 0.11, 0.19]
    assert dense_background(cosines).calibrate(0.19) > 2
    assert dense_background(cosines, min_std=0.15).calibrate(0.19) < 1


def test_the_background_of_a_lexical_channel_is_the_lower_part_of_its_list():
    full = lexical_background([9.0] * 10 + [1.0] * 40, limit=50)
    assert full.mean == pytest.approx(1.0)
    short = lexical_background([9.0], limit=50)
    assert short.mean == 0.0
    assert short.calibrate(9.0) > 5


def test_explain_tells_a_missing_row_from_a_completed_score():
    results = [result("text", [3.0, 1.0], ranks=[1, 0]), result("image", [2.0, NO_ROW])]
    assert explain(1, results)["text"].rank is None
    assert explain(1, results)["text"].raw == 1.0
    assert explain(1, results)["image"].raw is None
    assert explain(0, results)["image"].rank == 1


@pytest.mark.parametrize("fuse", [fuse_evidence, fuse_rrf, fuse_weighted])
def test_a_channel_without_any_row_says_nothing(fuse):
    text, image = result("text", [3.0, 1.0]), result("image", [NO_ROW, NO_ROW])
    assert fuse([text, image]).tolist() == fuse([text]).tolist()
    assert fuse([]).tolist() == []


def test_blend_at_its_ends_orders_by_one_side_alone():
    fused, rerank = [3.0, 2.0, 1.0], [0.1, 0.2, 0.9]
    by_fused, by_rerank = blend(fused, rerank, 0.0), blend(fused, rerank, 1.0)
    assert by_fused == sorted(by_fused, reverse=True)
    assert by_rerank == sorted(by_rerank)


def test_what_the_reranker_did_not_see_keeps_its_fused_score():
    assert blend([3.0, 2.0, 1.0], [None, None, None], 1.0) == pytest.approx(blend([3.0, 2.0, 1.0], [0, 0, 0], 0.0))
    partly = blend([4.0, 3.0, 2.0, 1.0], [0.2, 0.9, None, None], 1.0)
    assert partly[1] > partly[0] > partly[2] > partly[3]


def test_the_best_of_three_pictures_is_judged_by_the_other_two():
    cosines = np.array([0.3, 0.0, 0.02])
    with_itself = dense_background(cosines, min_std=0.03).calibrate(cosines)
    left_out = dense_background(cosines, min_std=0.03, holds_all=True).calibrate(cosines)
    assert with_itself[0] < 1.5
    assert left_out[0] == pytest.approx((0.3 - 0.01) / 0.03)


def test_leaving_a_score_out_is_calibrating_by_the_rest():
    cosines = np.random.default_rng(0).normal(0, 0.1, 12)
    left_out = dense_background(cosines, min_std=0.01, holds_all=True).calibrate(cosines)
    expected = [dense_background(np.delete(cosines, i), min_std=0.01).calibrate(cosines[i]) for i in range(12)]
    np.testing.assert_allclose(left_out, expected)
    assert list(np.argsort(left_out)) == list(np.argsort(cosines))


def test_of_texts_that_all_have_nothing_to_do_with_the_question_the_nearest_has_no_vote():
    signs = [0.03, 0.01, 0.02, 0.17]
    sample = np.linspace(-0.05, 0.12, 50)
    image = result("image", [1.8, 2.2, 1.0, 1.0])
    votes = result("text", signs, background=dense_background(sample))
    has_none = result("text", signs, background=dense_background(sample, min_cosine=0.28))
    assert fuse_evidence([image, votes]).argmax() == 3
    assert fuse_evidence([image, has_none]).argmax() == 1


def test_where_texts_are_near_each_other_deviations_decide_and_not_the_least_cosine():
    sample = np.linspace(0.2, 0.5, 50)
    assert dense_background(sample, min_cosine=0.28) == dense_background(sample)
