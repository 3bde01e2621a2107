"""Embedders: one adapter a file, chosen by the settings. torch is imported here and only when a model is wanted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ConfigError

if TYPE_CHECKING:
    from rag.ports import ImageTextEmbedder, TextEmbedder


def make_text_embedder(name: str) -> TextEmbedder:
    """The text embedder of that name.

    Raises:
        ConfigError: unknown.
        ModelError: it cannot be loaded.
    """
    if name == "minilm":
        from rag.embed.minilm import MiniLM

        return MiniLM()
    raise ConfigError(f"unknown text model {name!r}; RAG_TEXT_MODEL can be 'minilm'")


def make_image_embedder(name: str, texts: Callable[[], TextEmbedder]) -> ImageTextEmbedder | None:
    """What puts pictures and words into one space; None where the name is empty: the image channel is off.

    Args:
        name: `tower` for the one that comes with the program, or a folder: a CLIP-class model or a vision tower. A
            folder that has that very name is `./tower`.
        texts: gives what reads the words for a vision tower; not called for others, which read them themselves.

    Raises:
        ModelError: it cannot be loaded, or the text embedder is not the one it was trained with.
    """
    if not name:
        return None
    from rag.embed.tower import VisionTower, is_tower, shipped_tower

    if name == "tower":
        return shipped_tower(texts())
    folder = Path(name).expanduser()
    if is_tower(folder):
        return VisionTower(folder, texts())
    from rag.embed.clip import ClipEmbedder

    return ClipEmbedder(folder)


def use_threads(n_threads: int) -> None:
    """Model work takes this many threads from now on; 0 leaves the choice to torch (one a core)."""
    if n_threads:
        import torch

        torch.set_num_threads(n_threads)
