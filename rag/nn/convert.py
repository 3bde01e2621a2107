"""Weights that their makers published as a pickle, once and for all turned into safetensors.

A pickle is a program. `torch.load(weights_only=True)` runs none of it: it knows tensors and plain containers and
refuses every other name. What comes out is safetensors, and no pickle is opened when a model is loaded.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from rag.errors import ModelError


def to_safetensors(pickle: Path, target: Path) -> None:
    """Writes the tensors of a `torch.save` file as safetensors, under their names; the pickle stays.

    Tensors that share memory (tied weights) are written in full, each under its name.

    Args:
        pickle: a mapping of names to tensors, as `torch.save(model.state_dict(), pickle)` wrote it.
        target: written at once: it is whole or it is not there.

    Raises:
        ModelError: it holds anything but tensors, is damaged, or is no such file.
        OSError: it cannot be read, or there is no room.
    """
    tensors = _tensors(pickle, _load(pickle))
    uses = Counter(tensor.untyped_storage().data_ptr() for tensor in tensors.values())
    own = {
        name: tensor.clone(memory_format=torch.contiguous_format)
        if uses[tensor.untyped_storage().data_ptr()] > 1
        else tensor.contiguous()
        for name, tensor in tensors.items()
    }
    partial = target.with_name(f"{target.name}.partial")
    save_file(own, partial, metadata={"format": "pt"})  # transformers refuses weights without this
    partial.replace(target)


def _load(pickle: Path) -> Any:
    try:
        # Files from before torch 1.6 are no zip archives and cannot be mapped into memory.
        return torch.load(pickle, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(pickle))
    except OSError:
        raise
    except Exception as error:  # a damaged pickle can raise anything
        reason = str(error).strip().partition("\n")[0]
        raise ModelError(
            f"'{pickle.name}' is not opened: it holds more than tensors, or is damaged ({type(error).__name__}: "
            f"{reason}). Look for a conversion of the model to safetensors on the hub"
        ) from error


def _tensors(pickle: Path, loaded: Any) -> dict[str, torch.Tensor]:
    if isinstance(loaded, dict) and loaded:
        tensors = {
            name: value for name, value in loaded.items() if isinstance(name, str) and isinstance(value, torch.Tensor)
        }
        if len(tensors) == len(loaded):
            return {name: tensor.detach() for name, tensor in tensors.items()}
    raise ModelError(f"'{pickle.name}' is no mapping of names to tensors, so it is not the weights of a model")
