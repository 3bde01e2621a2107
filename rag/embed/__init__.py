"""Embedders: one adapter a file, chosen by the settings. torch is imported here and only when a model is wanted."""

from __future__ import annotations

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


def make_image_embedder(folder: str) -> ImageTextEmbedder | None:
    """The CLIP-class model in that folder; None when the folder is empty: the image channel is off."""
    if not folder:
        return None
    from rag.embed.clip import ClipEmbedder

    return ClipEmbedder(folder)


def use_threads(n_threads: int) -> None:
    """Model work takes this many threads from now on; 0 leaves the choice to torch (one a core)."""
    if n_threads:
        import torch

        torch.set_num_threads(n_threads)
