import io
from shutil import copytree

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipModel,
)

from rag.embed import make_image_embedder
from rag.embed.clip import load_clip
from rag.errors import ModelError
from rag.images import load_image
from tests.embed import clips

WORDS = ["<pad>", "<start>", "<end>", "<unk>", "red", "green", "blue", "square", "a"]


def no_texts():
    raise AssertionError("a CLIP-class model reads the words itself")


def save_preprocessing(folder):
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    words = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="<unk>"))
    words.pre_tokenizer = pre_tokenizers.Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", eos_token="<end>", unk_token="<unk>", model_max_length=8
    ).save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A real CLIP of two thin layers with random weights, as `save_pretrained` writes it."""
    folder = tmp_path_factory.mktemp("tiny-clip")
    torch.manual_seed(0)
    thin = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    config = CLIPConfig(
        text_config={
            **thin,
            "vocab_size": len(WORDS),
            "max_position_embeddings": 8,
            "eos_token_id": 2,
            "bos_token_id": 1,
        },
        vision_config={**thin, "image_size": 32, "patch_size": 16},
        projection_dim=12,
    )
    CLIPModel(config).save_pretrained(folder)
    save_preprocessing(folder)
    return folder


def test_images_and_words_share_one_space(folder):
    embedder = make_image_embedder(str(folder), no_texts)
    images = embedder.embed_images([Image.new("RGB", (40, 30), "red"), Image.new("RGB", (9, 90), "blue")])
    texts = embedder.embed_texts(["a red square", "blue", "green square"])
    assert images.shape == (2, embedder.dim)
    assert texts.shape == (3, embedder.dim) == (3, 12)
    np.testing.assert_allclose(np.linalg.norm(np.vstack([images, texts]), axis=1), 1.0, atol=1e-5)


def test_vectors_equal_transformers_own_forward_pass(folder):
    embedder = make_image_embedder(str(folder), no_texts)
    model = CLIPModel.from_pretrained(folder).eval()
    image = Image.new("RGB", (64, 64), "green")
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(images=[image], return_tensors="pt")
    tokens = PreTrainedTokenizerFast.from_pretrained(folder)(["a red square"], return_tensors="pt")
    with torch.inference_mode():
        out = model(pixel_values=pixels["pixel_values"], **{k: tokens[k] for k in ("input_ids", "attention_mask")})
    assert embedder.embed_images([image])[0] @ out.image_embeds[0].numpy() == pytest.approx(1.0, abs=1e-4)
    assert embedder.embed_texts(["a red square"])[0] @ out.text_embeds[0].numpy() == pytest.approx(1.0, abs=1e-4)


def test_nothing_gives_no_rows(folder):
    embedder = make_image_embedder(str(folder), no_texts)
    assert embedder.embed_images([]).shape == (0, embedder.dim)


def test_the_fingerprint_changes_with_the_preprocessing_and_not_with_the_folder(folder, tmp_path):
    copy = tmp_path / "under another name"
    copy.mkdir()
    for path in folder.iterdir():
        (copy / path.name).write_bytes(path.read_bytes())
    same = make_image_embedder(str(copy), no_texts).fingerprint
    assert same == make_image_embedder(str(folder), no_texts).fingerprint
    CLIPImageProcessorPil(size={"shortest_edge": 30}, crop_size={"height": 32, "width": 32}).save_pretrained(copy)
    assert make_image_embedder(str(copy), no_texts).fingerprint != same


def test_a_folder_without_a_model_says_what_to_set(tmp_path):
    with pytest.raises(ModelError, match="RAG_IMAGE_MODEL"):
        make_image_embedder(str(tmp_path), no_texts)


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
        make_image_embedder(str(copy), no_texts)


def test_no_folder_switches_the_channel_off():
    assert make_image_embedder("", no_texts) is None


def test_siglip_gets_its_texts_padded_to_the_length_it_learnt_from(tmp_path):
    torch.manual_seed(0)
    thin = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = {**thin, "vocab_size": len(WORDS), "max_position_embeddings": 8, "eos_token_id": 2, "bos_token_id": 1}
    config = SiglipConfig(text_config=text, vision_config={**thin, "image_size": 32, "patch_size": 16})
    SiglipModel(config).save_pretrained(tmp_path)
    save_preprocessing(tmp_path)
    model = SiglipModel.from_pretrained(tmp_path).eval()
    padded = torch.tensor([[WORDS.index("red"), *[0] * 7]])
    with torch.inference_mode():
        expected = torch.nn.functional.normalize(model.text_model(input_ids=padded).pooler_output, dim=-1)[0].numpy()
    embedded = make_image_embedder(str(tmp_path), no_texts).embed_texts(["red"])[0]
    assert embedded @ expected == pytest.approx(1.0, abs=1e-5)


def photo(width, height):
    """Soft blots of colour, edges, and the grain of a sensor."""
    chance = np.random.default_rng(3)
    blots = Image.fromarray(chance.integers(0, 256, (9, 12, 3), np.uint8)).resize((width, height), Image.BICUBIC)
    draw = ImageDraw.Draw(blots)
    for _ in range(40):
        x, y = chance.integers(0, width), chance.integers(0, height)
        draw.ellipse((x, y, x + width // 9, y + width // 9), fill=tuple(chance.integers(0, 256, 3)))
        draw.line((0, y, width, x), fill=tuple(chance.integers(0, 256, 3)), width=3)
    grain = chance.normal(0, 6, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(blots) + grain, 0, 255).astype(np.uint8))


@pytest.mark.parametrize("save", [clips.save_clip, clips.save_siglip_2, clips.save_naflex])
@pytest.mark.parametrize(("mode", "orientation"), [("RGB", 1), ("RGB", 6), ("L", 1), ("CMYK", 1)])
def test_a_jpeg_that_is_decoded_small_has_the_vector_of_the_whole_one(tmp_path, save, mode, orientation):
    embedder = load_clip(save(tmp_path))
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    photo(1280, 960).convert(mode).save(file, "JPEG", quality=90, exif=exif)
    whole = load_image(file.getvalue())
    small = load_image(file.getvalue(), min_side_px=embedder.wanted_side_px)
    assert embedder.wanted_side_px <= min(small.size) <= min(whole.size) / 4
    one, other = embedder.embed_images([whole, small])
    assert one @ other >= 0.999
