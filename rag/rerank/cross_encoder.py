"""Rerankers that read question and passage together and give one number, such as bge-reranker-v2-m3.

Source: FlagEmbedding 1.4, `FlagReranker.compute_score(..., normalize=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import torch
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import folder_digest
from rag.rerank.base import PairReranker
from rag.rerank.packs import Outcome, Pace, score_in_packs, scores_by_length
from rag.trace import Trace

if TYPE_CHECKING:
    from torch import Tensor

    Pair: TypeAlias = Sequence[tuple[int, int]]
    """Token ids of question and passage, each with the number of its text."""

MAX_TOKENS = 1024
"""Of a question with a passage. FlagEmbedding reads 512 unless told otherwise, and warns of no cut."""
PACK_TOKENS = {"cpu": 4096, "cuda": 65_536, "mps": 8192}
_LONGEST_QUESTION = 0.75
"""Of `max_tokens`, as in FlagEmbedding: what is beyond is cut."""
_COUNTS_FROM_PADDING = ("roberta", "camembert", "mpnet")
"""Architectures whose first position has the number after that of padding, in words of their names."""


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Question and passage, each pair as one list of tokens."""

    pairs: list[Pair]
    n_cut: int


class CrossEncoderReranker(PairReranker[_Pairs]):
    """Sequence classification with one label; the score is the sigmoid of its logit. Thread-safe.

    Args:
        folder: as `save_pretrained` of model and tokenizer wrote it, weights as safetensors.
        identity: name and revision, where they are known.
        placement: where it runs.
        max_tokens: of a question with a passage, if the model has positions for so many; the passage is cut.

    Raises:
        ModelError: a file is missing or damaged, or the model has not exactly one label.
    """

    share = 0.8
    """As that of Qwen3-Reranker, for the same reasons."""

    def __init__(
        self, folder: Path, *, identity: str = "", placement: Placement = CPU, max_tokens: int = MAX_TOKENS
    ) -> None:
        with _loading(folder):
            self._model, tokenizer = _load(folder, placement)
            self._max_tokens = min(max_tokens, tokenizer.model_max_length, _positions(self._model.config))
            self._padding = tokenizer.pad_token_id
            self._tokenizer = _uncut(tokenizer)
            self._special = {*tokenizer.all_special_ids} - {tokenizer.unk_token_id}
            self._takes_types = "token_type_ids" in tokenizer.model_input_names
        self.name = identity or f"{type(self._model).__name__}@{folder_digest(folder)[:12]}"
        self._placement = placement

    def _read(self, query: str, passages: Sequence[str], trace: Trace) -> _Pairs:
        question = self._beginning(query)
        if question != query:
            n_read = f"{len(question)} of {len(query)} characters"
            trace.note("question_cut", f"the reranker read only the beginning of the question ({n_read})")
        return self._encode([(question, passage) for passage in passages])

    def _score(self, prompts: _Pairs, pace: Pace) -> Outcome:
        most_tokens = PACK_TOKENS[self._placement.device.type]
        return score_in_packs(prompts.pairs, self._scores, self._placement, pace, most_tokens=most_tokens)

    def _beginning(self, query: str) -> str:
        """Of a question, as much as it may take of the room."""
        offsets = self._tokenizer.encode(query, add_special_tokens=False).offsets
        most = int(self._max_tokens * _LONGEST_QUESTION)
        return query if len(offsets) <= most else query[: offsets[most - 1][1]]

    def _encode(self, texts: Sequence[tuple[str, str]]) -> _Pairs:
        """Special tokens that a text spells out are left out: they would say where the question ends."""
        pairs: list[Pair] = []
        n_cut = 0
        for encoding in self._tokenizer.encode_batch(list(texts)):
            tokens = [
                token
                for token in zip(encoding.ids, encoding.type_ids, encoding.sequence_ids, strict=True)
                if token[2] is None or token[0] not in self._special
            ]
            n_too_many = len(tokens) - self._max_tokens
            if n_too_many > 0:
                end = max(i for i, (_, _, text) in enumerate(tokens) if text == 1) + 1
                del tokens[end - n_too_many : end]
                n_cut += 1
            pairs.append([(token_id, token_type) for token_id, token_type, _ in tokens])
        return _Pairs(pairs, n_cut)

    def _scores(self, pairs: Sequence[Pair]) -> list[float]:
        return scores_by_length(pairs, lambda alike: self._logits(alike).float().sigmoid().tolist())

    @torch.inference_mode()
    def _logits(self, pairs: Sequence[Pair]) -> Tensor:
        """(n_pairs,)"""
        shape = len(pairs), max(map(len, pairs))
        ids, types, mask = torch.full(shape, self._padding), torch.zeros(shape, dtype=torch.long), torch.zeros(shape)
        for row, pair in enumerate(pairs):
            ids[row, : len(pair)], types[row, : len(pair)] = torch.tensor(pair).T
            mask[row, : len(pair)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask.long()} | (
            {"token_type_ids": types} if self._takes_types else {}
        )
        logits: Tensor = self._model(
            **{name: tensor.to(self._placement.device) for name, tensor in inputs.items()}
        ).logits
        return logits[:, 0]


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    """Whatever transformers stumbles over in a damaged folder becomes a ModelError."""
    try:
        yield
    except Exception as error:  # tokenizers raises nothing more precise, transformers a dozen kinds
        reason = f"{type(error).__name__}: {error}"
        raise ModelError(f"the reranker in '{folder}' cannot be loaded: {reason}") from error


def _load(folder: Path, placement: Placement) -> tuple[Any, Any]:
    """Model and tokenizer."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    options: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    tokenizer = AutoTokenizer.from_pretrained(folder, **options)
    if not tokenizer.num_special_tokens_to_add(pair=True):
        raise ValueError("its tokenizer does not mark where the question ends and the passage begins")
    model, info = AutoModelForSequenceClassification.from_pretrained(
        folder, use_safetensors=True, dtype=placement.dtype, output_loading_info=True, **options
    )
    if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers
        raise ValueError(f"{len(missing)} tensors are missing, first {missing[0]}")
    if model.config.num_labels != 1:
        raise ValueError(f"it has {model.config.num_labels} labels, and a reranker has one")
    return model.to(placement.device).eval(), tokenizer


def _uncut(tokenizer: Any) -> Tokenizer:
    """A copy that neither cuts nor pads."""
    copy = Tokenizer.from_str(tokenizer.backend_tokenizer.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def _positions(config: Any) -> int:
    """Tokens that the model has positions for."""
    positions = int(getattr(config, "max_position_embeddings", MAX_TOKENS))
    counts_from_padding = any(word in config.model_type for word in _COUNTS_FROM_PADDING)
    return positions - (config.pad_token_id + 1 if counts_from_padding else 0)
