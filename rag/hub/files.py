"""Which files of a hub's repository are wanted, and whether a file is what the hub says it is. Pure but for reading."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rag.errors import ModelError

_HEADS = ("colbert_linear", "sparse_linear")
"""Of BGE-M3: small layers that its makers keep beside the model."""
_MODULE = re.compile(r"\d+_[A-Za-z0-9]+/")
"""A folder of sentence-transformers, such as `1_Pooling/`. Others hold exports for other programs (`onnx/`)."""
_TEXT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.+-]*\.(?:json|txt|model|jinja)")
_SHARD = re.compile(r"model-\d{5}-of-\d{5}\.safetensors")
_INDEX = "model.safetensors.index.json"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class HubFile:
    """A file as a hub lists it.

    Attributes:
        path: in the repository, with `/`.
        size_bytes: of its content.
        sha256: of its content, where the hub keeps it as a large file; else empty.
        git_id: what git calls its content, where it is no large file.
    """

    path: str
    size_bytes: int
    sha256: str = ""
    git_id: str = ""

    @property
    def is_pickle(self) -> bool:
        return self.path.endswith((".bin", ".pt"))

    @property
    def target(self) -> str:
        """What it is called on this machine: a pickle gets the name under which transformers looks for safetensors."""
        if not self.is_pickle:
            return self.path
        return self.path.replace("pytorch_model.bin", "model.safetensors").replace(".pt", ".safetensors")


def wanted_files(name: str, files: Iterable[HubFile]) -> list[HubFile]:
    """Weights, configuration, tokenizer and preprocessing; no code, no second copy of the weights.

    Pickles are taken only where the repository has no safetensors in their place, and are converted.

    Args:
        name: of the model, for the error.
        files: everything in the repository.

    Raises:
        ModelError: no weights that can be used.
    """
    files = list(files)
    folders: dict[str, dict[str, HubFile]] = {}
    for file in files:
        folder, slash, base = file.path.rpartition("/")
        if not slash or _MODULE.fullmatch(folder + slash):
            folders.setdefault(folder, {})[base] = file
    chosen = [file for inside in folders.values() for file in _chosen(inside)]
    if not any(file.target.endswith(".safetensors") for file in chosen):
        others = [file.path for file in files if file.path.endswith((".safetensors", ".bin", ".pt", ".onnx", ".gguf"))]
        raise ModelError(
            f"model '{name}' has no weights that can be used: neither model.safetensors nor pytorch_model.bin "
            f"({', '.join(others[:_SHOWN]) or 'no weights at all'}). Look for a conversion of it on the hub, or "
            "convert it yourself with save_pretrained and set the folder"
        )
    return sorted(chosen, key=lambda file: file.path)


def is_as_listed(path: Path, file: HubFile) -> bool:
    """Whether the file's content is what the hub lists, by sha256 or by git's name for it.

    Source: git hash-object: sha1 over `blob`, the size in bytes, a zero byte and the content.
    """
    if not path.is_file() or path.stat().st_size != file.size_bytes:
        return False
    digest = (
        hashlib.sha256() if file.sha256 else hashlib.sha1(f"blob {file.size_bytes}\0".encode(), usedforsecurity=False)
    )
    with path.open("rb") as content:
        while block := content.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == (file.sha256 or file.git_id)


def sha256_of(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _chosen(inside: dict[str, HubFile]) -> list[HubFile]:
    """Of one folder, by name."""
    names = _model_weights(inside) + [_first(inside, f"{head}.safetensors", f"{head}.pt") for head in _HEADS]
    names += [name for name in inside if _TEXT.fullmatch(name) and not name.endswith(".index.json")]
    return [inside[name] for name in names if name in inside]


def _model_weights(inside: dict[str, HubFile]) -> list[str]:
    """In the order in which transformers looks for them."""
    shards = [name for name in inside if _SHARD.fullmatch(name)]
    if "model.safetensors" not in inside and shards:
        return [*shards, _INDEX]
    return [_first(inside, "model.safetensors", "pytorch_model.bin")]


def _first(inside: dict[str, HubFile], *names: str) -> str:
    return next((name for name in names if name in inside), "")
