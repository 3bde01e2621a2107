from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.nn.array_cache import ArrayCache

ROW_BYTES = 4 * 4


class Maker:
    def __init__(self):
        self.asked = []

    def __call__(self, texts):
        self.asked.extend(texts)
        return np.array([[float(len(text)), *map(float, text.encode()[:3].ljust(3))] for text in texts], np.float32)


def plain(texts):
    return [row.tolist() for row in Maker()(texts)] if texts else []


def values(arrays):
    return [array.tolist() for array in arrays]


@pytest.mark.parametrize("texts", [[], ["one"], ["one", "two", "one"], ["", "a"]])
def test_the_values_are_those_of_the_function_also_when_they_were_kept(texts):
    kept = ArrayCache(Maker(), 1000)
    assert values(kept(texts)) == values(kept(texts)) == plain(texts)


def test_a_text_is_worked_for_once():
    make = Maker()
    kept = ArrayCache(make, 1000)
    kept(["one", "two", "one"])
    kept(["two", "three"])
    assert make.asked == ["one", "two", "three"]


def test_what_was_used_longest_ago_goes_first():
    make = Maker()
    kept = ArrayCache(make, 2 * ROW_BYTES)
    for text in ("one", "two", "one", "three", "one", "two"):
        kept([text])
    assert make.asked == ["one", "two", "three", "two"]


def test_a_call_with_more_than_may_be_kept_is_answered():
    texts = [f"text {n}" for n in range(20)]
    assert values(ArrayCache(Maker(), 3 * ROW_BYTES)(texts)) == plain(texts)


def test_a_kept_row_does_not_keep_its_batch():
    (row, _) = ArrayCache(Maker(), 1000)(["one", "two"])
    assert row.base is None


def test_threads_get_each_their_own():
    kept, words = ArrayCache(Maker(), 3 * ROW_BYTES), ["one", "three", "seventeen", "x"]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: kept([words[n % 4]]), range(200)))
    assert [values(arrays) for arrays in made] == [plain([words[n % 4]]) for n in range(200)]
