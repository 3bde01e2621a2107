"""A folder of a model as `save_pretrained` wrote it: its configuration, its weights' files and their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from rag.errors import ModelError


class ConfigFile(BaseModel, allow_inf_nan=False):
    """What matters of a JSON file of the model; whatever else is in it is ignored."""


C = TypeVar("C", bound=ConfigFile)


def check_weights(folder: Path) -> None:
    """Raises ModelError where no safetensors file is."""
    if not weight_files(folder):
        raise ModelError(
            f"image model folder '{folder}' holds no .safetensors file; set RAG_IMAGE_MODEL to a folder that "
            "save_pretrained wrote, to 'sight' for the one that comes with the program, or to nothing to switch the "
            "image channel off"
        )


def read_json(path: Path) -> dict[str, Any]:
    """A configuration file of the model; empty where there is none.

    Raises:
        ModelError: it is no JSON object.
    """
    try:
        value = from_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"'{path}' cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ModelError(f"'{path}' is no model configuration: it holds no JSON object")
    return value


def read_config(path: Path, kind: type[C]) -> C:
    """The same, checked.

    Raises:
        ModelError: it is no JSON object, or the first value that does not fit.
    """
    try:
        return kind.model_validate(read_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ModelError(f"'{path}' cannot be used: {key}: {first['msg']} (have {first['input']!r:.80})") from error


def model_files(folder: Path) -> list[Path]:
    """Every file that decides the vectors: weights, configuration, tokenizer, preprocessing.

    Raises:
        ModelError: the folder cannot be read.
    """
    try:
        files = [path for path in sorted(folder.glob("*")) if path.is_file()]
    except OSError as error:
        raise ModelError(f"image model folder '{folder}' cannot be read: {error}") from error
    return [path for path in files if path.suffix in {".safetensors", ".json", ".txt", ".model"}]


def weight_files(folder: Path) -> list[Path]:
    """The weights among `model_files`."""
    return [path for path in model_files(folder) if path.suffix == ".safetensors"]


def folder_digest(folder: Path) -> str:
    """sha256 over the names and the bytes of all `model_files`, in hex."""
    digest = hashlib.sha256()
    for path in model_files(folder):
        digest.update(path.name.encode() + b"\0" + bytes.fromhex(file_sha256(path)))
    return digest.hexdigest()


def check_shipped(folder: Path, digest: str, name: str, otherwise: str) -> None:
    """Whether a folder that comes with the program is as it was shipped.

    Args:
        folder: of the weights.
        digest: its `folder_digest`.
        name: what it is, for people.
        otherwise: what can be set to do without it.

    Raises:
        ModelError: it is missing, or has other files.
    """
    found = folder_digest(folder)
    if found != digest:
        raise ModelError(
            f"'{folder}' is not the {name} of this version: its files "
            + (f"have the digest {found[:12]}..., not {digest[:12]}..." if folder.is_dir() else "are missing")
            + f". Install the package again, or set RAG_IMAGE_MODEL{otherwise}"
        )


def file_sha256(path: Path) -> str:
    """In hex.

    Raises:
        ModelError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"'{path}' cannot be read: {error}") from error
