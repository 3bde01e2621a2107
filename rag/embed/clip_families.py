"""What a family of CLIP-class models expects of its words, and transformers' tokenizers alone do not give it."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import torch

from rag.nn.model_folder import read_json

_COMPOSED = re.compile(r"MMRet|BGE-?VL", re.IGNORECASE)
_ENDLESS = 1_000_000
"""Stands for no limit at all; tokenizers' own number for that, 10 ** 30, is too large to hand back to them."""
_POSITIONS = ("position_embedding", "position_embeddings")


@dataclass(frozen=True, slots=True)
class Family:
    """How its texts looked in training.

    Attributes:
        filled: they were padded to full length, and the padding was not masked: the vector is read off the last
            position, whatever stands there.
        lower: they were put into lower case, which not every tokenizer of the family does.
        max_tokens: they were cut there, before the positions end; 0: at the last position.
    """

    filled: bool = False
    lower: bool = False
    max_tokens: int = 0


_SIGLIP = Family(filled=True, lower=True)
_FAMILIES = {
    "siglip": _SIGLIP,  # Zhai et al., SigLIP (2023); the fixed sizes of SigLIP 2 call themselves that too
    "siglip2": _SIGLIP,  # Tschannen et al., SigLIP 2 (2025), NaFlex
    "chinese_clip": Family(max_tokens=52),  # Yang et al., Chinese CLIP (2022): `context_length` of its own tokenizer
}


class Words:
    """Texts to the inputs of a model's text half; thread-safe.

    Args:
        model: of transformers.
        tokenizer: its.
    """

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._tokenizer, self._lock = tokenizer, Lock()  # how it cuts and pads is a state of the tokenizer
        self._family = _FAMILIES.get(model.config.model_type, Family())
        self.max_tokens = _limit(model, tokenizer, self._family)

    def __call__(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Each (n_texts, n_tokens) int64; what is over `max_tokens` is cut, special tokens stay."""
        if not self._family.filled:
            return dict(self._tokenized(texts, padding="longest"))
        return {"input_ids": self._tokenized(texts, padding="max_length", padding_side="right")["input_ids"]}

    def is_cut(self, text: str) -> bool:
        """Whether the text has more tokens than the model reads."""
        with self._lock:
            ids = self._tokenizer(self._cased(text), truncation=False, verbose=False)["input_ids"]
        return len(ids) > self.max_tokens

    def _tokenized(self, texts: Sequence[str], **padding: str) -> Any:
        cased = [self._cased(text) for text in texts]
        with self._lock:
            return self._tokenizer(cased, truncation=True, max_length=self.max_tokens, return_tensors="pt", **padding)

    def _cased(self, text: str) -> str:
        return text.lower() if self._family.lower else text


def is_composed(folder: Path, identity: str) -> bool:
    """Whether the model was trained on a picture and words as one query: BGE-VL, whose first name was MMRet.

    Its weights are those of a plain CLIP; the folder tells by the code that it names beside them, which is not needed
    (Zhou et al., MegaPairs, 2024), or by the module that sentence-transformers would load.
    """
    config, modules = read_json(folder / "config.json"), folder / "modules.json"
    said = [identity, str(config.get("_name_or_path")), json.dumps(config.get("auto_map"))]
    if modules.is_file():
        said.append(modules.read_text(encoding="utf-8", errors="replace"))
    return config.get("model_type") == "clip" and any(map(_COMPOSED.search, said))


def _limit(model: Any, tokenizer: Any, family: Family) -> int:
    """Tokens of a text, special ones included. Many tokenizers come without a limit of their own."""
    limits = [_ENDLESS, tokenizer.model_max_length, family.max_tokens or _ENDLESS]
    for name, module in model.text_model.named_modules():
        if isinstance(module, torch.nn.Embedding) and name.endswith(_POSITIONS):
            # RoBERTa and its kin count positions from behind the one of the padding token.
            unused = 0 if module.padding_idx is None else module.padding_idx + 1
            limits.append(module.num_embeddings - unused)
    return int(min(limits))
