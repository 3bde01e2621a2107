"""Are photographs that nobody captioned found by what they show, and by other photographs?

    python -m benchmarks.photographs FOLDER [--image-model NAME] [--program] [--json FILE]

FOLDER holds `images/` and `captions.jsonl`, rows with `image` (a path in FOLDER) and `captions`. Nothing is learnt from
them. R@k is the share of captions with their photograph among the first k; the interval of 95 % is of a bootstrap over
photographs, since a photograph's captions are not independent. `--program` ingests the folder, too, with OCR and
without captions, and asks as `rag search` does.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from ingest import ingest_paths
from rag import KnowledgeBase, load_settings
from rag.images.for_model import for_model
from rag.models.registry import Models

if TYPE_CHECKING:
    from rag.ports import ImageTextEmbedder
    from rag.types import Vectors

CUTS = (1, 5, 10)
KEPT_AREA = 0.6
N_DRAWS = 1000
BATCH = 8
SEED = 20_261


def main() -> None:
    arguments = _arguments()
    rows = [json.loads(line) for line in (arguments.folder / "captions.jsonl").open(encoding="utf-8")]
    files = [(arguments.folder / row["image"]).read_bytes() for row in rows]
    captions = [caption for row in rows for caption in row["captions"]]
    owners = np.repeat(np.arange(len(rows)), [len(row["captions"]) for row in rows])
    model = Models(load_settings(image_model=arguments.image_model)).image_embedder
    assert model is not None
    pictures = _embedded(model, [for_model(file, model) for file in files])
    cosines = model.embed_texts(captions) @ pictures.T
    table = {"captions to photographs": _measured(_ranks(cosines, owners), owners)}
    altered = _embedded(model, [_altered(for_model(file, model), i) for i, file in enumerate(files)])
    itself = np.arange(len(files))
    table["cropped, mirrored, recoloured, to itself"] = _measured(_ranks(altered @ pictures.T, itself), itself)
    if arguments.program:
        table["captions, the whole program"] = _measured(
            _by_program(arguments.folder, rows, arguments.image_model), owners
        )
    for name, measures in table.items():
        print(f"{name:42}" + "  ".join(f"{cut} {value}" for cut, value in measures.items()))
    if arguments.json:
        arguments.json.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def _embedded(model: ImageTextEmbedder, images: Sequence[Image.Image]) -> Vectors:
    return np.concatenate([model.embed_images(images[i : i + BATCH]) for i in range(0, len(images), BATCH)])


def _ranks(cosines: Vectors, right: np.ndarray) -> np.ndarray:
    """From 1, of the right column of each row."""
    own = cosines[np.arange(len(right)), right]
    return 1 + (cosines > own[:, None]).sum(axis=1)


def _measured(ranks: np.ndarray, groups: np.ndarray) -> dict[str, str]:
    """R@k with its interval, drawn anew by groups."""
    rng, names = np.random.default_rng(SEED), np.unique(groups)
    measures = {}
    for cut in CUTS:
        means = np.array([(ranks[groups == name] <= cut).mean() for name in names])
        sizes = np.array([(groups == name).sum() for name in names])
        draws = rng.integers(0, len(names), (N_DRAWS, len(names)))
        drawn = (means[draws] * sizes[draws]).sum(axis=1) / sizes[draws].sum(axis=1)
        low, high = np.quantile(drawn, [0.025, 0.975])
        measures[f"R@{cut}"] = f"{(ranks <= cut).mean():.3f} ({low:.3f} to {high:.3f})"
    return measures


def _altered(image: Image.Image, seed: int) -> Image.Image:
    """Three fifths of its area, mirrored, of other colours, brightness and hue."""
    rng = random.Random(SEED + seed)
    width, height = (round(side * KEPT_AREA**0.5) for side in image.size)
    left, top = rng.randint(0, image.width - width), rng.randint(0, image.height - height)
    changed = ImageOps.mirror(image.crop((left, top, left + width, top + height)))
    steps: list[tuple[Callable[[Image.Image], ImageEnhance._Enhance], float]] = [
        (ImageEnhance.Color, rng.uniform(0.3, 1.7)),
        (ImageEnhance.Brightness, rng.uniform(0.7, 1.3)),
    ]
    for enhancer, factor in steps:
        changed = enhancer(changed).enhance(factor)
    hues = np.array(changed.convert("HSV"))
    hues[..., 0] += np.uint8(rng.randint(-12, 12) % 256)
    return Image.fromarray(hues, "HSV").convert("RGB")


def _by_program(folder: Path, rows: Sequence[dict[str, list[str]]], image_model: str) -> np.ndarray:
    """Ranks of the captions' photographs, 51 for what is not among the first 50."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(data_dir=Path(scratch), image_model=image_model)
        with KnowledgeBase.open("photographs", create=True, settings=settings) as kb:
            ingest_paths(kb, [folder / "images"])
            ranks = []
            for row in rows:
                name = PurePosixPath(str(row["image"])).name
                for caption in row["captions"]:
                    hits = kb.search(caption, top_k=50).hits
                    names = [PurePosixPath(hit.record.source).name for hit in hits]
                    ranks.append(names.index(name) + 1 if name in names else 51)
            return np.array(ranks)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--image-model", default="sight", help="as RAG_IMAGE_MODEL (default: what comes along)")
    parser.add_argument("--program", action="store_true", help="ingest and search, too")
    parser.add_argument("--json", type=Path, help="write the table there, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
