"""Where a model runs, in which number format, and how much of its work at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch

from rag.errors import ConfigError, ModelError

T = TypeVar("T")
R = TypeVar("R")

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
_NO_MEMORY = ("can't allocate memory", "out of memory", "STATUS_ALLOC_FAILED")
_FREE_SHARE = 0.5
"""Of a GPU's free memory that a batch may take: twice the batch must still fit."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A device and the number format of the weights there."""

    device: torch.device
    dtype: torch.dtype

    def __str__(self) -> str:
        return f"{self.device.type} {str(self.dtype).removeprefix('torch.')}"


CPU = Placement(torch.device("cpu"), torch.float32)


def pick_placement(device: str = "auto", dtype: str = "auto") -> Placement:
    """Where to run.

    Args:
        device: `cuda`, `cuda:1`, `mps`, `cpu`, or `auto`: the first of these that is there.
        dtype: `float32`, `bfloat16`, `float16`, or `auto`: bfloat16 on CUDA (float16 where the GPU has none), float16
            on MPS, float32 on a CPU.

    Raises:
        ConfigError: no such device here, or an unknown name.
    """
    chosen = _device(device)
    if dtype != "auto":
        if dtype not in _DTYPES:
            raise ConfigError(f"unknown number format {dtype!r}; RAG_DTYPE can be auto, {', '.join(_DTYPES)}")
        return Placement(chosen, _DTYPES[dtype])
    if chosen.type == "cuda":
        return Placement(chosen, torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16)
    return Placement(chosen, torch.float16 if chosen.type == "mps" else torch.float32)


def in_batches(
    items: Sequence[T], run: Callable[[Sequence[T]], R], placement: Placement, *, size: int, most: int
) -> Iterator[R]:
    """What `run` gives for each batch, in order.

    A batch that does not fit into memory is halved and tried again. On a GPU the next one is doubled, up to `most`,
    while a batch takes less than half of the memory that is free.

    Args:
        items: whatever `run` takes.
        run: one batch to its result; may be called again with a part of the same items.
        placement: where it runs.
        size: items of the first batch.
        most: items of any batch.

    Raises:
        ModelError: not even one item fits.
    """
    first = 0
    while first < len(items):
        batch = items[first : first + size]
        try:
            result, roomy = _measured(batch, run, placement)
        except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
            if not is_out_of_memory(error):
                raise
            if len(batch) == 1:
                raise ModelError(f"not even one input fits into the memory of {placement}: {error}") from error
            size = len(batch) // 2
        else:
            yield result
            first += len(batch)
            size = min(2 * size, most) if roomy else size
            continue
        free_memory(placement)  # here, where the error has let go of the tensors of the frames it came through


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out; on a CPU and on MPS torch only says so in words."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error)
    return isinstance(error, RuntimeError) and any(words in text for words in _NO_MEMORY)


def free_memory(placement: Placement) -> None:
    """Gives cached blocks back to the device."""
    if placement.device.type == "cuda":
        torch.cuda.empty_cache()
    elif placement.device.type == "mps":
        torch.mps.empty_cache()


def _measured(batch: Sequence[T], run: Callable[[Sequence[T]], R], placement: Placement) -> tuple[R, bool]:
    """The result, and whether twice as much would fit."""
    if placement.device.type != "cuda":
        return run(batch), False
    torch.cuda.reset_peak_memory_stats(placement.device)
    before = torch.cuda.memory_allocated(placement.device)
    result = run(batch)
    took = torch.cuda.max_memory_allocated(placement.device) - before
    free, _ = torch.cuda.mem_get_info(placement.device)
    cached = torch.cuda.memory_reserved(placement.device) - torch.cuda.memory_allocated(placement.device)
    return result, took < _FREE_SHARE * (free + cached)


def _device(name: str) -> torch.device:
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        return torch.device(next(kind for kind, is_there in there.items() if is_there))
    kind, _, number = name.partition(":")
    if kind not in there or (number and not number.isdigit()):
        raise ConfigError(f"unknown device {name!r}; RAG_DEVICE can be auto, {', '.join(there)}, or cuda:1 and so on")
    if not there[kind] or (kind == "cuda" and number and int(number) >= torch.cuda.device_count()):
        raise ConfigError(f"this machine has no device {name!r} that torch can use; set RAG_DEVICE=auto")
    return torch.device(name)
