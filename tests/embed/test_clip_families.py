"""Each family's vectors are those of transformers' own forward pass, fed as the family's model card says."""

import re

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
from transformers.utils import import_utils

from rag.embed.clip import ClipEmbedder, load_clip
from rag.errors import ModelError
from rag.installation import extra_command
from rag.nn.device import Placement
from tests.embed import clips

TEXTS = ["a", "A Red square, on the left", "", "blue", "red green blue " * 20, "a cat"]
SIZES = [(40, 30), (9, 90), (333, 200), (64, 64), (1, 1), (32, 32)]
FULL = {"padding": "max_length", "truncation": True, "max_length": clips.POSITIONS}
CUT = {"padding": True, "truncation": True, "max_length": clips.POSITIONS}
FAMILIES = {
    "clip": (clips.save_clip, CUT, str),
    "openclip": (clips.save_openclip, CUT, str),
    "bge-vl": (clips.save_bge_vl, CUT, str),
    "metaclip-2": (clips.save_metaclip_2, CUT, str),
    "siglip": (clips.save_siglip, FULL, str),
    "siglip-2": (clips.save_siglip_2, FULL, str.lower),
    "siglip-2-naflex": (clips.save_naflex, FULL, str),
    "chinese-clip": (clips.save_chinese_clip, CUT | {"max_length": 52}, str),
    "altclip": (clips.save_altclip, CUT, str),
    "dual-encoder": (clips.save_dual_encoder, CUT, str),
}
"""What saves one, how its tokenizer is to be called, and what is done to its texts before."""


@pytest.fixture(scope="module", params=FAMILIES)
def family(request, tmp_path_factory):
    save, options, cased = FAMILIES[request.param]
    folder = save(tmp_path_factory.mktemp(request.param))
    return folder, options, cased, load_clip(folder)


def pictures():
    chance = np.random.default_rng(0)
    return [Image.fromarray(chance.integers(0, 256, (high, wide, 3), np.uint8)) for wide, high in SIZES]


@torch.inference_mode()
def by_transformers(folder, images, texts, **options):
    tokens = AutoTokenizer.from_pretrained(folder)(texts, return_tensors="pt", **options)
    pixels = AutoImageProcessor.from_pretrained(folder, backend="pil")(images=images, return_tensors="pt")
    out = AutoModel.from_pretrained(folder).eval()(**tokens, **pixels)
    return out.image_embeds.numpy(), out.text_embeds.numpy()


def cosines(ours, theirs):
    return (ours * theirs).sum(axis=1) / np.linalg.norm(theirs, axis=1)


def test_vectors_equal_those_of_transformers_own_forward_pass(family):
    folder, options, cased, embedder = family
    seen, said = by_transformers(folder, pictures(), [cased(text) for text in TEXTS], **options)
    assert cosines(embedder.embed_images(pictures()), seen).min() >= 0.9999
    assert cosines(embedder.embed_texts(TEXTS), said).min() >= 0.9999
    for vectors in (seen, said):
        assert np.triu(vectors @ vectors.T, 1).max() < 0.9995, "vectors that are all alike prove nothing"


def test_a_vector_does_not_depend_on_what_else_is_in_the_batch(family):
    *_, embedder = family
    texts, images = embedder.embed_texts(TEXTS * 4), embedder.embed_images(pictures() * 4)
    np.testing.assert_allclose(texts[:6], [embedder.embed_texts([text])[0] for text in TEXTS], atol=1e-5)
    np.testing.assert_allclose(images[-6:], [embedder.embed_images([image])[0] for image in pictures()], atol=1e-5)


def test_what_is_over_the_limit_is_known(family):
    _, options, _, embedder = family
    assert embedder.max_tokens == options["max_length"]
    assert embedder.is_cut("red green blue " * 20)
    assert not embedder.is_cut("a")


@pytest.mark.parametrize("said", ["auto_map", "identity", "modules"])
def test_bge_vl_takes_a_picture_and_words_as_one_query_without_running_its_code(tmp_path, said):
    identity = "BAAI/BGE-VL-base@0123456789ab" if said == "identity" else ""
    (clips.save_bge_vl if said == "auto_map" else clips.save_clip)(tmp_path)
    if said == "modules":
        (tmp_path / "modules.json").write_text('[{"idx": 0, "type": "bge_vl_clip.BGEVLCLIPTransformer"}]')
    embedder = load_clip(tmp_path, identity=identity)
    assert embedder.abilities.composed is embedder
    image, text = pictures()[0], "the same but in red"
    with torch.inference_mode():
        model = AutoModel.from_pretrained(tmp_path).eval()
        pixels = AutoImageProcessor.from_pretrained(tmp_path, backend="pil")(images=[image], return_tensors="pt")
        tokens = AutoTokenizer.from_pretrained(tmp_path)([text], return_tensors="pt", **CUT)
        seen, read = model.get_image_features(**pixels).pooler_output, model.get_text_features(**tokens).pooler_output
    assert cosines(embedder.embed_composed(image, text)[None], (seen + read).numpy()) >= 0.9999
    mean = embedder.embed_images([image]) + embedder.embed_texts([text])
    assert cosines(embedder.embed_composed(image, text)[None], mean) < 0.999, "a mean of unit vectors is another one"


def test_no_other_model_claims_to_be_trained_on_composed_queries(family):
    folder, *_, embedder = family
    assert (embedder.abilities.composed is embedder) == (folder.name.startswith("bge-vl"))
    assert isinstance(embedder, ClipEmbedder)


def test_another_number_format_gives_float32_vectors_close_to_the_exact_ones(family):
    folder, *_, embedder = family
    rough = load_clip(folder, placement=Placement(torch.device("cpu"), torch.bfloat16))
    for method, items in (("embed_images", pictures()), ("embed_texts", TEXTS)):
        vectors = getattr(rough, method)(items)
        assert vectors.dtype == np.float32
        assert cosines(vectors, getattr(embedder, method)(items)).min() > 0.98
    assert rough.fingerprint == embedder.fingerprint


def test_the_identity_is_the_fingerprint_where_it_is_known(tmp_path):
    assert load_clip(clips.save_clip(tmp_path), identity="org/name@0123").fingerprint == "org/name@0123"


def test_a_model_of_words_alone_is_refused(tmp_path):
    bert = clips.BertConfig(**clips.THIN, vocab_size=99, max_position_embeddings=16)
    processor = clips.ViTImageProcessorPil(size=clips.SQUARE)
    clips.save(tmp_path, AutoModel.from_config(bert).__class__, bert, clips.bert_tokenizer(), processor)
    with pytest.raises(ModelError, match=r"\(BertModel\) is no CLIP-class model"):
        load_clip(tmp_path)


def test_a_batch_that_does_not_fit_into_memory_is_halved(tmp_path, monkeypatch):
    embedder = load_clip(clips.save_clip(tmp_path))
    exact, sizes = embedder.embed_images(pictures()), []
    forward = embedder._model.get_image_features

    def cramped(pixel_values):
        sizes.append(len(pixel_values))
        if len(pixel_values) > 2:
            raise RuntimeError("DefaultCPUAllocator: can't allocate memory")
        return forward(pixel_values=pixel_values)

    monkeypatch.setattr(embedder._model, "get_image_features", cramped)
    np.testing.assert_allclose(embedder.embed_images(pictures()), exact, atol=1e-6)
    assert max(sizes[-3:]) <= 2


@pytest.mark.parametrize("package", ["sentencepiece", "protobuf"])
def test_a_tokenizer_that_lacks_a_package_names_the_extra(tmp_path, monkeypatch, package):
    folder = clips.save_siglip(tmp_path)
    # Only protobuf is asked for each time; for sentencepiece transformers looks once, when it is imported.
    _, complaint = import_utils.BACKENDS_MAPPING[package]
    monkeypatch.setitem(import_utils.BACKENDS_MAPPING, "protobuf", (lambda: False, complaint))
    with pytest.raises(ModelError, match="sentencepiece and protobuf.*" + re.escape(extra_command("full"))):
        load_clip(folder)


def test_a_package_that_is_broken_is_not_called_missing(tmp_path, monkeypatch):
    def broken(*_):
        raise ImportError("libprotobuf.so: wrong ELF class", name="google.protobuf")

    folder = clips.save_siglip(tmp_path)
    monkeypatch.setattr("transformers.models.siglip.tokenization_siglip.requires_backends", broken)
    with pytest.raises(ModelError, match="wrong ELF class") as raised:
        load_clip(folder)
    assert "pip install" not in str(raised.value)
