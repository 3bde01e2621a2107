"""Embedders: one adapter a file, chosen by the settings. Only those of pulled models import torch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelError
from rag.nn.extras import require_full

if TYPE_CHECKING:
    from rag.hub.names import LocalModel
    from rag.nn.device import Placement
    from rag.ports import ImageTextEmbedder, TextEmbedder

OLLAMA = "ollama:"
"""Begins the name of a text model that an Ollama server runs."""


def make_text_embedder(
    name: str,
    *,
    find: Callable[[str], LocalModel] | None = None,
    placement: Callable[[], Placement] | None = None,
    n_threads: int = 0,
    ollama_url: str = "http://127.0.0.1:11434",
    timeout_s: float = 120.0,
) -> TextEmbedder:
    """The text embedder of that name.

    Args:
        name: `minilm` for the one that comes with the program, `ollama:NAME`, or what `find` knows.
        find: where the files of a pulled model are, see `rag.hub.names.locate`.
        placement: gives where a pulled model runs.
        n_threads: that one call of the model that comes with the program may use; 0: as many as there are cores.
        ollama_url: address of the Ollama server.
        timeout_s: longest silence of that server.

    Raises:
        ModelError: unknown, not pulled yet, or it cannot be loaded.
    """
    if name == "minilm":
        from rag.embed.minilm import MiniLM

        return MiniLM(n_threads)
    if name.startswith(OLLAMA):
        from rag.embed.ollama import OllamaEmbedder

        return OllamaEmbedder(name.removeprefix(OLLAMA), ollama_url, timeout_s=timeout_s)
    model = _found(name, find, "text", "RAG_TEXT_MODEL")
    require_full(f"the text model '{name}'", "set RAG_TEXT_MODEL=minilm")
    from rag.embed.bge_m3 import BgeM3, is_bge_m3

    if is_bge_m3(model.folder):
        return BgeM3(model.folder, identity=model.identity, placement=_placement(placement))
    from rag.embed.sentence import SentenceEmbedder

    return SentenceEmbedder(model.folder, identity=model.identity, placement=_placement(placement))


def make_image_embedder(
    name: str,
    texts: Callable[[], TextEmbedder],
    *,
    find: Callable[[str], LocalModel] | None = None,
    placement: Callable[[], Placement] | None = None,
    n_threads: int = 0,
) -> ImageTextEmbedder | None:
    """What puts pictures and words into one space; None where the name is empty: the image channel is off.

    Args:
        name: `sight` for what comes with the program, `tower` for its half that sees drawings alone, or what `find`
            knows: a CLIP-class model, a Qwen3-VL-Embedding or a vision tower. A folder that has that very name is
            `./sight`.
        texts: gives what reads the words for a vision tower; not called for others, which read them themselves.
        find: where the files of a pulled model are; None: the name is a folder.
        placement: gives where a pulled model runs.
        n_threads: that one call of what comes with the program, or of a tower, may use; 0: as many as there are cores.

    Raises:
        ModelError: not pulled yet, it cannot be loaded, or the text embedder is not the one it was trained with.
    """
    if not name:
        return None
    from rag.embed.tower import VisionTower, is_tower, shipped_tower

    if name == "sight":
        from rag.embed.sight import shipped_sight

        return shipped_sight(texts(), n_threads)
    if name == "tower":
        return shipped_tower(texts(), n_threads)
    model = _found(name, find, "image", "RAG_IMAGE_MODEL")
    if is_tower(model.folder):
        return VisionTower(model.folder, texts(), n_threads=n_threads)
    require_full(f"the image model '{name}'", "set RAG_IMAGE_MODEL=sight")
    from rag.nn.passes.qwen3_vl import is_qwen3_vl

    if is_qwen3_vl(model.folder):
        from rag.embed.qwen3_vl import Qwen3VLEmbedder

        return Qwen3VLEmbedder(model.folder, identity=model.identity, placement=_placement(placement))
    from rag.embed.clip import load_clip

    return load_clip(model.folder, identity=model.identity, placement=_placement(placement))


def _found(name: str, find: Callable[[str], LocalModel] | None, role: str, setting: str) -> LocalModel:
    if not name:
        raise ModelError(f"no {role} model is set; set {setting}")
    from rag.hub.names import LocalModel

    return find(name) if find else LocalModel(name, Path(name).expanduser())


def _placement(placement: Callable[[], Placement] | None) -> Placement:
    from rag.nn.device import CPU

    return placement() if placement else CPU
