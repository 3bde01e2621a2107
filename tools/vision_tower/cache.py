"""Drawings on disk: drawn once by all cores, read by the training as memory maps. Resumes where it was stopped.

An item is one thing drawn twice, with a caption for each drawing. Item i depends on the seed and on i alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from tools.vision_tower.augment import SIDE_PX, augment, squash
from tools.vision_tower.drawing import held_out
from tools.vision_tower.families import open_families

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from tools.vision_tower.drawing import Family

ITEMS_A_CHUNK = 1000
VIEWS = 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """`views` is (items, 2, 128, 128, 3) uint8, `captions` one for each view, `families` one an item."""

    views: NDArray[np.uint8]
    captions: list[list[str]]
    families: list[str]


def draw_all(folder: Path, downloads: Path, n_items: int, seed: int) -> None:
    """Chunks that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    open_families(downloads)  # whatever is to be downloaded, before there are many processes
    missing = [i for i in range(n_items // ITEMS_A_CHUNK) if not _paths(folder, i)[1].exists()]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(_draw_chunk, folder, downloads, i, seed) for i in missing]
        for job in tqdm(as_completed(jobs), "drawing", len(jobs), unit="chunk"):
            job.result()


def read_chunk(folder: Path, index: int) -> Chunk:
    pixels, words = _paths(folder, index)
    told: dict[str, Any] = json.loads(words.read_text(encoding="utf-8"))
    return Chunk(np.load(pixels, mmap_mode="r"), told["captions"], told["families"])


def draw_item(
    families: Mapping[str, tuple[Family[Any], float]], seed: int, index: int
) -> tuple[str, list[Image], list[str]]:
    """(family's name, two drawings of 128x128 pixels, two captions)."""
    rng = Random(f"{seed}:{index}")
    shares = [share for _, share in families.values()]
    name = rng.choices(list(families), shares)[0]
    family = families[name][0]
    spec = family.imagine(rng)
    while held_out(spec):
        spec = family.imagine(rng)
    captions = [family.describe(spec, rng) for _ in range(VIEWS)]
    views = [squash(augment(family.draw(spec, rng), " ".join(captions), rng)) for _ in range(VIEWS)]
    return name, views, captions


def _draw_chunk(folder: Path, downloads: Path, index: int, seed: int) -> None:
    families = open_families(downloads)
    first = index * ITEMS_A_CHUNK
    items = [draw_item(families, seed, i) for i in range(first, first + ITEMS_A_CHUNK)]
    views = np.stack([np.stack([np.asarray(view) for view in item[1]]) for item in items])
    pixels, words = _paths(folder, index)
    with pixels.open("wb") as file:
        np.save(file, views, allow_pickle=False)
    told = {"families": [item[0] for item in items], "captions": [item[2] for item in items]}
    partial = words.with_suffix(".partial")
    partial.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    partial.replace(words)  # last: a chunk exists when its words do


def _paths(folder: Path, index: int) -> tuple[Path, Path]:
    return folder / f"{index:04}.npy", folder / f"{index:04}.json"


class Drawings:
    """All chunks of a folder as one sequence of items."""

    def __init__(self, folder: Path, n_items: int) -> None:
        self._chunks = [read_chunk(folder, i) for i in range(n_items // ITEMS_A_CHUNK)]

    def __len__(self) -> int:
        return len(self._chunks) * ITEMS_A_CHUNK

    def views(self, items: NDArray[np.int64]) -> NDArray[np.uint8]:
        """(n * 2, 128, 128, 3): both drawings of each item, one after the other."""
        rows = [self._chunks[i // ITEMS_A_CHUNK].views[i % ITEMS_A_CHUNK] for i in items.tolist()]
        return np.stack(rows).reshape(-1, SIDE_PX, SIDE_PX, 3)

    @cached_property
    def captions(self) -> list[str]:
        """Of drawing 2 * item + view."""
        return [caption for chunk in self._chunks for pair in chunk.captions for caption in pair]
