import os
import pickle
from collections import OrderedDict

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

from rag.errors import ModelError
from rag.nn import convert
from rag.nn.convert import to_safetensors


@pytest.fixture
def converted(tmp_path):
    def call(content, **options):
        torch.save(content, tmp_path / "pytorch_model.bin", **options)
        to_safetensors(tmp_path / "pytorch_model.bin", tmp_path / "model.safetensors")
        return load_file(tmp_path / "model.safetensors")

    return call


@pytest.mark.parametrize("zipped", [True, False])
def test_names_values_and_number_formats_stay(converted, tmp_path, zipped):
    tensors = OrderedDict(
        weight=torch.linspace(-1, 1, 6).reshape(2, 3),
        half=torch.tensor([1.5], dtype=torch.bfloat16),
        ids=torch.arange(4),
        one=torch.nn.Parameter(torch.tensor(0.1)),
    )
    out = converted(tensors, _use_new_zipfile_serialization=zipped)
    assert set(out) == set(tensors)
    for name, tensor in tensors.items():
        assert out[name].dtype == tensor.dtype
        assert torch.equal(out[name], tensor.detach())
    with safe_open(tmp_path / "model.safetensors", "pt") as file:
        assert file.metadata() == {"format": "pt"}


def test_tensors_that_share_memory_are_each_written_in_full(converted):
    table = torch.arange(12.0).reshape(4, 3)
    out = converted({"table": table, "tied": table, "turned": table.T, "row": table[1]})
    assert torch.equal(out["tied"], table)
    assert torch.equal(out["turned"], table.T)
    assert torch.equal(out["row"], table[1])


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("write", [pickle.dumps, None])
def test_a_pickle_that_would_run_code_is_refused_and_runs_none(tmp_path, write):
    path, trap = tmp_path / "pytorch_model.bin", tmp_path / "trap"
    content = {"weight": torch.zeros(2), "more": Evil(trap)}
    if write:
        path.write_bytes(write(content))
    else:
        torch.save(content, path)
    with pytest.raises(ModelError, match=r"'pytorch_model\.bin' is not opened: it holds more than tensors"):
        to_safetensors(path, tmp_path / "model.safetensors")
    assert not trap.exists()
    assert not (tmp_path / "model.safetensors").exists()


@pytest.mark.parametrize("content", [[torch.zeros(2)], {"weight": [1.0]}, {"nested": {"weight": torch.zeros(2)}}, {}])
def test_what_is_no_weights_of_a_model_is_refused(converted, content):
    with pytest.raises(ModelError, match="no mapping of names to tensors"):
        converted(content)


@pytest.mark.parametrize("damage", [lambda data: data[: len(data) // 2], lambda data: b"", lambda data: b"<html>"])
def test_a_damaged_file_is_one_error(tmp_path, damage):
    path = tmp_path / "pytorch_model.bin"
    torch.save({"weight": torch.zeros(1000)}, path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError, match="is not opened"):
        to_safetensors(path, tmp_path / "model.safetensors")


def test_a_conversion_that_breaks_off_leaves_no_model(converted, tmp_path, monkeypatch):
    def full(tensors, path, metadata):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(convert, "save_file", full)
    with pytest.raises(OSError, match="No space"):
        converted({"weight": torch.zeros(2)})
    assert not (tmp_path / "model.safetensors").exists()
