"""What is said where the extra `full` is not installed."""

import importlib.util
import re
import subprocess
import sys

import pytest

from rag.embed import make_image_embedder, make_text_embedder
from rag.errors import ModelError
from rag.hub.names import LocalModel
from rag.installation import extra_command
from rag.nn.extras import missing_of_full
from rag.rerank import make_reranker

COMMAND = re.escape(extra_command("full"))
FINDS = importlib.util.find_spec


@pytest.fixture
def base(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "torch" else FINDS(name))


def test_only_what_is_missing_is_named(base):
    assert missing_of_full() == ["torch"]


def test_a_model_of_a_hub_is_refused_with_the_command(base, tmp_path):
    for make in (make_text_embedder, lambda name, find: make_image_embedder(name, lambda: None, find=find)):
        with pytest.raises(ModelError, match=COMMAND):
            make("org/model", find=lambda name: LocalModel(name, tmp_path))
    with pytest.raises(ModelError, match=COMMAND):
        make_reranker("org/model", lambda: None, find=lambda name: LocalModel(name, tmp_path), placement=None)


def test_what_comes_with_the_program_works_where_no_package_of_the_extra_is_found():
    code = """
import sys
from importlib.machinery import PathFinder
class Without(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        hidden = ("torch", "transformers", "sentence_transformers", "scipy", "sklearn")
        return None if name.partition(".")[0] in hidden else super().find_spec(name, path, target)
sys.meta_path[:] = [Without if finder is PathFinder else finder for finder in sys.meta_path]
from PIL import Image
import rag.health.doctor, rag.health.selfcheck, rag.hub.pull, rag.ocr.rapid, rag.serve.app, ingest.pipeline
from rag.config import load_settings
from rag.models.registry import Models
models = Models(load_settings(device="cuda", dtype="bfloat16", threads=1))
models.image_embedder.embed_images([Image.new("RGB", (9, 9))])
print(models.text_embedder.embed(["a"]).shape, models.reranker.score("a pump", ["a pump"])[0] > 0.9)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "(1, 384) True\n", done.stderr
