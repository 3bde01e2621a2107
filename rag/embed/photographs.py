"""What a photograph shows, as a vector among the vectors of words: no photograph was needed to learn it.

A network that knows a thousand things says how likely each of them is; the picture's vector is the mean of those
things' text vectors, weighed by it. What the thousand texts have in common is taken off, and directions in which they
differ most are damped: both are linear, so the texts' vectors are kept like that (`tools.photographs`).

Source: Norouzi et al., Zero-Shot Learning by Convex Combination of Semantic Embeddings (2014).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from rag.errors import ModelError
from rag.images.photographic import photographic
from rag.nn.fixed_size_preprocess import FixedSizePreprocess
from rag.nn.graphs.efficientnet import EfficientNet
from rag.nn.graphs.weight_file import WeightFile
from rag.nn.model_folder import ConfigFile, read_config
from rag.nn.unit_rows import unit_rows

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors

TEMPERATURE = 3.0
"""Of the softmax whose shares weigh the texts; docs/decisions/042-photographs.md."""
N_THINGS = 50
"""The likeliest things whose texts count."""
_BATCH = 8


class SpaceConfig(ConfigFile):
    """`space.json`: the text embedder whose vectors `words.safetensors` holds."""

    locked_text: str = Field(min_length=1)
    background_std: float = Field(gt=0, le=1)


@dataclass(frozen=True, slots=True)
class Looks:
    """What some pictures show.

    Attributes:
        words: (n, dim) float32, rows L2-normalised, in the space of the text embedder.
        marks: (n, n_marks) float32, rows L2-normalised: what tells pictures apart, whatever its name.
        taken: (n,) in [0, 1], see `rag.images.photographic`.
        logits: (n, n_things), of the things.
    """

    words: Vectors
    marks: Vectors
    taken: Vectors
    logits: Vectors

    @property
    def shares(self) -> Vectors:
        """(n, n_things) probabilities."""
        return _softmax(self.logits)


class PhotographReader:
    """Thread-safe.

    Args:
        folder: as `tools.photographs` writes it.
        n_threads: that one call may use; 0: as many as there are cores.

    Raises:
        ModelError: its files cannot be read, or do not belong together.
    """

    def __init__(self, folder: Path, n_threads: int = 0) -> None:
        try:
            self._network = EfficientNet(folder, n_threads)
            file = WeightFile(folder / "words.safetensors")
            self._words, self._marks = file.read("words"), file.read("marks")
            self.things: list[str] = _names(folder / "things.json")
        except (OSError, ValueError, KeyError) as error:
            raise ModelError(f"the reader of photographs in '{folder}' cannot be loaded: {error}") from error
        self._preprocess = FixedSizePreprocess(folder)
        if len(self._words) != len(self.things) or self._marks.shape[0] != self._network.n_features:
            raise ModelError(f"the reader of photographs in '{folder}' cannot be loaded: its files differ in size")

    def __call__(self, images: Sequence[Image]) -> Looks:
        """`images` are RGB, of any size."""
        batches = [images[first : first + _BATCH] for first in range(0, len(images), _BATCH)]
        parts = [self._look(batch) for batch in batches]
        empty = Looks(self._words[:0], self._marks[:0].reshape(0, self._marks.shape[1]), np.zeros(0, np.float32),
                      np.zeros((0, len(self.things)), np.float32))  # fmt: skip
        fields = ("words", "marks", "taken", "logits")
        return Looks(*(np.concatenate([getattr(part, name) for part in (empty, *parts)]) for name in fields))

    def _look(self, images: Sequence[Image]) -> Looks:
        small = [image.resize(self._preprocess.size_px, self._preprocess.resample) for image in images]
        seen = self._network(self._preprocess(small))
        return Looks(
            words=unit_rows(_likeliest(seen.logits) @ self._words),
            marks=unit_rows(np.sqrt(seen.features) @ self._marks),
            taken=np.array([photographic(image) for image in small], np.float32),
            logits=seen.logits,
        )


def read_space(folder: Path) -> SpaceConfig:
    """Whose vectors those of the things are.

    Raises:
        ModelError: it does not say.
    """
    return read_config(folder / "space.json", SpaceConfig)


def _likeliest(logits: Vectors) -> Vectors:
    """(n, n_things) weights that sum to 1, 0 for all but the first `N_THINGS`."""
    shares = _softmax(logits / np.float32(TEMPERATURE))
    n_rest = max(shares.shape[1] - N_THINGS, 0)
    np.put_along_axis(shares, np.argpartition(shares, n_rest, axis=1)[:, :n_rest], 0.0, axis=1)
    weights: Vectors = shares / shares.sum(axis=1, keepdims=True)
    return weights


def _softmax(logits: Vectors) -> Vectors:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Vectors = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _names(file: Path) -> list[str]:
    return [str(thing["name"]) for thing in json.loads(file.read_text(encoding="utf-8"))]
