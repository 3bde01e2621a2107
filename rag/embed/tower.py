"""A vision tower on its own: it was trained to put pictures where a text embedder puts their captions.

The text embedder was locked meanwhile, so words need no second model: their vector in the space of pictures is the one
that they have in the space of texts. One such tower comes with the program.

Source: Zhai et al., LiT (2022), with the roles of the two towers exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError

from rag.embed.folder import check_weights, file_sha256, folder_digest, read_json, unit_vectors
from rag.embed.squash import Squash, can_squash
from rag.embed.vit import MODEL_TYPE, VisionTransformer
from rag.errors import ModelError
from rag.fusion import MIN_STD
from rag.shared import Shared, shared_property

if TYPE_CHECKING:
    import torch
    from PIL.Image import Image

    from rag.ports import TextEmbedder
    from rag.types import Vectors

FOLDER = Path(__file__).parent.parent / "weights" / "vision-tower"
SHA256 = ""
"""Of the shipped `model.safetensors`."""


def is_tower(folder: Path) -> bool:
    """Whether the folder holds the image half of a CLIP-class model and nothing else."""
    return _architecture(folder).endswith("VisionModelWithProjection")


class VisionTower(Shared):
    """Pictures in the space of a text embedder. Thread-safe; its weights are read when the first picture comes.

    Args:
        folder: as `save_pretrained` of a `...VisionModelWithProjection` and of its image processor wrote it;
            `locked_text` in its `config.json` is the fingerprint of the text embedder that it was trained against.
            `background_std` there is the standard deviation of its cosines between unrelated pictures and words.
        texts: that text embedder.

    Raises:
        ModelError: no weights there, or they belong to another text embedder.
    """

    def __init__(self, folder: Path, texts: TextEmbedder) -> None:
        super().__init__()
        check_weights(folder)
        self._folder, self._texts = folder, texts
        self._config = read_json(folder / "config.json")
        self.dim = int(self._config.get("projection_dim", 0))
        self.background_std = float(self._config.get("background_std", MIN_STD))
        self._check_text_side()
        self.fingerprint = f"vision-tower@{folder_digest(folder)[:12]}"

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return unit_vectors(images, self._features, self.dim)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return self._texts.embed(texts)

    def _check_text_side(self) -> None:
        locked = self._config.get("locked_text", "")
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
                f"{self._texts.dim}-d ones: config.json and the weights do not belong together"
            )

    @shared_property
    def _features(self) -> Callable[[Sequence[Image]], torch.Tensor]:
        preprocessing = read_json(self._folder / "preprocessor_config.json")
        if self._config.get("model_type") != MODEL_TYPE or not can_squash(preprocessing):
            from rag.embed.clip import load_vision

            return load_vision(self._folder, _architecture(self._folder))
        try:
            return _own_pass(self._folder, self._config, preprocessing)
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise ModelError(f"the vision tower in '{self._folder}' cannot be loaded: {error!r}") from error


def shipped_tower(texts: TextEmbedder) -> VisionTower:
    """The one that comes with the program.

    Raises:
        ModelError: it is missing or not as it was shipped, or `texts` is not the text embedder it belongs to.
    """
    weights = FOLDER / "model.safetensors"
    found = file_sha256(weights) if weights.is_file() else ""
    if not found or found != SHA256:
        have = f"has sha256 {found[:12]}..., not {SHA256[:12]}..." if found else "is missing"
        raise ModelError(
            f"{weights} {have}: that is not the vision tower of this version. Install the package again, or set "
            "RAG_IMAGE_MODEL to nothing to switch the image channel off"
        )
    return VisionTower(FOLDER, texts)


def _own_pass(
    folder: Path, config: Mapping[str, Any], preprocessing: Mapping[str, Any]
) -> Callable[[Sequence[Image]], torch.Tensor]:
    """Without transformers; see docs/decisions/012-vision-tower-loading.md."""
    squash, model = Squash(preprocessing), VisionTransformer(folder, config)
    if set(squash.size_px) != {config["image_size"]}:
        raise ValueError(f"the model sees {config['image_size']} px a side, preprocessor_config.json: {squash.size_px}")
    return lambda images: model(squash(images))


def _architecture(folder: Path) -> str:
    names = read_json(folder / "config.json").get("architectures") or [""]
    return str(names[0])
