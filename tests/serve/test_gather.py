"""Calls from many threads, gathered."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from fakes import ColourEmbedder, NamedColours, TopicEmbedder

from rag.ports import TextAbilities
from rag.serve.gather import GatheredPictures, GatheredTexts, MicroBatcher


class Slow:
    """Doubles numbers; can be held, to let others queue up."""

    def __init__(self):
        self.batches, self.free, self.entered = [], threading.Event(), threading.Event()

    def __call__(self, items):
        self.entered.set()
        assert self.free.wait(5)
        self.batches.append(list(items))
        if "bad" in items:
            raise ValueError("a bad one")
        return [item * 2 for item in items]


def run_held(slow, call, batches):
    """The first batch runs alone; the others come while it runs."""
    with ThreadPoolExecutor(len(batches)) as pool:
        first = pool.submit(call, batches[0])
        assert slow.entered.wait(5)
        others = [pool.submit(call, batch) for batch in batches[1:]]
        while len(call._waiting) < len(others):
            threading.Event().wait(0.001)
        slow.free.set()
        return [future.exception() or future.result() for future in [first, *others]]


def test_what_comes_while_it_runs_goes_in_one_call():
    slow = Slow()
    answers = run_held(slow, MicroBatcher(slow), [[1], [2, 3], [], [4]])
    assert answers == [[2], [4, 6], [], [8]]
    assert slow.batches[0] == [1]
    assert sorted(slow.batches[1]) == [2, 3, 4]
    assert len(slow.batches) == 2


def test_a_bad_one_spoils_only_its_own_call():
    slow = Slow()
    answers = run_held(slow, MicroBatcher(slow), [["a"], ["b"], ["bad"], ["c"]])
    assert [answers[0], answers[1], answers[3]] == [["aa"], ["bb"], ["cc"]]
    assert isinstance(answers[2], ValueError)


def test_a_run_has_a_bound_but_one_call_is_never_split():
    slow = Slow()
    run_held(slow, MicroBatcher(slow, max_items=3), [[1], [2, 3], [4, 5], [6, 7, 8, 9]])
    assert max(len(batch) for batch in slow.batches) == 4
    assert sorted(item for batch in slow.batches for item in batch) == list(range(1, 10))
    assert len(slow.batches) == 4


def test_a_single_error_is_raised_as_it_is():
    slow = Slow()
    slow.free.set()
    with pytest.raises(ValueError, match="a bad one"):
        MicroBatcher(slow)(["bad"])


def test_many_threads_get_each_their_own():
    call = MicroBatcher(lambda items: np.array(items)[:, None] * 2.0)
    with ThreadPoolExecutor(16) as pool:
        rows = list(pool.map(lambda n: call([n, n + 1]), range(500)))
    assert all(rows[n].tolist() == [[2.0 * n], [2.0 * n + 2]] for n in range(500))


def test_a_text_embedder_can_do_what_it_could():
    model, plain = GatheredTexts(TopicEmbedder()), TopicEmbedder()
    assert (model.embed(["pump bell", "goat"]) == plain.embed(["pump bell", "goat"])).all()
    assert (model.embed_query("pump") == plain.embed_query("pump")).all()
    assert [rows.shape for rows in model.abilities.tokens.embed_tokens(["a b", ""])] == [(2, 5), (0, 5)]
    assert model.abilities.sparse is None
    facts = ("fingerprint", "dim", "max_tokens", "min_cosine")
    assert [getattr(model, name) for name in facts] == [getattr(plain, name) for name in facts]


def test_questions_are_gathered_where_they_are_embedded_as_texts_are():
    class Counted(TopicEmbedder):
        def __init__(self):
            self.batches = []

        def embed(self, texts):
            self.batches.append(list(texts))
            return super().embed(texts)

    model, own = Counted(), Counted()
    own.abilities = TextAbilities()
    GatheredTexts(model).embed_query("pump")
    GatheredTexts(own).embed_query("pump")
    assert (model.batches, own.batches) == ([["pump"]], [])


def test_an_image_embedder_can_do_what_it_could():
    model, plain = GatheredPictures(ColourEmbedder()), ColourEmbedder()
    assert (model.embed_texts(["red", "blue"]) == plain.embed_texts(["red", "blue"])).all()
    assert (model.embed_images([np.zeros((2, 2, 3))]) == plain.embed_images([np.zeros((2, 2, 3))])).all()
    facts = ("fingerprint", "dim", "background_std", "min_cosine", "wanted_side_px", "abilities")
    assert [getattr(model, name) for name in facts] == [getattr(plain, name) for name in facts]


def test_one_that_has_names_for_things_keeps_them():
    model, picture = GatheredPictures(NamedColours()), np.full((2, 2, 3), (255, 0, 0))
    seen = model.abilities.names.see([picture, picture])
    assert [each.things for each in seen] == [(("red", 0.9),)] * 2
    assert (seen[0].vector == model.embed_images([picture])[0]).all()
