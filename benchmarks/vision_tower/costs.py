"""What the vision tower costs: time and room."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from PIL.Image import Image

from benchmarks.vision_tower.drawer import decoded, encoded
from benchmarks.vision_tower.figures import Figure
from rag.ports import ImageTextEmbedder

BATCH = 16
LONG_SIDE_PX = 640


def speed(model: ImageTextEmbedder, images: Sequence[Image]) -> Figure:
    """Encoded picture to vector, batches of 16; half of the pictures are PNG, half JPEG."""
    files = [encoded(_sized(image), "PNG" if i % 2 else "JPEG") for i, image in enumerate(images)]
    with _one_thread():
        _rate(model, files[:BATCH])  # warm up
        rates = [_rate(model, files[i : i + BATCH]) for i in range(0, len(files) - BATCH + 1, BATCH)]
    mean, half = float(np.mean(rates)), 1.96 * float(np.std(rates)) / math.sqrt(len(rates))
    return Figure("speed on one core", mean, 30.0, len(rates) * BATCH, (mean - half, mean + half), "images/s")


def size(folder: Path) -> Figure:
    """Of all files in the model's folder."""
    n_bytes = [path.stat().st_size for path in folder.rglob("*") if path.is_file()]
    return Figure("size of the model", sum(n_bytes) / 1e6, 12.0, len(n_bytes), unit="MB", fewer_is_better=True)


def _sized(image: Image) -> Image:
    factor = LONG_SIDE_PX / max(image.size)
    return image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))


def _rate(model: ImageTextEmbedder, files: Sequence[bytes]) -> float:
    """Images per second of processor time: what other programs do meanwhile does not count."""
    start = time.process_time()
    model.embed_images([decoded(file) for file in files])
    return len(files) / (time.process_time() - start)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
