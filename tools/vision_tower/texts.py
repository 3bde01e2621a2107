"""Vectors of all captions, by the text model that the tower is trained against. Made once and kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rag.ports import TextEmbedder
    from rag.types import Vectors

BATCH = 4096


def caption_vectors(captions: Sequence[str], embedder: TextEmbedder, path: Path) -> tuple[Vectors, list[int]]:
    """((n_unique, dim) float32, the row of each caption).

    Args:
        captions: of all drawings, many of them equal.
        embedder: frozen.
        path: where the vectors are kept; made anew when it has another number of rows.
    """
    unique = sorted(set(captions))
    row = {caption: i for i, caption in enumerate(unique)}
    vectors = np.load(path) if path.exists() else np.zeros((0, embedder.dim), np.float32)
    if len(vectors) != len(unique):
        starts = tqdm(range(0, len(unique), BATCH), "captions", unit="batch")
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast, and the same to 0.9999
            vectors = np.concatenate([embedder.embed(unique[start : start + BATCH]) for start in starts])
        partial = path.with_suffix(".partial.npy")
        np.save(partial, vectors)
        partial.replace(path)
    return vectors, [row[caption] for caption in captions]
