"""BGE-M3: one pass over a text gives its dense vector, the weights of its words and a vector for each token.

FlagEmbedding's own class would load pickles and cost every command seconds of imports, so the pass is ours and the
tests hold all three outputs to those of FlagEmbedding; see docs/decisions/014-bge-m3.md.

Source: Chen et al., M3-Embedding (2024); FlagEmbedding 1.4, `EncoderOnlyEmbedderM3Model`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import torch
from cachetools import LRUCache
from safetensors import SafetensorError
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch.nn import functional as F

from rag.errors import ModelError
from rag.nn.batching import run_by_length
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import folder_digest
from rag.nn.passes.xlm_roberta import XlmRoberta
from rag.ports import TextAbilities

if TYPE_CHECKING:
    from torch import Tensor

    from rag.types import Vector, Vectors

    Head: TypeAlias = tuple[Tensor, Tensor]
    """Weight and bias of a linear layer."""

MAX_TOKENS = 8192
REMEMBERED = 512
"""Texts whose outputs are kept: the dense vectors and the weights of an ingest's batch are asked for in two calls."""
QUESTION_TOKENS = 32
"""Of a text whose token vectors are kept as well: a question is asked for all three outputs, one after the other."""
_SPECIAL = ("<s>", "</s>", "<pad>", "<unk>")


def is_bge_m3(folder: Path) -> bool:
    """Whether the folder holds a model with a head for sparse weights, converted or as its makers published it."""
    return any((folder / f"sparse_linear.{ending}").is_file() for ending in ("safetensors", "pt"))


@dataclass(frozen=True, slots=True)
class _Encoded:
    """The three outputs for a text.

    Attributes:
        dense: (dim,) float32, L2-normalised.
        sparse: token id to weight, above 0.
        tokens: (n_tokens + 1, dim) float32, rows L2-normalised; (0, dim) for an empty text; None: not asked for.
    """

    dense: Vector
    sparse: dict[int, float]
    tokens: Vectors | None


class BgeM3:
    """Text embedder, sparse embedder and token embedder in one; thread-safe.

    Questions and documents are embedded alike. A text longer than `max_tokens` is read in windows and none of it is
    lost: its vector is the mean of its windows', a word's weight the largest, its token vectors those of all windows.

    Args:
        folder: what `rag models pull` made of the hub's: `config.json`, `tokenizer.json` and, as safetensors, `model`,
            `sparse_linear` and `colbert_linear`.
        identity: name and revision, where they are known.
        placement: where it runs.

    Raises:
        ModelError: a file is missing, damaged, or a pickle.
    """

    min_cosine = None
    """Nobody measured it."""

    def __init__(self, folder: Path, *, identity: str = "", placement: Placement = CPU) -> None:
        _refuse_pickles(folder)
        self._tokenizer, self._special = _load_tokenizer(folder)
        try:
            self._encoder = XlmRoberta(folder, placement)
            self.dim = self._encoder.dim
            self._sparse_head = _load_head(folder, "sparse_linear", self.dim, 1, placement)
            self._token_head = _load_head(folder, "colbert_linear", self.dim, self.dim, placement)
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelError(f"the text model in '{folder}' cannot be loaded: {error}") from error
        self.fingerprint = identity or f"BgeM3@{folder_digest(folder)[:12]}"
        self.max_tokens = min(MAX_TOKENS, self._encoder.max_positions)
        self._placement = placement
        self._seen: LRUCache[str, _Encoded] = LRUCache(REMEMBERED)
        self._lock = Lock()

    @property
    def abilities(self) -> TextAbilities:
        return TextAbilities(tokens=self, sparse=self)

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised: the last hidden state of the first token."""
        return np.array([encoded.dense for encoded in self._encode(texts)], np.float32).reshape(len(texts), self.dim)

    def embed_query(self, text: str) -> Vector:
        return self._encode([text], with_tokens=True)[0].dense.copy()

    def embed_sparse(self, texts: Sequence[str]) -> list[dict[int, float]]:
        return [dict(encoded.sparse) for encoded in self._encode(texts)]

    def embed_sparse_query(self, text: str) -> dict[int, float]:
        return dict(self._encode([text], with_tokens=True)[0].sparse)

    def embed_tokens(self, texts: Sequence[str]) -> list[Vectors]:
        """One (n_tokens + 1, dim) float32 array a text, rows L2-normalised: the end of the text is among them.

        The model was trained so. A text without tokens has no rows.
        """
        vectors = [encoded.tokens for encoded in self._encode(texts, with_tokens=True)]
        return [tokens.copy() for tokens in vectors if tokens is not None]

    def _encode(self, texts: Sequence[str], *, with_tokens: bool = False) -> list[_Encoded]:
        """All outputs of each text in one pass; those of texts that were seen lately are not computed again."""
        with self._lock:
            found = {text: self._seen[text] for text in texts if text in self._seen}
            if with_tokens:
                found = {text: encoded for text, encoded in found.items() if encoded.tokens is not None}
            new = [text for text in dict.fromkeys(texts) if text not in found]
            found.update(zip(new, self._compute(new, with_tokens), strict=True))
            self._remember(found)
        return [found[text] for text in texts]

    def _remember(self, found: dict[str, _Encoded]) -> None:
        for text, encoded in found.items():
            is_long = encoded.tokens is not None and len(encoded.tokens) > QUESTION_TOKENS
            self._seen[text] = replace(encoded, tokens=None) if is_long else encoded

    def _compute(self, texts: Sequence[str], with_tokens: bool) -> list[_Encoded]:
        encodings = self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        cut = [_windows(encoding.ids, self.max_tokens - 2) for encoding in encodings]
        windows = list(chain.from_iterable(cut))
        vectors = iter(run_by_length(windows, _with_ends, partial(self._run, with_tokens=with_tokens), self._placement))
        return [_joined([(len(window), next(vectors)) for window in of_text]) for of_text in cut]

    @torch.inference_mode()
    def _run(self, windows: Sequence[list[int]], with_tokens: bool) -> list[_Encoded]:
        """One batch. Arrays are copied out of it: a row would keep the whole batch alive."""
        longest = max(map(_with_ends, windows))
        ids = torch.full((len(windows), longest), self._special["<pad>"])
        for row, window in enumerate(windows):
            ids[row, : _with_ends(window)] = torch.tensor([self._special["<s>"], *window, self._special["</s>"]])
        n_tokens = torch.tensor([_with_ends(window) for window in windows])
        mask = torch.arange(longest) < n_tokens[:, None]
        hidden = self._encoder(ids.to(self._placement.device), mask.to(self._placement.device))
        dense = _unit(hidden[:, 0])
        weights = F.linear(hidden, *self._sparse_head)[:, :, 0].relu().float().cpu().numpy()
        if not (np.isfinite(dense).all() and np.isfinite(weights).all()):
            raise ModelError(
                f"the text model makes vectors with NaN in them on {self._placement}; set RAG_DTYPE=float32"
            )
        tokens = _unit(F.linear(hidden[:, 1:], *self._token_head)) if with_tokens else None
        return [
            _Encoded(
                dense[row].copy(),
                self._largest(window, weights[row, 1:].tolist()),
                None if tokens is None else tokens[row, : len(window) + bool(window)].copy(),
            )
            for row, window in enumerate(windows)
        ]

    def _largest(self, ids: Sequence[int], weights: Sequence[float]) -> dict[int, float]:
        """Of each token, without the special ones."""
        best: dict[int, float] = {}
        for token, weight in zip(ids, weights, strict=False):  # `weights` goes on with those of </s> and padding
            if weight > best.get(token, 0.0):
                best[token] = weight
        return {token: weight for token, weight in best.items() if token not in self._special.values()}


def _windows(ids: list[int], size: int) -> list[list[int]]:
    return [ids[start : start + size] for start in range(0, max(len(ids), 1), size)]


def _with_ends(window: list[int]) -> int:
    """Tokens of a window with those that begin and end it."""
    return len(window) + 2


def _joined(parts: Sequence[tuple[int, _Encoded]]) -> _Encoded:
    """The outputs of one text from its windows and their numbers of tokens."""
    if len(parts) == 1:
        return parts[0][1]
    mean = np.sum([n_tokens * part.dense for n_tokens, part in parts], axis=0)
    sparse: dict[int, float] = {}
    for _, part in parts:
        sparse |= {token: max(weight, sparse.get(token, 0.0)) for token, weight in part.sparse.items()}
    tokens = [part.tokens for _, part in parts if part.tokens is not None]
    return _Encoded(
        (mean / np.linalg.norm(mean)).astype(np.float32), sparse, np.concatenate(tokens) if tokens else None
    )


def _unit(rows: Tensor) -> Vectors:
    unit: Vectors = F.normalize(rows.float(), dim=-1).cpu().numpy()
    return unit


def _refuse_pickles(folder: Path) -> None:
    for name, published in (
        ("model", "pytorch_model.bin"),
        ("sparse_linear", "sparse_linear.pt"),
        ("colbert_linear", "colbert_linear.pt"),
    ):
        if not (folder / f"{name}.safetensors").is_file():
            pickled = f", only the pickle {published}, which is not opened" if (folder / published).is_file() else ""
            raise ModelError(
                f"the text model in '{folder}' has no {name}.safetensors{pickled}. Fetch and convert it with "
                "'rag models pull', and name it in RAG_TEXT_MODEL as the hub does, like BAAI/bge-m3"
            )


def _load_tokenizer(folder: Path) -> tuple[Tokenizer, dict[str, int]]:
    """The tokenizer, and the ids of its special tokens."""
    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises nothing more precise
        raise ModelError(f"'{folder / 'tokenizer.json'}' cannot be read: {error}") from error
    special: dict[str, int] = {}
    for name in _SPECIAL:
        token_id = tokenizer.token_to_id(name)
        if token_id is None:
            raise ModelError(f"'{folder / 'tokenizer.json'}' is not XLM-RoBERTa's: it has no {name}")
        special[name] = token_id
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer, special


def _load_head(folder: Path, name: str, n_in: int, n_out: int, placement: Placement) -> Head:
    weights = load_file(folder / f"{name}.safetensors")
    shapes = {key: tuple(tensor.shape) for key, tensor in weights.items()}
    wanted = {"weight": (n_out, n_in), "bias": (n_out,)}
    if shapes != wanted:
        raise ValueError(f"{name}.safetensors holds {shapes}, not {wanted}")
    weight, bias = (weights[key].to(placement.device, placement.dtype) for key in ("weight", "bias"))
    return weight, bias
