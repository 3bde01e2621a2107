"""A vision tower on its own: it was trained to put pictures where a text embedder puts their captions.

The text embedder was locked meanwhile, so words need no second model: their vector in the space of pictures is the one
that they have in the space of texts. One such tower comes with the program.

Source: Zhai et al., LiT (2022), with the roles of the two towers exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import Field
from safetensors import SafetensorError

from rag.errors import ModelError
from rag.nn.extras import require_full, use_torch_threads
from rag.nn.fixed_size_preprocess import FixedSizePreprocess, is_fixed_size
from rag.nn.graphs.vit import MODEL_TYPE, VisionTransformer
from rag.nn.model_folder import ConfigFile, check_shipped, check_weights, folder_digest, read_config
from rag.nn.unit_rows import require_numbers, unit_rows
from rag.ports import ImageAbilities
from rag.sync.lazy import Lazy, lazy_property
from rag.types import MIN_STD

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.ports import TextEmbedder
    from rag.types import Vectors

MIN_LIKENESS = 0.5
"""Of 40 photographs cropped, turned and recoded each was 0.70 or more from itself; 40 photographs came as near as 0.31
(median) and 0.45 (0.9) to the nearest of 200 charts. Photographs among themselves: 0.51 on average."""
FOLDER = Path(__file__).parent.parent / "weights" / "vision-tower"
DIGEST = "09e548fb8a17c93682c5f9ed56e38bea8853dc1114cea1fe7d0319c7d0d4672a"
"""`folder_digest` of the shipped one."""


class _Named(ConfigFile):
    """`config.json` of any model."""

    architectures: list[str] | None = None


class _Config(ConfigFile):
    """`config.json` of a tower of any type."""

    architectures: list[str] = Field(min_length=1)
    model_type: str = ""
    projection_dim: int = Field(gt=0)
    locked_text: str = ""
    background_std: float = Field(MIN_STD, gt=0, le=1)
    image_size: Any = None


def is_tower(folder: Path) -> bool:
    """Whether the folder holds the image half of a CLIP-class model and nothing else."""
    names = read_config(folder / "config.json", _Named).architectures or [""]
    return names[0].endswith("VisionModelWithProjection")


class VisionTower(Lazy):
    """Pictures in the space of a text embedder. Thread-safe; its weights are read when the first picture comes.

    Args:
        folder: as `save_pretrained` of a `...VisionModelWithProjection` and of its image processor wrote it;
            `locked_text` in its `config.json` is the fingerprint of the text embedder that it was trained against.
            `background_std` there is the standard deviation of its cosines between unrelated pictures and words.
        texts: that text embedder.
        digest: `folder_digest` of the folder, where it is known already.
        n_threads: that one call may use; 0: as many as there are cores.

    Raises:
        ModelError: no weights there, a value in `config.json` that cannot be, or it belongs to another text embedder.
    """

    def __init__(self, folder: Path, texts: TextEmbedder, digest: str = "", n_threads: int = 0) -> None:
        super().__init__()
        check_weights(folder)
        self._folder, self._texts, self._n_threads = folder, texts, n_threads
        self._config = read_config(folder / "config.json", _Config)
        self.dim, self.background_std = self._config.projection_dim, self._config.background_std
        self._check_text_side()
        self.fingerprint = _fingerprint(digest or folder_digest(folder))

    @property
    def min_cosine(self) -> float:
        """Three deviations: of unrelated words and pictures, hardly any come so close."""
        return 3 * self.background_std

    @property
    def abilities(self) -> ImageAbilities:
        return ImageAbilities(min_likeness=MIN_LIKENESS)

    @property
    def wanted_side_px(self) -> int | None:
        """Twice that of the input, where `config.json` has it as one number."""
        side_px = self._config.image_size
        return 2 * side_px if isinstance(side_px, int) and side_px > 0 else None

    @property
    def locked_text(self) -> str:
        """Fingerprint of the text embedder that it was trained against."""
        return self._config.locked_text

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return self._vectors(images)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return self._texts.embed(texts)

    def _check_text_side(self) -> None:
        locked = self._config.locked_text
        if locked != self._texts.fingerprint:
            trained = (
                f"was trained against {locked}" if locked else "does not say what for (locked_text in config.json)"
            )
            raise ModelError(
                f"the vision tower in '{self._folder}' {trained}, and words are embedded by {self._texts.fingerprint}: "
                "their vectors do not meet. Set RAG_TEXT_MODEL to the one, or RAG_IMAGE_MODEL to another image model "
                "(to nothing: the image channel is off)"
            )
        if self.dim != self._texts.dim:
            raise ModelError(
                f"the vision tower in '{self._folder}' makes {self.dim}-d vectors and {self._texts.fingerprint} "
                f"{self._texts.dim}-d ones: projection_dim or locked_text in config.json is wrong"
            )

    @lazy_property
    def _vectors(self) -> Callable[[Sequence[Image]], Vectors]:
        if self._config.model_type == MODEL_TYPE and is_fixed_size(self._folder):
            return _own_pass(self._folder, self.dim, self._n_threads)
        require_full(f"the vision tower in '{self._folder}'", "set RAG_IMAGE_MODEL=tower")
        use_torch_threads(self._n_threads)
        from rag.embed.clip import load_vision
        from rag.nn.unit_vectors import unit_vectors

        features = load_vision(self._folder, self._config.architectures[0], self.dim)
        return lambda images: unit_vectors(images, features, self.dim)


def shipped_tower(texts: TextEmbedder, n_threads: int = 0) -> VisionTower:
    """The one that comes with the program.

    Raises:
        ModelError: it is missing or not as it was shipped, or `texts` is not the text embedder it belongs to.
    """
    check_shipped(FOLDER, DIGEST, "vision tower", " to nothing to switch the image channel off")
    return VisionTower(FOLDER, texts, DIGEST, n_threads)


def shipped_fingerprint() -> str:
    """Of `shipped_tower`, without loading it."""
    return _fingerprint(DIGEST)


def _fingerprint(digest: str) -> str:
    return f"vision-tower@{digest[:12]}"


_BATCH = 8
"""Pictures at once: the activations of more no longer fit the caches."""


def _own_pass(folder: Path, dim: int, n_threads: int) -> Callable[[Sequence[Image]], Vectors]:
    """Without torch; see docs/decisions/012-vision-tower-loading.md."""
    try:
        preprocess, model = FixedSizePreprocess(folder), VisionTransformer(folder, n_threads)
        if set(preprocess.size_px) != {model.image_px}:
            raise ValueError(f"it sees {model.image_px} px a side, by preprocessor_config.json {preprocess.size_px}")
    except (OSError, ValueError, SafetensorError) as error:
        raise ModelError(f"the vision tower in '{folder}' cannot be loaded: {error}") from error

    def vectors(images: Sequence[Image]) -> Vectors:
        batches = (images[first : first + _BATCH] for first in range(0, len(images), _BATCH))
        rows = np.concatenate([np.empty((0, dim), np.float32), *(model(preprocess(batch)) for batch in batches)])
        require_numbers(rows)
        return unit_rows(rows)

    return vectors
