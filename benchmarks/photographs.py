"""Are photographs that nobody captioned found by what they show, and by other photographs?

    python -m benchmarks.photographs FOLDER [--image-model NAME] [--program] [--few] [--no-ocr] [--json FILE]

FOLDER holds `images/` and `captions.jsonl`, rows with `image` (a path in FOLDER) and `captions`. Nothing is learnt from
them. R@k is the share of captions with their photograph among the first k; the interval of 95 % is of a bootstrap over
photographs, since a photograph's captions are not independent. `--program` ingests the folder, too, with OCR and
without captions, and asks as `rag search` does. `--few` does so with 3, 10 and 30 of them by lot
beside the sample's texts: how often a caption's photograph comes first, how often nothing is said to be found then, and
how often something is for a question on another subject.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageEnhance, ImageOps

from ingest import ingest_paths
from rag import KnowledgeBase, Settings, load_settings
from rag.cli.demo import examples_folder
from rag.images.for_model import for_model
from rag.models.registry import Models
from rag.serve.mcp.evidence import close_hits

if TYPE_CHECKING:
    from rag.ports import ImageTextEmbedder
    from rag.types import Vectors

CUTS = (1, 5, 10)
KEPT_AREA = 0.6
N_DRAWS = 1000
BATCH = 8
SEED = 20_261
FEW = {3: 20, 10: 6, 30: 2}
"""Photographs in a small knowledge base, and how many such are drawn: 60 captions each."""
OTHER_SUBJECTS = Path(__file__).parent / "other_subjects.txt"


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
    with tempfile.TemporaryDirectory() as scratch:
        settings = load_settings(
            data_dir=Path(scratch) / "data", image_model=arguments.image_model, ocr=not arguments.no_ocr
        )
        if arguments.program:
            table["captions, the whole program"] = _measured(_by_program(arguments.folder, rows, settings), owners)
        if arguments.few:
            table |= {f"{n} photographs beside texts": _few(arguments.folder, rows, n, settings) for n in FEW}
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


def _by_program(folder: Path, rows: Sequence[dict[str, list[str]]], settings: Settings) -> np.ndarray:
    """Ranks of the captions' photographs, 51 for what is not among the first 50."""
    with KnowledgeBase.open("photographs", create=True, settings=settings) as kb:
        ingest_paths(kb, [folder / "images"])
        return np.array([_rank(kb, caption, row)[0] for row in rows for caption in row["captions"]])


def _few(folder: Path, rows: Sequence[dict[str, list[str]]], n: int, settings: Settings) -> dict[str, str]:
    """A caption's photograph first, and both errors of "nothing found", over knowledge bases drawn by lot."""
    rng, dump = random.Random(SEED + n), settings.data_dir.parent / f"few-{n}"
    others = OTHER_SUBJECTS.read_text(encoding="utf-8").split("\n")
    ranks, denied, offered = [], [], []
    for draw in range(FEW[n]):
        chosen = rng.sample(list(rows), n)
        shutil.copytree(examples_folder() / "dump" / "notes", dump / str(draw))
        for row in chosen:
            shutil.copy(folder / str(row["image"]), dump / str(draw))
        with KnowledgeBase.open(f"few-{n}-{draw}", create=True, settings=settings) as kb:
            ingest_paths(kb, [dump / str(draw)])
            for row in chosen:
                rank, found = _rank(kb, rng.choice(row["captions"]), row)
                ranks.append(rank)
                denied.append(not found)
            offered += [bool(close_hits(kb, ask, kb.search(ask))) for ask in rng.sample(others, 10) if ask]
    shares = {
        "R@1": (np.array(ranks) == 1).mean(),
        "nothing found, wrongly": np.mean(denied),
        "something found, wrongly": np.mean(offered),
    }
    return {name: f"{share:.3f}" for name, share in shares.items()}


def _rank(kb: KnowledgeBase, caption: str, row: dict[str, list[str]]) -> tuple[int, bool]:
    """Of the caption's photograph, 51 where it is not among the first 50; and whether anything counts as found."""
    found = kb.search(caption, top_k=50)
    names, name = [PurePosixPath(hit.record.source).name for hit in found], PurePosixPath(str(row["image"])).name
    return names.index(name) + 1 if name in names else 51, bool(close_hits(kb, caption, found))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--image-model", default="sight", help="as RAG_IMAGE_MODEL (default: what comes along)")
    parser.add_argument("--program", action="store_true", help="ingest and search, too")
    parser.add_argument("--few", action="store_true", help="ingest and search a few of them beside texts, too")
    parser.add_argument("--no-ocr", action="store_true", help="the program reads no words in pictures")
    parser.add_argument("--json", type=Path, help="write the table there, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
