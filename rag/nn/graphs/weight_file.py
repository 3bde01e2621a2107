"""Where each tensor of a safetensors file is, so that a graph can name the place instead of holding a copy.

Source: https://github.com/huggingface/safetensors#format: the length of a JSON header (8 bytes, little-endian), the
header, then the tensors, little-endian, row by row.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from safetensors import safe_open

if TYPE_CHECKING:
    from rag.types import Vectors

_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor: `dtype` as safetensors has it (`F32`, `F16`, `BF16`), `offset` in bytes from the file's start."""

    dtype: str
    shape: tuple[int, ...]
    offset: int
    n_bytes: int


class WeightFile:
    """The tensors of a safetensors file by name; none is read before it is asked for.

    Args:
        path: the file.
        prefix: taken off the names that have it: what some versions of a model's class put before all of them.

    Raises:
        OSError: it cannot be read.
        SafetensorError: it is no such file, or it is cut off.
    """

    def __init__(self, path: Path, prefix: str = "") -> None:
        with safe_open(path, framework="np"):  # checks that the header's places lie in the file and do not overlap
            pass
        with path.open("rb") as file:
            n_header = int.from_bytes(file.read(_LENGTH_BYTES), "little")
            header = json.loads(file.read(n_header))
        header.pop("__metadata__", None)
        self.path = path
        self._tensors = {
            name.removeprefix(prefix): _stored(entry, _LENGTH_BYTES + n_header) for name, entry in header.items()
        }

    def __iter__(self) -> Iterator[str]:
        return iter(self._tensors)

    def __contains__(self, name: object) -> bool:
        return name in self._tensors

    def __getitem__(self, name: str) -> StoredTensor:
        return self._tensors[name]

    def read(self, name: str) -> Vectors:
        """The values as float32.

        Raises:
            ValueError: they are no float32, float16 or bfloat16.
        """
        tensor = self[name]
        if tensor.dtype not in ("F32", "F16", "BF16"):
            raise ValueError(f"{name} is of type {tensor.dtype}; F32, F16 and BF16 can be used")
        kind = {"F32": "<f4", "F16": "<f2", "BF16": "<u2"}[tensor.dtype]
        raw = np.fromfile(self.path, kind, tensor.n_bytes // np.dtype(kind).itemsize, offset=tensor.offset)
        if tensor.dtype == "BF16":  # the upper half of a float32
            raw = (raw.astype(np.uint32) << 16).view(np.float32)
        return raw.astype(np.float32, copy=False).reshape(tensor.shape)


def _stored(entry: dict[str, Any], start: int) -> StoredTensor:
    first, end = entry["data_offsets"]
    return StoredTensor(entry["dtype"], tuple(entry["shape"]), start + first, end - first)
