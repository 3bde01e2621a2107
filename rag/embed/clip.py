"""Any CLIP-class model that transformers knows, from a local folder of safetensors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from PIL.Image import new as new_image

from rag.embed.folder import check_weights, folder_digest, unit_vectors
from rag.errors import ModelError
from rag.types import MIN_STD

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors


class ClipEmbedder:
    """Pictures and words in one space; thread-safe (inference only reads).

    Args:
        folder: as `save_pretrained` of the model and of its processor (or tokenizer and image processor) wrote it.

    Raises:
        ModelError: no such folder, no safetensors in it, a damaged model, or one without `get_image_features`.
    """

    def __init__(self, folder: Path) -> None:
        check_weights(folder)
        self._model, self._tokenizer, self._processor = _load(folder, "AutoModel", "AutoTokenizer")
        if not hasattr(self._model, "get_image_features"):
            raise ModelError(f"the model in '{folder}' ({type(self._model).__name__}) is no CLIP-class model")
        self.fingerprint = f"{type(self._model).__name__}@{folder_digest(folder)[:12]}"
        with _loading(folder):
            self.dim = len(self._text_features(["a"])[0])
            _try_out(self._image_features, self.dim)

    @property
    def background_std(self) -> float:
        """Nobody measured it for a model that the user brings."""
        return MIN_STD

    @property
    def min_cosine(self) -> None:
        """Nor this."""

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


def load_vision(folder: Path, architecture: str, dim: int) -> Callable[[Sequence[Image]], torch.Tensor]:
    """The image half alone, of a folder that has no other: pictures to (n, dim) features.

    Args:
        folder: as `save_pretrained` of the model and of its image processor wrote it.
        architecture: a class of transformers whose output has `image_embeds`.
        dim: of the features.

    Raises:
        ModelError: it cannot be loaded, or its features are others.
    """
    model, processor = _load(folder, architecture)

    def features(images: Sequence[Image]) -> torch.Tensor:
        embeds: torch.Tensor = model(**processor(images=list(images), return_tensors="pt")).image_embeds
        return embeds

    with _loading(folder):
        _try_out(features, dim)
    return features


def _load(folder: Path, architecture: str, *others: str) -> list[Any]:
    """The model, whatever else is named, and the image processor."""
    import transformers
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    with _loading(folder):
        model, info = getattr(transformers, architecture).from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, output_loading_info=True, **options
        )
        if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers
            raise ValueError(f"{len(missing)} tensors are missing, first {missing[0]}")
        halves = [getattr(transformers, name).from_pretrained(folder, **options) for name in others]
        processor = transformers.AutoImageProcessor.from_pretrained(folder, use_fast=False, **options)
    return [model.eval(), *halves, processor]


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    """Whatever transformers stumbles over in a damaged folder becomes a ModelError."""
    try:
        yield
    except Exception as error:  # tokenizers raises nothing more precise, transformers a dozen kinds
        reason = f"{type(error).__name__}: {error}"
        raise ModelError(f"the image model in '{folder}' cannot be loaded: {reason}") from error


def _try_out(features: Callable[[Sequence[Image]], torch.Tensor], dim: int) -> None:
    """Raises something where a picture does not become a vector: better now than in the middle of an ingest."""
    with torch.inference_mode():
        shape = tuple(features([new_image("RGB", (32, 32))]).shape)
    if shape != (1, dim):
        raise ValueError(f"a picture becomes an array of shape {shape}, not (1, {dim})")


def _pooled(out: Any) -> torch.Tensor:
    features: torch.Tensor = out if isinstance(out, torch.Tensor) else out.pooler_output
    return features
