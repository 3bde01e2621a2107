"""What image models have in common: a folder that `save_pretrained` wrote, and batches that become unit vectors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch

from rag.errors import ModelError

if TYPE_CHECKING:
    from rag.types import Vectors

T = TypeVar("T")

BATCH = 16
"""Pictures or texts at once: the activations of more no longer fit the cache of a core."""


def check_weights(folder: Path) -> None:
    """Raises ModelError where no safetensors file is."""
    if not list(folder.glob("*.safetensors")):
        raise ModelError(
            f"image model folder '{folder}' holds no .safetensors file; set RAG_IMAGE_MODEL to a folder that "
            "save_pretrained wrote, to 'tower' for the one that comes with the program, or to nothing to switch the "
            "image channel off"
        )


def read_json(path: Path) -> dict[str, Any]:
    """A configuration file of the model; empty where there is none.

    Raises:
        ModelError: it is no JSON object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"'{path}' cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"'{path}' is no model configuration: it holds no JSON object")
    return value


def folder_digest(folder: Path) -> str:
    """sha256 over every file that decides the vectors: weights, configuration, tokenizer, preprocessing."""
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*")):
        if path.suffix in {".safetensors", ".json", ".txt", ".model"}:
            digest.update(path.name.encode() + b"\0" + bytes.fromhex(file_sha256(path)))
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """In hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def unit_vectors(items: Sequence[T], features: Callable[[Sequence[T]], torch.Tensor], dim: int) -> Vectors:
    """Embeds in batches.

    Args:
        items: pictures or texts.
        features: (n, dim) of a batch, of any length.
        dim: of the vectors.

    Returns:
        (n_items, dim) float32, rows L2-normalised.
    """
    out = np.zeros((len(items), dim), np.float32)
    for first in range(0, len(items), BATCH):
        with torch.inference_mode():
            batch = features(items[first : first + BATCH])
            out[first : first + BATCH] = torch.nn.functional.normalize(batch.float(), dim=-1).numpy()
    return out
