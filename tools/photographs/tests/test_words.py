"""Texts of things, and how their vectors are evened."""

import numpy as np

from tools.photographs.words import N_MARKS, SYNSETS, described, directions, evened

NOUN = (
    b"02123045 05 n 02 tabby 0 tabby_cat 0 001 @ 02121808 n 0000 | "
    b'a cat with a grey coat; "the tabby slept"; "two tabbies"  \n'
)


def test_a_synset_is_its_words_and_its_gloss_without_examples():
    nouns = b"x" * 10 + NOUN
    assert described(nouns, 10) == {"name": "tabby", "text": "tabby, tabby cat: a cat with a grey coat"}


def test_there_are_a_thousand_different_synsets():
    offsets = SYNSETS.read_text(encoding="utf-8").split()
    assert len(offsets) == len(set(offsets)) == 1000


def test_evened_vectors_have_no_mean_and_their_widest_direction_is_damped():
    rng = np.random.default_rng(0)
    vectors = (rng.normal(size=(500, 4)) * [3, 1, 1, 1] + 5).astype(np.float32)
    made = evened(vectors)
    np.testing.assert_allclose(made.mean(axis=0), 0, atol=1e-4)
    before, after = (rows.std(axis=0)[0] / rows.std(axis=0)[1] for rows in (vectors, made))
    assert 1.0 < after < before


def test_directions_are_orthonormal():
    made = directions(np.random.default_rng(0).normal(size=(200, 300)).astype(np.float32))
    np.testing.assert_allclose(made.T @ made, np.eye(N_MARKS), atol=1e-4)
