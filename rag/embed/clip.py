"""Any CLIP-class model that transformers knows, from a local folder of safetensors."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from rag.embed.folder import check_weights, folder_digest, unit_vectors
from rag.errors import ModelError
from rag.fusion import MIN_STD

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors


class ClipEmbedder:
    """Pictures and words in one space; thread-safe (inference only reads).

    Args:
        folder: as `save_pretrained` of the model and of its processor (or tokenizer and image processor) wrote it.

    Raises:
        ModelError: no such folder, no safetensors in it, or a model without `get_image_features`.
    """

    def __init__(self, folder: Path) -> None:
        check_weights(folder)
        self._model, self._tokenizer, self._processor = _load(folder, "AutoModel", "AutoTokenizer")
        if not hasattr(self._model, "get_image_features"):
            raise ModelError(f"the model in '{folder}' ({type(self._model).__name__}) is no CLIP-class model")
        self.fingerprint = f"{type(self._model).__name__}@{folder_digest(folder)[:12]}"
        self.dim = len(self._text_features(["a"])[0])

    @property
    def background_std(self) -> float:
        """Nobody measured it for a model that the user brings."""
        return MIN_STD

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        return unit_vectors(images, self._image_features, self.dim)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised. A text longer than the model's limit is cut there."""
        return unit_vectors(texts, self._text_features, self.dim)

    def _image_features(self, images: Sequence[Image]) -> torch.Tensor:
        return _pooled(self._model.get_image_features(**self._processor(images=list(images), return_tensors="pt")))

    @torch.inference_mode()
    def _text_features(self, texts: Sequence[str]) -> torch.Tensor:
        return _pooled(self._model.get_text_features(**self._tokens(texts)))

    def _tokens(self, texts: Sequence[str]) -> dict[str, Any]:
        if not str(self._model.config.model_type).startswith("siglip"):
            return dict(self._tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt"))
        # SigLIP learnt from texts padded to full length, padding unmasked (its model card); others it reads wrongly.
        tokens = self._tokenizer(list(texts), padding="max_length", truncation=True, return_tensors="pt")
        return {"input_ids": tokens["input_ids"]}


def load_vision(folder: Path, architecture: str) -> Callable[[Sequence[Image]], torch.Tensor]:
    """The image half alone, of a folder that has no other: pictures to (n, projection_dim) features.

    Args:
        folder: as `save_pretrained` of the model and of its image processor wrote it.
        architecture: a class of transformers whose output has `image_embeds`.

    Raises:
        ModelError: it cannot be loaded.
    """
    model, processor = _load(folder, architecture)

    def features(images: Sequence[Image]) -> torch.Tensor:
        embeds: torch.Tensor = model(**processor(images=list(images), return_tensors="pt")).image_embeds
        return embeds

    return features


def _load(folder: Path, architecture: str, *others: str) -> list[Any]:
    """The model, whatever else is named, and the image processor."""
    import transformers
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        model_class = getattr(transformers, architecture)
        model = model_class.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **options).eval()
        halves = [getattr(transformers, name).from_pretrained(folder, **options) for name in others]
        processor = transformers.AutoImageProcessor.from_pretrained(folder, use_fast=False, **options)
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise ModelError(f"the image model in '{folder}' cannot be loaded: {error}") from error
    return [model, *halves, processor]


def _pooled(out: Any) -> torch.Tensor:
    features: torch.Tensor = out if isinstance(out, torch.Tensor) else out.pooler_output
    return features
