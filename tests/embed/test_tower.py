"""A vision tower as `save_pretrained` writes it, thin and with random weights."""

import json
import subprocess
import sys
import threading

import numpy as np
import pytest
import torch
from fakes import TopicEmbedder
from PIL import Image
from transformers import CLIPImageProcessorPil, CLIPVisionModelWithProjection

from rag.embed import make_image_embedder, tower
from rag.embed.folder import file_sha256
from rag.embed.squash import Squash
from rag.embed.tower import VisionTower
from rag.errors import ModelError
from tests.embed.towers import save_tower

TEXTS = TopicEmbedder()
LOCKED = {"locked_text": TEXTS.fingerprint, "dim": TEXTS.dim}
SIZES = [(40, 30), (9, 90), (333, 200), (64, 64), (1, 1)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tower(tmp_path_factory.mktemp("tiny-tower"), **LOCKED)


def pictures():
    chance = np.random.default_rng(0)
    return [Image.fromarray(chance.integers(0, 256, (high, wide, 3), np.uint8)) for wide, high in SIZES]


def by_transformers(folder, images):
    model = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(images=images, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        embeds = model(pixel_values=pixels).image_embeds
    return pixels, torch.nn.functional.normalize(embeds, dim=-1).numpy()


def test_vectors_equal_those_of_transformers_own_model_and_processor(folder):
    _, expected = by_transformers(folder, pictures())
    np.testing.assert_allclose(make_image_embedder(str(folder), TEXTS).embed_images(pictures()), expected, atol=1e-5)


def test_pixels_equal_those_of_transformers_own_processor(folder):
    expected, _ = by_transformers(folder, pictures())
    squash = Squash(json.loads((folder / "preprocessor_config.json").read_text()))
    np.testing.assert_allclose(squash(pictures()), expected, atol=1e-5)


def test_a_tower_whose_pictures_are_cropped_goes_through_transformers(tmp_path):
    save_tower(
        tmp_path, **LOCKED, size={"shortest_edge": 64}, do_center_crop=True, crop_size={"height": 64, "width": 64}
    )
    _, expected = by_transformers(tmp_path, pictures()[:4])
    np.testing.assert_allclose(
        make_image_embedder(str(tmp_path), TEXTS).embed_images(pictures()[:4]), expected, atol=1e-5
    )


def test_words_get_the_vector_that_they_have_among_the_texts(folder):
    words = ["a pump and a bell", "a goat"]
    np.testing.assert_array_equal(make_image_embedder(str(folder), TEXTS).embed_texts(words), TEXTS.embed(words))


def test_no_pictures_give_no_rows(folder):
    assert make_image_embedder(str(folder), TEXTS).embed_images([]).shape == (0, TEXTS.dim)


def test_a_batch_gives_the_same_vectors_as_one_by_one(folder):
    embedder = make_image_embedder(str(folder), TEXTS)
    many = pictures() * 5
    alone = np.concatenate([embedder.embed_images([image]) for image in many])
    np.testing.assert_allclose(embedder.embed_images(many), alone, atol=1e-5)


def test_a_question_in_words_neither_reads_the_weights_nor_imports_transformers(folder):
    code = (
        "import sys; from fakes import TopicEmbedder; from rag.embed import make_image_embedder\n"
        f"embedder = make_image_embedder({str(folder)!r}, TopicEmbedder()); embedder.embed_texts(['a pump'])\n"
        "print(embedder.fingerprint, embedder.dim, '_features' in vars(embedder), 'transformers' in sys.modules)\n"
        "from PIL import Image; embedder.embed_images([Image.new('RGB', (9, 9))]); print('transformers' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    same = make_image_embedder(str(folder), TEXTS).fingerprint
    assert done.stdout.split() == [same, str(TEXTS.dim), "False", "False", "False"]


def test_threads_that_embed_at_once_load_the_weights_once(folder, monkeypatch):
    loads = []
    own_pass = tower._own_pass
    monkeypatch.setattr("rag.embed.tower._own_pass", lambda *args: loads.append(1) or own_pass(*args))
    embedder, seen = make_image_embedder(str(folder), TEXTS), []
    threads = [threading.Thread(target=lambda: seen.append(embedder.embed_images(pictures()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1]
    for vectors in seen:
        np.testing.assert_allclose(vectors, seen[0], atol=1e-6)


def test_the_fingerprint_follows_the_files_and_not_the_folder(folder, tmp_path):
    fingerprint = make_image_embedder(str(folder), TEXTS).fingerprint
    assert fingerprint.startswith("vision-tower@")
    assert make_image_embedder(str(save_tower(tmp_path, **LOCKED)), TEXTS).fingerprint == fingerprint
    save_tower(tmp_path, **LOCKED, image_mean=[0.5, 0.5, 0.5])
    assert make_image_embedder(str(tmp_path), TEXTS).fingerprint != fingerprint


def test_another_text_model_is_refused_with_both_names(tmp_path):
    save_tower(tmp_path, **LOCKED | {"locked_text": "other@1"})
    with pytest.raises(ModelError, match=r"against other@1, and words are embedded by topics@1.*RAG_TEXT_MODEL"):
        make_image_embedder(str(tmp_path), TEXTS)


def test_a_tower_that_names_no_text_model_is_refused(tmp_path):
    save_tower(tmp_path, **LOCKED | {"locked_text": ""})
    with pytest.raises(ModelError, match="locked_text in config"):
        make_image_embedder(str(tmp_path), TEXTS)


def test_vectors_of_another_length_are_refused(tmp_path):
    save_tower(tmp_path, **LOCKED | {"dim": TEXTS.dim + 1})
    with pytest.raises(ModelError, match="makes 6-d vectors and topics@1 5-d ones"):
        make_image_embedder(str(tmp_path), TEXTS)


@pytest.mark.parametrize("damage", ["weights", "size"])
def test_a_damaged_tower_is_a_model_error_at_the_first_picture(tmp_path, damage):
    save_tower(tmp_path, **LOCKED, **({"size": {"height": 32, "width": 32}} if damage == "size" else {}))
    if damage == "weights":
        (tmp_path / "model.safetensors").write_bytes(b"nothing")
    embedder = make_image_embedder(str(tmp_path), TEXTS)
    with pytest.raises(ModelError, match="cannot be loaded"):
        embedder.embed_images(pictures())


def test_a_broken_configuration_is_a_model_error(folder, tmp_path):
    (tmp_path / "config.json").write_text("[")
    with pytest.raises(ModelError, match=r"config\.json' cannot be read"):
        make_image_embedder(str(tmp_path), TEXTS)


def test_tower_is_the_shipped_one_and_only_as_it_was_shipped(folder, monkeypatch):
    monkeypatch.setattr("rag.embed.tower.FOLDER", folder)
    with pytest.raises(ModelError, match="not the vision tower of this version"):
        make_image_embedder("tower", TEXTS)
    monkeypatch.setattr("rag.embed.tower.SHA256", file_sha256(folder / "model.safetensors"))
    shipped = make_image_embedder("tower", TEXTS)
    assert isinstance(shipped, VisionTower)
    assert shipped.fingerprint == make_image_embedder(str(folder), TEXTS).fingerprint


def test_a_missing_shipped_tower_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("rag.embed.tower.FOLDER", tmp_path / "nowhere")
    with pytest.raises(ModelError, match="RAG_IMAGE_MODEL to nothing"):
        make_image_embedder("tower", TEXTS)
