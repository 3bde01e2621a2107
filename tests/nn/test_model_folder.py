import pytest
import torch

from rag.errors import ModelError
from rag.nn.model_folder import check_weights, file_sha256, folder_digest
from rag.nn.unit_vectors import unit_vectors


def test_a_folder_is_no_file_of_the_model_whatever_its_name(tmp_path):
    digest = folder_digest(tmp_path)
    (tmp_path / "x.json").mkdir()
    (tmp_path / "x.safetensors").mkdir()
    assert folder_digest(tmp_path) == digest
    with pytest.raises(ModelError, match=r"holds no \.safetensors file"):
        check_weights(tmp_path)


def test_a_file_that_cannot_be_read_is_a_model_error(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        file_sha256(tmp_path)


@pytest.mark.parametrize("value", [torch.nan, torch.inf])
def test_vectors_of_a_broken_model_are_refused(value):
    with pytest.raises(ModelError, match="its weights or its preprocessing are broken"):
        unit_vectors(["a"], lambda _: torch.tensor([[1.0, value]]), 2)
