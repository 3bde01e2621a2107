import math

import pytest

from rag.nn.device import CPU
from rag.rerank import packs
from rag.rerank.packs import Pace, score_in_packs


class Clock:
    """Stands in for `time`: moves when told."""

    now_s = 100.0

    def monotonic(self):
        return self.now_s


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(packs, "time", clock)
    return clock


def items(*lengths):
    return [[0] * length for length in lengths]


def test_packs_hold_what_fits_in_the_order_given():
    seen = []
    outcome = score_in_packs(
        items(3, 4, 5, 20, 1),
        lambda pack: seen.append([len(item) for item in pack]) or [float(len(item)) for item in pack],
        CPU,
        Pace(None),
        most_tokens=10,
    )
    assert seen == [[3, 4], [5], [20], [1]]
    assert outcome.scores == [3.0, 4.0, 5.0, 20.0, 1.0]
    assert list(outcome.notes("r", CPU)) == []


def test_a_pack_is_made_as_small_as_the_time_that_is_left(clock):
    seen = []

    def run(pack):
        seen.append(len(pack))
        clock.now_s += sum(map(len, pack))
        return [1.0] * len(pack)

    pace = Pace(25.0)
    with pace.measure(2):
        clock.now_s += 2
    outcome = score_in_packs(items(*[5] * 10), run, CPU, pace, most_tokens=10)
    assert seen == [2, 2]
    assert outcome.scores == [1.0] * 4 + [None] * 6
    assert list(map(str, outcome.notes("r", CPU))) == [
        "the reranker had no time for 6 of 10 candidates (RAG_RERANK_BUDGET_S)"
    ]
    assert clock.now_s <= 125


def test_the_first_pack_is_tried_when_no_pace_is_known(clock):
    outcome = score_in_packs(items(5, 5), lambda pack: [1.0] * len(pack), CPU, Pace(1.0), most_tokens=5)
    assert outcome.scores == [1.0, 1.0]
    spent = score_in_packs(items(5, 5), lambda pack: [1.0] * len(pack), CPU, Pace(0.0), most_tokens=5)
    assert (spent.scores, spent.n_late) == ([None, None], 2)


def test_what_does_not_fit_into_memory_alone_is_left_out():
    seen = []

    def run(pack):
        seen.append([len(item) for item in pack])
        if sum(map(len, pack)) > 8:
            raise MemoryError
        return [1.0] * len(pack)

    outcome = score_in_packs(items(4, 9, 4, 4), run, CPU, Pace(None), most_tokens=100)
    assert outcome.scores == [1.0, None, 1.0, 1.0]
    assert outcome.n_too_large == 1
    assert seen == [[4, 9, 4, 4], [4], [9], [4, 4]]


def test_what_is_no_number_is_no_score():
    outcome = score_in_packs(items(1, 1, 1), lambda pack: [math.nan, 0.5, math.inf], CPU, Pace(None), most_tokens=9)
    assert outcome.scores == [None, 0.5, None]
    assert next(outcome.notes("the model", CPU)).text.startswith("the reranker 'the model' gave no number for 2 of 3")
