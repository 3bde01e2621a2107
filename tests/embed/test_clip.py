"""A model that the user brings: what it gives, what it says of itself, and what is said of a damaged one."""

import io
from shutil import copytree

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from transformers import CLIPImageProcessorPil

from benchmarks.jpeg import photo
from rag.embed import make_image_embedder
from rag.embed.clip import ClipEmbedder, load_clip
from rag.errors import ModelError
from rag.images.decode import load_image
from tests.embed import clips


def no_texts():
    raise AssertionError("a CLIP-class model reads the words itself")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return clips.save_clip(tmp_path_factory.mktemp("tiny-clip"))


def test_a_folder_is_opened_by_its_name(folder):
    assert isinstance(make_image_embedder(str(folder), no_texts), ClipEmbedder)


def test_images_and_words_share_one_space(folder):
    embedder = load_clip(folder)
    images = embedder.embed_images([Image.new("RGB", (40, 30), "red"), Image.new("RGB", (9, 90), "blue")])
    texts = embedder.embed_texts(["a red square", "blue", "green square"])
    assert images.shape == (2, embedder.dim)
    assert texts.shape == (3, embedder.dim) == (3, 12)
    np.testing.assert_allclose(np.linalg.norm(np.vstack([images, texts]), axis=1), 1.0, atol=1e-5)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "CMYK"])
def test_a_picture_that_is_no_rgb_is_seen_as_if_it_were(folder, mode):
    image = Image.effect_noise((50, 40), 90).convert("RGB").convert(mode)
    one, other = load_clip(folder).embed_images([image, image.convert("RGB")])
    np.testing.assert_allclose(one, other, atol=1e-5)


def test_nothing_gives_no_rows(folder):
    embedder = load_clip(folder)
    assert embedder.embed_images([]).shape == embedder.embed_texts([]).shape == (0, embedder.dim)


def test_the_fingerprint_changes_with_the_preprocessing_and_not_with_the_folder(folder, tmp_path):
    copy = tmp_path / "under another name"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    same = load_clip(copy).fingerprint
    assert same == load_clip(folder).fingerprint
    CLIPImageProcessorPil(size={"shortest_edge": 30}, crop_size={"height": 32, "width": 32}).save_pretrained(copy)
    assert load_clip(copy).fingerprint != same


def test_a_folder_without_a_model_says_what_to_set(tmp_path):
    with pytest.raises(ModelError, match="RAG_IMAGE_MODEL"):
        load_clip(tmp_path)


def drop_a_tensor(file):
    weights = load_file(file)
    del weights["visual_projection.weight"]
    save_file(weights, file, {"format": "pt"})


def reshape_a_tensor(file):
    weights = load_file(file)
    save_file(weights | {"logit_scale": torch.zeros(2, 3)}, file, {"format": "pt"})


def writing(text):
    return lambda file: file.write_text(text)


@pytest.mark.parametrize(
    ("file", "damage"),
    [
        ("model.safetensors", drop_a_tensor),
        ("model.safetensors", reshape_a_tensor),
        ("model.safetensors", writing("nothing")),
        ("config.json", writing('{"architectures": 5}')),
        ("config.json", writing('{"model_type": "clip", "vision_config": 5}')),
        ("tokenizer.json", writing("{}")),
        ("preprocessor_config.json", writing('{"image_processor_type": "CLIPImageProcessor", "size": "x"}')),
    ],
)
def test_a_damaged_model_is_a_model_error(folder, tmp_path, file, damage):
    copy = tmp_path / "copy"
    copytree(folder, copy)
    damage(copy / file)
    with pytest.raises(ModelError, match=r"cannot be (loaded|used)"):
        load_clip(copy)


def test_no_folder_switches_the_channel_off():
    assert make_image_embedder("", no_texts) is None


def calm(file):
    """Random weights of that size amplify the last level of a pixel, which trained ones do not."""
    save_file({name: weight * (0.4 if weight.ndim > 1 else 1) for name, weight in load_file(file).items()}, file)


@pytest.mark.parametrize("save", [clips.save_clip, clips.save_siglip_2, clips.save_naflex])
@pytest.mark.parametrize(("mode", "orientation"), [("RGB", 1), ("RGB", 6), ("L", 1), ("CMYK", 1)])
def test_a_jpeg_that_is_decoded_small_has_the_vector_of_the_whole_one(tmp_path, save, mode, orientation):
    calm(save(tmp_path) / "model.safetensors")
    embedder = load_clip(tmp_path)
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    photo(1280, 960).convert(mode).save(file, "JPEG", quality=90, exif=exif)
    whole = load_image(file.getvalue())
    small = load_image(file.getvalue(), min_side_px=embedder.wanted_side_px)
    assert embedder.wanted_side_px <= min(small.size) <= min(whole.size) / 4
    one, same, other = embedder.embed_images([whole, small, whole.transpose(Image.Transpose.ROTATE_90)])
    assert one @ same >= 0.999 > one @ other
