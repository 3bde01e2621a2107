"""Drawings on disk: drawn once by all cores, read by the training as memory maps. Resumes where it was stopped.

An item is one thing drawn twice, with a caption for each drawing. It depends on the seed, its family and its number.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from tools.vision_tower.drawing.augment import SIDE_PX, augment, squash
from tools.vision_tower.drawing.families import SHARES, open_family
from tools.vision_tower.drawing.family import held_out
from tools.vision_tower.drawing.unseen_pairs import told_pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    from tools.vision_tower.drawing.family import Family

ITEMS_A_CHUNK = 500
VIEWS = 2


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some items of one family: files `<family>/0042.npy` and `.json`. `n_items` is that of all chunks of a folder."""

    folder: Path
    family: str
    index: int
    n_items: int = ITEMS_A_CHUNK

    @property
    def pixels(self) -> Path:
        """(items, 2, 128, 128, 3) uint8."""
        return self.folder / self.family / f"{self.index:04}.npy"

    @property
    def captions(self) -> Path:
        """A list of two captions an item. Written last: a chunk is there when this is."""
        return self.folder / self.family / f"{self.index:04}.json"


def plan_chunks(
    folder: Path, n_items: int, shares: Mapping[str, float] = SHARES, a_chunk: int = ITEMS_A_CHUNK
) -> list[Chunk]:
    """What all families' shares of so many items come to, in whole chunks."""
    return [
        Chunk(folder, family, index, a_chunk)
        for family, share in shares.items()
        for index in range(max(1, round(share * n_items / a_chunk)))
    ]


def draw_all(chunks: Sequence[Chunk], downloads: Path, seed: int, n_processes: int | None = None) -> None:
    """Those that are not there yet.

    Args:
        chunks: what is wanted.
        downloads: as `open_family` takes it.
        seed: of all chance.
        n_processes: as many as cores, if not given; 1 draws in this one.
    """
    missing = [chunk for chunk in chunks if not chunk.captions.exists()]
    for family in {chunk.family for chunk in missing}:
        open_family(family, downloads)  # what is to be downloaded comes before there are many processes
    if n_processes == 1:
        for chunk in missing:
            _draw_chunk(chunk, downloads, seed)
        return
    # A fork would take over torch's threads in whatever state they are.
    with ProcessPoolExecutor(n_processes or os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(_draw_chunk, chunk, downloads, seed) for chunk in missing]
        for job in tqdm(as_completed(jobs), "drawing", len(jobs), unit="chunk"):
            job.result()


def draw_item(family: Family[Any], rng: Random, *, keep_unseen: bool) -> tuple[list[Image], list[str]]:
    """Two drawings of 128 x 128 pixels and their captions.

    Args:
        family: which.
        rng: all chance.
        keep_unseen: keep away from the colour-shape pairs that the benchmark asks for, by whatever name. The scenes do
            so themselves.
    """
    while True:
        spec = family.imagine(rng)
        if held_out(spec):
            continue
        captions = [family.describe(spec, rng) for _ in range(VIEWS)]
        if not (keep_unseen and told_pairs(" ".join((repr(spec), *captions)))):
            break
    views = [squash(augment(family.draw(spec, rng), " ".join(captions), rng)) for _ in range(VIEWS)]
    return views, captions


def _draw_chunk(chunk: Chunk, downloads: Path, seed: int) -> None:
    family = open_family(chunk.family, downloads)
    first = chunk.index * chunk.n_items
    items = [
        draw_item(family, Random(f"{seed}:{chunk.family}:{i}"), keep_unseen=chunk.family != "scenes")
        for i in range(first, first + chunk.n_items)
    ]
    chunk.pixels.parent.mkdir(parents=True, exist_ok=True)
    with chunk.pixels.open("wb") as file:
        np.save(file, np.stack([[np.asarray(view) for view in views] for views, _ in items]), allow_pickle=False)
    partial = chunk.captions.with_suffix(".partial")
    partial.write_text(json.dumps([captions for _, captions in items], ensure_ascii=False), encoding="utf-8")
    partial.replace(chunk.captions)


class Drawings:
    """Chunks on disk as one sequence of items."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._a_chunk = chunks[0].n_items
        self._pixels = [np.load(chunk.pixels, mmap_mode="r") for chunk in chunks]
        told = [json.loads(chunk.captions.read_text(encoding="utf-8")) for chunk in chunks]
        self.captions: list[str] = [caption for items in told for pair in items for caption in pair]
        """Of drawing 2 * item + view."""

    def __len__(self) -> int:
        return len(self._pixels) * self._a_chunk

    def views(self, items: NDArray[np.int64]) -> NDArray[np.uint8]:
        """(n * 2, 128, 128, 3): both drawings of each item, one after the other."""
        rows = [self._pixels[i // self._a_chunk][i % self._a_chunk] for i in items.tolist()]
        return np.stack(rows).reshape(-1, SIDE_PX, SIDE_PX, 3)
