"""Drawings and photographs in one space, by the weights that come with the program."""

import json
import shutil

import numpy as np
import pytest
from images.test_photographic import chart, scene

from rag.embed import make_image_embedder, sight
from rag.embed.minilm import MiniLM
from rag.embed.sight import N_MARKS, Sight, shipped_sight
from rag.embed.tower import shipped_tower
from rag.errors import ModelError


@pytest.fixture(scope="module")
def texts():
    return MiniLM(1)


@pytest.fixture(scope="module")
def seeing(texts):
    return shipped_sight(texts, 1)


def parts(vectors):
    return vectors[:, :-N_MARKS], vectors[:, -N_MARKS:]


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_it_is_what_sees_by_default(seeing, texts):
    assert make_image_embedder("sight", lambda: texts).fingerprint == seeing.fingerprint == sight.shipped_fingerprint()


def test_vectors_have_unit_length_and_the_dimension_that_is_told(seeing):
    for vectors in (seeing.embed_images([chart(), scene()]), seeing.embed_texts(["a chart", "a dog"])):
        assert vectors.shape == (2, seeing.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_no_pictures_and_no_texts_give_no_rows(seeing):
    assert seeing.embed_images([]).shape == (0, seeing.dim)
    assert seeing.embed_texts([]).shape == (0, seeing.dim)


def test_words_say_nothing_of_the_look(seeing):
    assert not parts(seeing.embed_texts(["a dog in the snow"]))[1].any()


def test_among_words_a_drawing_stands_where_the_tower_puts_it(seeing, texts):
    words, _ = parts(seeing.embed_images([chart()]))
    np.testing.assert_allclose(unit(words), shipped_tower(texts, 1).embed_images([chart()]), atol=1e-4)


def test_the_tower_does_not_look_at_a_photograph(seeing, monkeypatch):
    expected = seeing.embed_images([scene()])
    monkeypatch.setattr(seeing._tower, "embed_images", lambda images: pytest.fail("it did"))
    np.testing.assert_allclose(seeing.embed_images([scene()]), expected, atol=1e-5)


def test_a_picture_has_the_same_vector_alone_and_among_others(seeing):
    pictures = [scene(i) for i in range(9)] + [chart()]
    together = seeing.embed_images(pictures)
    np.testing.assert_allclose(together[[8, 9]], seeing.embed_images(pictures[8:]), atol=1e-4)


def test_a_mirrored_picture_is_nearer_to_itself_than_to_another(seeing):
    one, other = scene(0), scene(1)
    mirrored, itself, stranger = seeing.embed_images([one.transpose(0), one, other])
    assert mirrored @ itself > max(seeing.abilities.min_likeness, float(mirrored @ stranger))


def test_of_a_photograph_likely_things_are_said_likeliest_first_and_of_a_drawing_none(seeing, monkeypatch):
    monkeypatch.setattr(sight, "MIN_PROBABILITY", 0.01)
    photograph, drawing = seeing.see([scene(), chart()])
    shares = [share for _, share in photograph.things]
    assert len(shares) > 1
    assert shares == sorted(shares, reverse=True)
    assert all(name and 0 < share <= 1 for name, share in photograph.things)
    assert drawing.things == ()


def test_what_is_unlikely_is_not_said(seeing, monkeypatch):
    monkeypatch.setattr(sight, "MIN_PROBABILITY", 1.01)
    assert seeing.see([scene()])[0].things == ()


def test_a_picture_that_is_named_has_the_vector_it_has_otherwise(seeing):
    pictures = [scene(), chart()]
    np.testing.assert_allclose([seen.vector for seen in seeing.see(pictures)], seeing.embed_images(pictures), atol=1e-4)


def test_a_reader_for_other_words_is_refused(texts, tmp_path):
    folder = shutil.copytree(sight.FOLDER, tmp_path / "photographs")
    space = json.loads((folder / "space.json").read_text())
    (folder / "space.json").write_text(json.dumps(space | {"locked_text": "other@1"}))
    with pytest.raises(ModelError, match=r"made for other@1.*RAG_IMAGE_MODEL=tower"):
        Sight(shipped_tower(texts, 1), folder, "")


@pytest.mark.parametrize("file", ["things.json", "words.safetensors", "space.json"])
def test_the_shipped_reader_is_refused_when_any_of_its_files_is_another(texts, tmp_path, monkeypatch, file):
    folder = shutil.copytree(sight.FOLDER, tmp_path / "photographs")
    (folder / file).write_bytes((folder / file).read_bytes() + b" ")
    monkeypatch.setattr(sight, "FOLDER", folder)
    with pytest.raises(ModelError, match="not the reader of photographs of this version"):
        shipped_sight(texts)


def test_files_of_different_sizes_are_refused(texts, tmp_path):
    folder = shutil.copytree(sight.FOLDER, tmp_path / "photographs")
    things = json.loads((folder / "things.json").read_text())
    (folder / "things.json").write_text(json.dumps(things[:-1]))
    with pytest.raises(ModelError, match="its files differ in size"):
        Sight(shipped_tower(texts, 1), folder, "").embed_images([scene()])


def test_weights_fit_the_package():
    from rag.embed import tower

    files = [path for folder in (sight.FOLDER, tower.FOLDER) for path in folder.iterdir()]
    assert sum(path.stat().st_size for path in files) <= 25e6
