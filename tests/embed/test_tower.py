"""A vision tower as `save_pretrained` writes it, thin and with random weights."""

import io
import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from fakes import TopicEmbedder
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPImageProcessorPil, CLIPVisionModelWithProjection

from rag.config import load_settings
from rag.embed import make_image_embedder, tower
from rag.embed.clip import load_vision
from rag.embed.minilm import MiniLM
from rag.embed.tower import VisionTower
from rag.errors import ModelError
from rag.images.decode import load_image
from rag.nn.fixed_size_preprocess import FixedSizePreprocess
from rag.nn.model_folder import file_sha256, folder_digest
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


def edit(file, **values):
    file.write_text(json.dumps(json.loads(file.read_text()) | values))


def by_transformers(folder, images):
    model = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(images=images, return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        embeds = model(pixel_values=pixels).image_embeds
    return pixels, torch.nn.functional.normalize(embeds, dim=-1).numpy()


def test_vectors_equal_those_of_transformers_own_model_and_processor(folder):
    _, expected = by_transformers(folder, pictures())
    np.testing.assert_allclose(
        make_image_embedder(str(folder), TopicEmbedder).embed_images(pictures()), expected, atol=1e-5
    )


def test_pixels_equal_those_of_transformers_own_processor(folder):
    expected, _ = by_transformers(folder, pictures())
    np.testing.assert_allclose(FixedSizePreprocess(folder)(pictures()), expected, atol=1e-5)


def test_a_tower_whose_pictures_are_cropped_goes_through_transformers(tmp_path):
    save_tower(
        tmp_path, **LOCKED, size={"shortest_edge": 64}, do_center_crop=True, crop_size={"height": 64, "width": 64}
    )
    _, expected = by_transformers(tmp_path, pictures()[:4])
    np.testing.assert_allclose(
        make_image_embedder(str(tmp_path), TopicEmbedder).embed_images(pictures()[:4]), expected, atol=1e-5
    )


def test_words_get_the_vector_that_they_have_among_the_texts(folder):
    words = ["a pump and a bell", "a goat"]
    np.testing.assert_array_equal(
        make_image_embedder(str(folder), TopicEmbedder).embed_texts(words), TEXTS.embed(words)
    )


def test_no_pictures_give_no_rows(folder):
    assert make_image_embedder(str(folder), TopicEmbedder).embed_images([]).shape == (0, TEXTS.dim)


def test_a_batch_gives_the_same_vectors_as_one_by_one(folder):
    embedder = make_image_embedder(str(folder), TopicEmbedder)
    many = pictures() * 5
    alone = np.concatenate([embedder.embed_images([image]) for image in many])
    np.testing.assert_allclose(embedder.embed_images(many), alone, atol=1e-5)


def test_a_question_in_words_neither_reads_the_weights_nor_imports_torch(folder):
    code = (
        "import sys; from fakes import TopicEmbedder; from rag.embed import make_image_embedder\n"
        f"embedder = make_image_embedder({str(folder)!r}, TopicEmbedder); embedder.embed_texts(['a pump'])\n"
        "print(embedder.fingerprint, embedder.dim, '_vectors' in vars(embedder), 'torch' in sys.modules)\n"
        "from PIL import Image; embedder.embed_images([Image.new('RGB', (9, 9))]); print('torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    same = make_image_embedder(str(folder), TopicEmbedder).fingerprint
    assert done.stdout.split() == [same, str(TEXTS.dim), "False", "False", "False"]


def test_threads_that_embed_at_once_load_the_weights_once(folder, monkeypatch):
    loads = []
    own_pass = tower._own_pass
    monkeypatch.setattr("rag.embed.tower._own_pass", lambda *args: loads.append(1) or own_pass(*args))
    embedder, seen = make_image_embedder(str(folder), TopicEmbedder), []
    threads = [threading.Thread(target=lambda: seen.append(embedder.embed_images(pictures()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == [1]
    for vectors in seen:
        np.testing.assert_allclose(vectors, seen[0], atol=1e-6)


def test_the_fingerprint_follows_the_files_and_not_the_folder(folder, tmp_path):
    fingerprint = make_image_embedder(str(folder), TopicEmbedder).fingerprint
    assert fingerprint.startswith("vision-tower@")
    assert make_image_embedder(str(save_tower(tmp_path, **LOCKED)), TopicEmbedder).fingerprint == fingerprint
    save_tower(tmp_path, **LOCKED, image_mean=[0.5, 0.5, 0.5])
    assert make_image_embedder(str(tmp_path), TopicEmbedder).fingerprint != fingerprint


def test_another_text_model_is_refused_with_both_names(tmp_path):
    save_tower(tmp_path, **LOCKED | {"locked_text": "other@1"})
    with pytest.raises(ModelError, match=r"against other@1, and words are embedded by topics@1.*RAG_TEXT_MODEL"):
        make_image_embedder(str(tmp_path), TopicEmbedder)


def test_a_tower_that_names_no_text_model_is_refused(tmp_path):
    save_tower(tmp_path, **LOCKED | {"locked_text": ""})
    with pytest.raises(ModelError, match="locked_text in config"):
        make_image_embedder(str(tmp_path), TopicEmbedder)


def test_vectors_of_another_length_are_refused(tmp_path):
    save_tower(tmp_path, **LOCKED | {"dim": TEXTS.dim + 1})
    with pytest.raises(ModelError, match="makes 6-d vectors and topics@1 5-d ones: projection_dim or locked_text"):
        make_image_embedder(str(tmp_path), TopicEmbedder)


@pytest.mark.parametrize("damage", ["weights", "size"])
def test_a_damaged_tower_is_a_model_error_at_the_first_picture(tmp_path, damage):
    save_tower(tmp_path, **LOCKED, **({"size": {"height": 32, "width": 32}} if damage == "size" else {}))
    if damage == "weights":
        (tmp_path / "model.safetensors").write_bytes(b"nothing")
    embedder = make_image_embedder(str(tmp_path), TopicEmbedder)
    with pytest.raises(ModelError, match="cannot be loaded"):
        embedder.embed_images(pictures())


FC1 = "vision_model.encoder.layers.1.mlp.fc1.bias"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda weights: weights.pop(FC1), r"fc1\.bias: \(64,\) by config\.json, no such tensor in the weights"),
        (lambda weights: weights.update({FC1: weights[FC1][1:].clone()}), r"\(64,\) by config\.json, \(63,\) in"),
        (lambda weights: weights["visual_projection.weight"].fill_(torch.nan), r"projection\.weight has values that"),
    ],
)
def test_weights_other_than_the_configuration_describes_are_named(tmp_path, change, message):
    weights = load_file(save_tower(tmp_path, **LOCKED) / "model.safetensors")
    change(weights)
    save_file(weights, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match=message):
        make_image_embedder(str(tmp_path), TopicEmbedder).embed_images(pictures())


def test_layers_that_the_configuration_does_not_know_are_not_left_out_in_silence(tmp_path):
    edit(save_tower(tmp_path, **LOCKED) / "config.json", num_hidden_layers=1)
    with pytest.raises(ModelError, match=r"describes them: 16, first encoder\.layers\.1"):
        make_image_embedder(str(tmp_path), TopicEmbedder).embed_images(pictures())


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        *[("config", "projection_dim", value) for value in ("x", None, 0)],
        *[("config", "background_std", value) for value in ("x", 0, 1e9, float("inf"), float("nan"))],
        *[("config", "architectures", value) for value in (5, {"a": 1}, ["CLIPVisionModelWithProjection", 5])],
        *[("config", "num_hidden_layers", value) for value in ("two", 10**9)],
        ("config", "num_attention_heads", 3),
        ("config", "patch_size", 0),
        ("config", "hidden_act", "tanh"),
        ("config", "locked_text", ["topics@1"]),
        *[("preprocessor_config", "size", value) for value in (224, "x", {"height": "x", "width": 64})],
        *[("preprocessor_config", "image_std", value) for value in ([0, 0, 0], [1e-300] * 3, [1, 1], None)],
        ("preprocessor_config", "image_mean", [float("nan")] * 3),
        ("preprocessor_config", "resample", 99),
        ("preprocessor_config", "rescale_factor", "x"),
    ],
)
def test_a_value_that_cannot_be_is_a_model_error(tmp_path, file, key, value):
    edit(save_tower(tmp_path, **LOCKED) / f"{file}.json", **{key: value})
    with pytest.raises(ModelError):
        make_image_embedder(str(tmp_path), TopicEmbedder).embed_images(pictures())


def test_an_output_without_vectors_is_a_model_error_before_the_first_picture(folder):
    with pytest.raises(ModelError, match=r"cannot be loaded: AttributeError.*image_embeds"):
        load_vision(folder, "CLIPVisionModel", TEXTS.dim)


@pytest.mark.parametrize("text", ["[", "{" * 100_000, '{"a":' * 100_000, "\xff"])
def test_a_broken_configuration_is_a_model_error(tmp_path, text):
    (tmp_path / "config.json").write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match=r"config\.json' cannot be read"):
        make_image_embedder(str(tmp_path), TopicEmbedder)


def test_a_jpeg_that_is_decoded_small_has_the_vector_of_the_whole_one():
    shipped = make_image_embedder("tower", MiniLM)
    chance = np.random.default_rng(2).integers(0, 255, (12, 16, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(chance).resize((2400, 1800), Image.Resampling.BICUBIC).save(file, "JPEG", quality=88)
    small = load_image(file.getvalue(), min_side_px=shipped.wanted_side_px)
    assert 2 * FixedSizePreprocess(tower.FOLDER).size_px[0] == shipped.wanted_side_px <= min(small.size) <= 1800 / 2
    whole, same = shipped.embed_images([load_image(file.getvalue()), small])
    assert whole @ same >= 0.999


@pytest.mark.parametrize("size", [None, [32, 32]])
def test_a_tower_whose_input_is_not_known_does_not_say_what_it_wants(tmp_path, size):
    save_tower(tmp_path, **LOCKED)
    config = json.loads((tmp_path / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"image_size": size}))
    assert VisionTower(tmp_path, TEXTS).wanted_side_px is None


def test_tower_is_the_shipped_one(folder, monkeypatch):
    monkeypatch.setattr("rag.embed.tower.FOLDER", folder)
    monkeypatch.setattr("rag.embed.tower.DIGEST", folder_digest(folder))
    shipped = make_image_embedder("tower", TopicEmbedder)
    assert isinstance(shipped, VisionTower)
    assert shipped.fingerprint == make_image_embedder(str(folder), TopicEmbedder).fingerprint
    assert shipped.fingerprint == tower.shipped_fingerprint()


@pytest.mark.parametrize("file", ["model.safetensors", "config.json", "preprocessor_config.json"])
def test_the_shipped_tower_is_refused_when_any_of_its_files_is_another(tmp_path, monkeypatch, file):
    monkeypatch.setattr("rag.embed.tower.FOLDER", save_tower(tmp_path, **LOCKED))
    monkeypatch.setattr("rag.embed.tower.DIGEST", folder_digest(tmp_path))
    (tmp_path / file).write_bytes((tmp_path / file).read_bytes() + b" ")
    with pytest.raises(ModelError, match="not the vision tower of this version: its files have the digest"):
        make_image_embedder("tower", TopicEmbedder)


def test_the_shipped_tower_is_hashed_once(folder, monkeypatch):
    monkeypatch.setattr("rag.embed.tower.FOLDER", folder)
    monkeypatch.setattr("rag.embed.tower.DIGEST", folder_digest(folder))
    hashed = []
    monkeypatch.setattr("rag.nn.model_folder.file_sha256", lambda path: hashed.append(path.name) or file_sha256(path))
    make_image_embedder("tower", TopicEmbedder)
    assert sorted(hashed) == ["config.json", "model.safetensors", "preprocessor_config.json"]


def test_a_folder_that_is_called_tower_is_opened_by_its_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rag.embed.tower.FOLDER", tmp_path / "nowhere")
    assert isinstance(make_image_embedder(f"./{save_tower(Path('tower'), **LOCKED)}", TopicEmbedder), VisionTower)


def test_a_missing_shipped_tower_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr("rag.embed.tower.FOLDER", tmp_path / "nowhere")
    with pytest.raises(ModelError, match="RAG_IMAGE_MODEL to nothing"):
        make_image_embedder("tower", TopicEmbedder)


def test_the_shipped_tower_equals_transformers_own_model_and_fits_the_package():
    minilm = MiniLM()
    shipped = make_image_embedder("tower", lambda: minilm)
    assert (tower.FOLDER / "model.safetensors").stat().st_size <= 12e6
    assert shipped.dim == minilm.dim
    _, expected = by_transformers(tower.FOLDER, pictures())
    cosines = (shipped.embed_images(pictures()) * expected).sum(axis=1)
    np.testing.assert_allclose(cosines, 1.0, atol=1e-5)


def test_the_image_channel_is_on_by_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("RAG_IMAGE_MODEL", raising=False)
    assert load_settings().image_model == "sight"
