"""What is asked and shown becomes one prompt, within its room. tests/embed/test_qwen3_vl.py holds it to a recipe."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from rag.nn.device import CPU
from rag.nn.passes.qwen3_vl import Qwen3VL, is_qwen3_vl
from tests.embed import qwen3_vls
from tests.rerank import qwen3s


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Qwen3VL:
    return Qwen3VL(qwen3_vls.save(tmp_path_factory.mktemp("vl")), "Qwen3VLModel", CPU)


def test_only_the_last_words_are_cut_and_the_cut_is_counted(model: Qwen3VL) -> None:
    picture = Image.new("RGB", (64, 64))
    whole = model.prompt("say", [picture, "the river " * 20], 10_000)
    cut = model.prompt("say", [picture, "the river " * 20], len(whole) - 6)
    assert (whole.n_cut, cut.n_cut, len(cut)) == (0, 6, len(whole) - 6)
    assert cut.pictures == whole.pictures == (picture,)


def test_a_prompt_gets_one_state_of_the_models_width(model: Qwen3VL) -> None:
    states = model.last_hidden([model.prompt("say", ["the river"], 100), model.prompt("say", ["a bridge"], 100)])
    assert tuple(states.shape) == (2, model.dim)


def test_the_folder_tells_the_architecture(tmp_path: Path) -> None:
    assert not is_qwen3_vl(qwen3s.save(tmp_path))
