"""Where tensors are in a file of safetensors."""

import numpy as np
import pytest
import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from rag.nn.graphs.weight_file import WeightFile

VALUES = [[1.5, -2.0, 0.25], [3.0, 0.0, -0.5]]


@pytest.fixture
def path(tmp_path):
    kinds = {"single": torch.float32, "half": torch.float16, "brain": torch.bfloat16, "whole": torch.int64}
    path = tmp_path / "model.safetensors"
    save_file({f"model.{name}": torch.tensor(VALUES).to(kind) for name, kind in kinds.items()}, path)
    return path


@pytest.mark.parametrize("name", ["single", "half", "brain"])
def test_values_are_float32_whatever_they_are_kept_in(path, name):
    values = WeightFile(path, "model.").read(name)
    assert values.dtype == np.float32
    np.testing.assert_array_equal(values, np.array(VALUES, np.float32))


def test_the_place_of_a_tensor_is_where_its_bytes_are(path):
    stored = WeightFile(path, "model.")["single"]
    raw = path.read_bytes()[stored.offset : stored.offset + stored.n_bytes]
    np.testing.assert_array_equal(np.frombuffer(raw, "<f4").reshape(stored.shape), np.array(VALUES, np.float32))


def test_whole_numbers_are_no_weights(path):
    with pytest.raises(ValueError, match="whole is of type I64"):
        WeightFile(path, "model.").read("whole")


def test_a_file_that_is_cut_off_is_refused(path):
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(SafetensorError):
        WeightFile(path)
