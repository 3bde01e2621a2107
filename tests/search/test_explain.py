"""Why a hit is where it is, in words."""

from __future__ import annotations

from dataclasses import replace

from rag.search.explain import explanation, scores
from rag.types import ChannelScore, Hit, Record

HIT = Hit(
    Record("1", "d", "a.md", "text", "words"),
    2.314,
    {
        "text": ChannelScore(raw=0.621, calibrated=1.5, rank=2),
        "lexical": ChannelScore(raw=7.1, calibrated=-0.25, rank=None),
        "image": ChannelScore(raw=None, calibrated=0.0, rank=None),
    },
    1.25,
    0.554,
)


def test_scores_are_those_of_the_channels_that_have_one() -> None:
    assert scores(HIT) == "score 2.31 (text 0.62, lexical 7.10, rerank 0.55)"


def test_an_explanation_tells_a_completed_score_from_a_missing_row() -> None:
    text, lexical, image, *sums = explanation(HIT)
    assert "0.621" in text
    assert text.endswith("rank 2")
    assert lexical.endswith("not in its list, score completed")
    assert image.endswith("no row")
    assert [line.split() for line in sums] == [["fused", "1.250"], ["rerank", "0.554"], ["final", "2.314"]]


def test_a_machines_guess_at_a_photograph_is_marked_as_such() -> None:
    seen = replace(HIT.record, kind="image", metadata={"looks_like": [["tabby cat", 0.62]]})
    *_, last = explanation(replace(HIT, record=seen))
    assert last.split(maxsplit=1) == ["seen", "looks like: tabby cat 0.62 (a machine's guess)"]
