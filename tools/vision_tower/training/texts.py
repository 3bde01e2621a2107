"""Vectors of all captions, by the text model that the tower is trained against. Made once and kept."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import torch
from tqdm import tqdm

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rag.ports import TextEmbedder
    from rag.types import Vectors

BATCH = 4096


def caption_vectors(captions: Sequence[str], embedder: TextEmbedder, folder: Path) -> tuple[Vectors, list[int]]:
    """((n_unique, dim) float32, the row of each caption).

    Args:
        captions: of all drawings, many of them equal.
        embedder: frozen.
        folder: where the vectors are kept, under a name of their own for other captions or another embedder.
    """
    unique = sorted(set(captions))
    row = {caption: i for i, caption in enumerate(unique)}
    path = folder / f"captions-{_digest([embedder.fingerprint, *unique])}.npy"
    if path.exists():
        vectors = np.load(path)
    else:
        starts = tqdm(range(0, len(unique), BATCH), "captions", unit="batch")
        with torch.autocast("cpu", torch.bfloat16):  # twice as fast, and the same to 0.9999
            vectors = np.concatenate([embedder.embed(unique[start : start + BATCH]) for start in starts])
        partial = path.with_suffix(".partial.npy")
        np.save(partial, vectors)
        partial.replace(path)
    return vectors, [row[caption] for caption in captions]


def _digest(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:12]
