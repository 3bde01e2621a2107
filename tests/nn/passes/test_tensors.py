"""Tensors are checked by their headers and read one by one, whichever file they are in."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from rag.nn.passes.tensors import Weights


def test_tensors_of_several_files_are_one_collection(tmp_path: Path) -> None:
    save_file({"a": torch.arange(6.0).view(3, 2)}, tmp_path / "model-1.safetensors")
    save_file({"b": torch.ones(4)}, tmp_path / "model-2.safetensors")
    with Weights(tmp_path) as weights:
        weights.check({"a": (3, 2), "b": (4,)})
        assert weights.row("a", 1).tolist() == [2, 3]
        assert weights.read("b").tolist() == [1, 1, 1, 1]
        with pytest.raises(ValueError, match=r"c is not as config\.json describes it"):
            weights.check({"c": (1,)})
        with pytest.raises(ValueError, match=r"\(2, 3\) by config\.json, \(3, 2\) in the weights"):
            weights.check({"a": (2, 3)})


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no \.safetensors"):
        Weights(tmp_path)
