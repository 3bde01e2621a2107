"""Tensors out of a folder of safetensors, one by one: a model of several gigabytes is never in memory twice."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from safetensors import safe_open

from rag.nn.model_folder import weight_files

if TYPE_CHECKING:
    from torch import Tensor


class Weights:
    """Open files of a folder; a context manager.

    Args:
        folder: holds one or several `.safetensors`.

    Raises:
        OSError, SafetensorError: a file cannot be read.
        ValueError: there is none.
    """

    def __init__(self, folder: Path) -> None:
        paths = weight_files(folder)
        if not paths:
            raise ValueError("it holds no .safetensors file")
        with ExitStack() as files:
            opened = [files.enter_context(safe_open(path, "pt")) for path in paths]
            self._file_of: dict[str, Any] = {name: file for file in opened for name in file.keys()}  # noqa: SIM118
            self._files = files.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()

    def check(self, wanted: Mapping[str, tuple[int, ...]]) -> None:
        """Raises ValueError where a tensor is missing or has another shape than wanted."""
        for name, shape in wanted.items():
            found = (
                tuple(self._file_of[name].get_slice(name).get_shape()) if name in self._file_of else "no such tensor"
            )
            if found != shape:
                raise ValueError(
                    f"{name} is not as config.json describes it: {shape} by config.json, {found} in the weights"
                )

    def read(self, name: str) -> Tensor:
        """In the number format of the file."""
        tensor: Tensor = self._file_of[name].get_tensor(name)
        return tensor

    def row(self, name: str, i: int) -> Tensor:
        """(n_columns,), without reading the rest of the matrix."""
        row: Tensor = self._file_of[name].get_slice(name)[i : i + 1][0]
        return row
