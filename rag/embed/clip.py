"""Any CLIP-class model that transformers knows, from a local folder of safetensors."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from rag.errors import ModelError

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vectors

BATCH = 16


class ClipEmbedder:
    """Pictures and words in one space; thread-safe (inference only reads).

    Args:
        folder: as `save_pretrained` of the model and of its processor (or tokenizer and image processor) wrote it.

    Raises:
        ModelError: no such folder, no safetensors in it, or a model without `get_image_features`.
    """

    def __init__(self, folder: str | Path) -> None:
        self._folder = Path(folder).expanduser()
        if not list(self._folder.glob("*.safetensors")):
            raise ModelError(
                f"image model folder '{folder}' holds no .safetensors file; set RAG_IMAGE_MODEL to a folder that "
                "save_pretrained wrote, or to nothing to switch the image channel off"
            )
        self._model, self._tokenizer, self._processor = _load(self._folder)
        if not hasattr(self._model, "get_image_features"):
            raise ModelError(f"the model in '{folder}' ({type(self._model).__name__}) is no CLIP-class model")
        self.fingerprint = f"{type(self._model).__name__}@{_digest(self._folder)[:12]}"
        self.dim = int(self.embed_texts(["a"]).shape[1])

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        batches = [
            self._features("get_image_features", **self._processor(images=list(batch), return_tensors="pt"))
            for batch in _batches(images)
        ]
        return self._stacked(batches)

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised. A text longer than the model's limit is cut there."""
        batches = [self._features("get_text_features", **self._tokens(batch)) for batch in _batches(texts)]
        return self._stacked(batches)

    def _tokens(self, texts: Sequence[str]) -> dict[str, Any]:
        if not str(self._model.config.model_type).startswith("siglip"):
            return dict(self._tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt"))
        # SigLIP learnt from texts padded to full length, padding unmasked (its model card); others it reads wrongly.
        tokens = self._tokenizer(list(texts), padding="max_length", truncation=True, return_tensors="pt")
        return {"input_ids": tokens["input_ids"]}

    def _features(self, method: str, **inputs: Any) -> Vectors:
        with torch.inference_mode():
            out = getattr(self._model, method)(**inputs)
            features = out if isinstance(out, torch.Tensor) else out.pooler_output
            unit: Vectors = torch.nn.functional.normalize(features.float(), dim=-1).numpy()
        return unit

    def _stacked(self, batches: list[Vectors]) -> Vectors:
        return np.concatenate(batches) if batches else np.zeros((0, self.dim), np.float32)


def _load(folder: Path) -> tuple[Any, Any, Any]:
    from transformers import AutoImageProcessor, AutoModel, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        model = AutoModel.from_pretrained(folder, use_safetensors=True, dtype=torch.float32, **options).eval()
        tokenizer = AutoTokenizer.from_pretrained(folder, **options)
        processor = AutoImageProcessor.from_pretrained(folder, use_fast=False, **options)
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"the image model in '{folder}' cannot be loaded: {error}") from error
    return model, tokenizer, processor


def _digest(folder: Path) -> str:
    """sha256 over every file that decides the vectors: weights, configuration, tokenizer, preprocessing."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix in {".safetensors", ".json", ".txt", ".model"}:
            with path.open("rb") as file:
                digest.update(path.name.encode() + b"\0" + hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()


def _batches(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[i : i + BATCH] for i in range(0, len(items), BATCH)]
