"""Qwen3-VL-Embedding: pictures, words, and both together as one query, in one space.

See docs/decisions/020-qwen3-vl.md for what was checked against what.

Source: Qwen3-VL-Embedding technical report (2026); QwenLM/Qwen3-VL-Embedding, README and
`src/models/qwen3_vl_embedding.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from torch.nn.functional import normalize

from rag.errors import ModelError
from rag.nn.batching import run_by_length
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import check_weights, folder_digest
from rag.nn.passes.qwen3_vl import Prompt, Qwen3VL
from rag.ports import ImageAbilities
from rag.types import MIN_STD

if TYPE_CHECKING:
    from PIL.Image import Image

    from rag.types import Vector, Vectors

INSTRUCTION = "Represent the user's input."
"""Of what is searched; the published default."""
QUERY_INSTRUCTION = "Retrieve images or text relevant to the user's query."
"""Of questions; the README's example."""
MAX_TOKENS = 8192
"""Of an input with its template, as in the published code. Words beyond are cut."""


class Qwen3VLEmbedder:
    """Vectors are the last layer's hidden state at the last token. Thread-safe.

    They keep all their dimensions; the model was trained so that the first of them (Matryoshka) do alone.

    Args:
        folder: as published, or as `save_pretrained` of model, tokenizer and image processor wrote it.
        identity: fingerprint, where the caller knows it.
        placement: where it runs.

    Raises:
        ModelError: a file is missing or damaged, or the model is no Qwen3-VL.
    """

    wanted_side_px = Qwen3VL.wanted_side_px
    background_std = MIN_STD
    """Nobody measured it."""
    min_cosine = None
    """Nor this."""

    def __init__(self, folder: Path, *, identity: str = "", placement: Placement = CPU) -> None:
        check_weights(folder)
        self._model = Qwen3VL(folder, "Qwen3VLModel", placement)
        self._placement = placement
        self.dim = self._model.dim
        self.max_tokens = min(MAX_TOKENS, self._model.max_positions)
        self.fingerprint = identity or f"{type(self).__name__}@{folder_digest(folder)[:12]}"

    @property
    def abilities(self) -> ImageAbilities:
        return ImageAbilities(composed=self, cuts=self)

    def embed_images(self, images: Sequence[Image]) -> Vectors:
        """(n, dim) float32, rows L2-normalised; as what is searched."""
        return self._vectors([self._model.prompt(INSTRUCTION, [image], self.max_tokens) for image in images])

    def embed_texts(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised; as questions. What `is_cut` is cut at its end."""
        return self._vectors([self._question(text) for text in texts])

    def embed_composed(self, image: Image, text: str) -> Vector:
        """(dim,) float32, L2-normalised; the picture stands before the words."""
        vector: Vector = self._vectors([self._model.prompt(QUERY_INSTRUCTION, [image, text], self.max_tokens)])[0]
        return vector

    def is_cut(self, text: str) -> bool:
        """Whether the end of the text is not read."""
        return self._question(text).n_cut > 0

    def _question(self, text: str) -> Prompt:
        return self._model.prompt(QUERY_INSTRUCTION, [text], self.max_tokens)

    def _vectors(self, prompts: Sequence[Prompt]) -> Vectors:
        rows = run_by_length(prompts, len, self._unit, self._placement)
        vectors: Vectors = np.array(rows, np.float32).reshape(len(prompts), self.dim)
        if not np.isfinite(vectors).all():
            raise ModelError("the image model makes vectors with NaN in them; RAG_DTYPE=float32 may mend it")
        return vectors

    def _unit(self, prompts: Sequence[Prompt]) -> list[Vector]:
        return list(normalize(self._model.last_hidden(prompts), dim=-1).cpu().numpy())
