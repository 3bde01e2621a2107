"""How fast do pictures with captions become records? Against one at a time, and against the models alone.

    python -m benchmarks.ingest_models --models FOLDER [--pictures 48] [--json FILE]

CLIP ViT-B/32 and BGE-M3 in full size with random weights (made in FOLDER at the first run, 3 GB), JPEGs of 1280 x 960,
Milvus Lite. The peer is what one would write by hand: transformers' CLIP and FlagEmbedding's `BGEM3FlagModel.encode`
for one picture and one caption, `MilvusClient.insert`, next. Needs FlagEmbedding.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image

from benchmarks.full_size import bge_m3, clip_b32, words
from benchmarks.side_by_side import Result, arguments, compare, report
from ingest import ingest_paths
from rag import KnowledgeBase, load_settings

SIZE_PX = (1280, 960)
CAPTION_WORDS = (15, 60)


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--pictures", type=int, default=48)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    clip, bge = clip_b32(given.models / "clip-b32"), bge_m3(given.models / "bge-m3")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / "dump"
        captions = _draw(dump, given.pictures)
        settings = load_settings(
            data_dir=Path(folder) / "data",
            text_model=str(bge),
            image_model=str(clip),
            reranker="none",
            ocr=False,
            threads=given.threads,
        )
        with KnowledgeBase.open("pictures", create=True, settings=settings) as kb:
            report(_results(given, kb, clip, bge, dump, captions), given.json)


def _results(
    given: argparse.Namespace, kb: KnowledgeBase, clip: Path, bge: Path, dump: Path, captions: dict[str, str]
) -> list[Result]:
    ours = _ours(kb, dump)
    by_hand = _one_at_a_time(clip, bge, dump, captions, dump.parent / "peer.db")
    alone = _alone(kb, dump, captions)
    return [
        compare(
            f"ingest {given.pictures} pictures",
            ours,
            "one at a time",
            by_hand,
            agree=_same_number,
            wanted=3.5,
            rounds=given.rounds,
        ),
        compare("ingest", ours, "the models alone", alone, agree=_same_number, wanted=0.9, rounds=given.rounds),
    ]


def _ours(kb: KnowledgeBase, dump: Path) -> Callable[[], int]:
    """A whole ingest into an empty knowledge base; the models are loaded before."""
    spec = kb.spec

    def ingest() -> int:
        kb.store.drop_kb(kb.name)
        kb.store.create_kb(kb.name, spec)
        shutil.rmtree(kb.assets_uri, ignore_errors=True)
        _forget(kb)
        return ingest_paths(kb, [dump]).new

    return ingest


def _alone(kb: KnowledgeBase, dump: Path, captions: dict[str, str]) -> Callable[[], int]:
    """Only what the two models do, on decoded pictures, in the batches of an ingest."""
    pictures = [Image.open(dump / name).convert("RGB") for name in captions]
    images = kb.image_embedder
    assert images is not None

    def embed() -> int:
        _forget(kb)
        for first in range(0, len(pictures), 32):
            images.embed_images(pictures[first : first + 32])
        return len(kb.text_embedder.embed(list(captions.values())))

    return embed


def _forget(kb: KnowledgeBase) -> None:
    """BGE-M3 keeps what it made of the last texts: every run shall make it anew."""
    kb.text_embedder._seen.clear()  # type: ignore[attr-defined]


def _one_at_a_time(clip: Path, bge: Path, dump: Path, captions: dict[str, str], store: Path) -> Callable[[], int]:
    from FlagEmbedding import BGEM3FlagModel
    from pymilvus import MilvusClient
    from transformers import CLIPModel, CLIPProcessor

    model, processor = CLIPModel.from_pretrained(clip).eval(), CLIPProcessor.from_pretrained(clip)
    texts = BGEM3FlagModel(str(bge), use_fp16=False, devices="cpu")
    milvus = MilvusClient(str(store))

    def ingest() -> int:
        for name, dim in (("images", 512), ("texts", 1024)):
            if milvus.has_collection(name):
                milvus.drop_collection(name)
            milvus.create_collection(name, dim)
        for place, (file, caption) in enumerate(captions.items()):
            with torch.inference_mode():
                inputs = processor(images=Image.open(dump / file), return_tensors="pt")
                seen: Any = model.get_image_features(**inputs)
            vector = getattr(seen, "pooler_output", seen)[0]
            dense = texts.encode([caption], return_dense=True, return_sparse=True)["dense_vecs"][0]
            milvus.insert("images", {"id": place, "vector": vector.tolist(), "file": file})
            milvus.insert("texts", {"id": place, "vector": dense.tolist(), "text": caption})
        return len(captions)

    return ingest


def _draw(dump: Path, n_pictures: int) -> dict[str, str]:
    """JPEGs with some texture, and `captions.csv`. File name to caption."""
    shutil.rmtree(dump, ignore_errors=True)
    dump.mkdir(parents=True)
    rng = np.random.default_rng(1)
    captions = {}
    for place in range(n_pictures):
        coarse = Image.fromarray(rng.integers(0, 255, (48, 64, 3), np.uint8))
        coarse.resize(SIZE_PX, Image.Resampling.BICUBIC).save(dump / f"{place:04}.jpg", quality=88)
        captions[f"{place:04}.jpg"] = words(int(rng.integers(*CAPTION_WORDS)), first=31 * place)
    with (dump / "captions.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("image", "caption"), *captions.items()])
    return captions


def _same_number(ours: int, theirs: int) -> str:
    assert ours == theirs, f"{ours} and {theirs} records"
    return f"{ours} each"


if __name__ == "__main__":
    main()
