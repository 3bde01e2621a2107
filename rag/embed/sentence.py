"""Any text embedder of sentence-transformers, from a local folder of safetensors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, TypeAdapter, ValidationError
from tokenizers import Tokenizer

from rag.errors import ModelError
from rag.installation import extra_command
from rag.nn.batching import run_by_length
from rag.nn.device import CPU, Placement
from rag.nn.model_folder import folder_digest, read_json
from rag.nn.text_parts import fitting_parts
from rag.ports import TextAbilities
from rag.text.tokens import estimate_tokens

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from rag.types import Vector, Vectors

MAX_TOKENS = 8192
"""Of a model without a limit, such as one that averages the vectors of words."""
_UNLIMITED = 10**6
"""Tokenizers that know no limit give a number beyond this."""
_DOCUMENT_PROMPTS = ("document", "passage", "corpus")


class SentenceEmbedder:
    """Text embedder; thread-safe (one batch at a time).

    The prompts in the model's `config_sentence_transformers.json` stand before questions and documents. A text longer
    than `max_tokens` is read in parts and none of it is lost: its vector is the mean of theirs.

    Args:
        folder: as `save_pretrained` wrote it.
        identity: name and revision, where they are known.
        placement: where it runs.

    Raises:
        ModelError: sentence-transformers is not installed; the folder holds no text embedder, a damaged one, a pickle,
            or one that needs code of its own.
    """

    min_cosine = None
    """Nobody measured it."""

    def __init__(self, folder: Path, *, identity: str = "", placement: Placement = CPU) -> None:
        paths = _checked(folder)
        with _loading(folder):
            self._model = _load(folder, placement)
            self._tokenizer = _own_tokenizer(self._model)
            self._limit = _limit(self._model)
        self._n_special = self._tokenizer.num_special_tokens_to_add(False) if self._tokenizer else 0
        prompts = {name: prompt for name, prompt in self._model.prompts.items() if prompt}
        self._query_prompt = prompts.get("query", "")
        self._text_prompt = next((prompts[name] for name in _DOCUMENT_PROMPTS if name in prompts), "")
        self._placement = placement
        self._lock = Lock()
        with _loading(folder):
            self.dim = len(self.embed_query("a"))
        self.fingerprint = identity or f"SentenceTransformer@{_digest(paths)[:12]}"

    @property
    def max_tokens(self) -> int:
        """What a document may have beside the prompt."""
        return self._limit - self.count_tokens(self._text_prompt)

    def count_tokens(self, text: str) -> int:
        """Estimated where the model's tokenizer is of no usual kind."""
        if self._tokenizer is None:
            return estimate_tokens(text)
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dim) float32, rows L2-normalised."""
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return self._vectors(texts, self._model.encode_document, self._text_prompt)

    @property
    def abilities(self) -> TextAbilities:
        return TextAbilities()

    def embed_query(self, text: str) -> Vector:
        vector: Vector = self._vectors([text], self._model.encode_query, self._query_prompt)[0]
        return vector

    def _vectors(self, texts: Sequence[str], encode: Any, prompt: str) -> Vectors:
        count = cache(self.count_tokens)
        room = self._limit - self._n_special - count(prompt)
        parts = [fitting_parts(text, lambda part: count(part) <= room) for text in texts]

        def run(batch: Sequence[str]) -> list[Vector]:
            return list(encode(list(batch), prompt=prompt, batch_size=len(batch), show_progress_bar=False))

        with self._lock:
            made = iter(run_by_length([part for of_text in parts for part in of_text], count, run, self._placement))
        return np.stack([_mean([(len(part), _unit(next(made))) for part in of_text]) for of_text in parts])


def _mean(parts: Sequence[tuple[int, Vector]]) -> Vector:
    """Of the parts of a text, by their numbers of characters; L2-normalised."""
    if len(parts) == 1:
        return parts[0][1]
    total: Vector = np.sum([n_chars * vector for n_chars, vector in parts], axis=0)
    return _unit(total)


def _unit(vector: Vector) -> Vector:
    if not np.isfinite(vector).all():
        raise ModelError("the text model makes vectors with NaN in them; RAG_DTYPE=float32 may mend it")
    exact = vector.astype(np.float32)
    unit: Vector = exact / max(float(np.linalg.norm(exact)), 1e-12)
    return unit


class _Module(BaseModel):
    """An entry of `modules.json`."""

    type: str
    path: str = ""


def _checked(folder: Path) -> list[Path]:
    """Where the model's files are, the folder itself first. What would run code or open a pickle is refused."""
    kind = read_json(folder / "config_sentence_transformers.json").get("model_type", "SentenceTransformer")
    if kind != "SentenceTransformer" or not (folder / "modules.json").is_file():
        found = f"but a {kind}" if kind != "SentenceTransformer" else "(it has no modules.json)"
        raise ModelError(
            f"'{folder}' holds no text embedder of sentence-transformers {found}; RAG_TEXT_MODEL names one"
        )
    modules = _modules(folder)
    for module in modules:
        if not module.type.startswith("sentence_transformers."):
            raise _needs_code(folder, f"modules.json names {module.type}")
    paths = [folder, *(folder / module.path for module in modules if module.path)]
    for path in paths:
        if (path / "pytorch_model.bin").is_file() and not list(path.glob("*.safetensors")):
            raise ModelError(
                f"'{path / 'pytorch_model.bin'}' is a pickle, and opening one can run code. 'rag models pull' fetches "
                "models as safetensors or converts them"
            )
    return paths


def _modules(folder: Path) -> list[_Module]:
    try:
        return TypeAdapter(list[_Module]).validate_json((folder / "modules.json").read_bytes())
    except (OSError, ValidationError) as error:
        raise ModelError(f"'{folder / 'modules.json'}' cannot be used: {error}") from error


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256("".join(map(folder_digest, paths)).encode()).hexdigest()


def _load(folder: Path, placement: Placement) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError as error:
        if error.name != "sentence_transformers":
            raise
        raise ModelError(
            f"the text model in '{folder}' needs the package sentence-transformers. Type "
            f"{extra_command('full')}, or set RAG_TEXT_MODEL=minilm"
        ) from error
    from transformers.utils import logging

    logging.disable_progress_bar()
    return SentenceTransformer(
        str(folder),
        device=str(placement.device),
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"dtype": placement.dtype, "use_safetensors": True},
    )


@contextmanager
def _loading(folder: Path) -> Iterator[None]:
    """Whatever sentence-transformers stumbles over becomes a ModelError."""
    try:
        yield
    except ModelError:
        raise
    except Exception as error:  # it raises a dozen kinds
        if "trust_remote_code" in str(error):
            raise _needs_code(folder, "its configuration names some") from error
        raise ModelError(f"the text model in '{folder}' cannot be loaded: {type(error).__name__}: {error}") from error


def _needs_code(folder: Path, why: str) -> ModelError:
    return ModelError(
        f"the text model in '{folder}' needs code of its own ({why}), and code from a hub is never run. Choose a model "
        "that sentence-transformers knows, such as BAAI/bge-m3"
    )


def _own_tokenizer(model: SentenceTransformer) -> Tokenizer | None:
    """A copy that cuts nothing: the model's own is set to cut at its limit."""
    tokenizer = getattr(model.tokenizer, "backend_tokenizer", model.tokenizer)
    if not isinstance(tokenizer, Tokenizer):
        return None
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.no_padding()
    copy.no_truncation()
    return copy


def _limit(model: SentenceTransformer) -> int:
    """Tokens of a text, special ones included."""
    config = getattr(model.transformers_model, "config", None)
    limits = (model.max_seq_length, getattr(config, "max_position_embeddings", None))
    known = [int(limit) for limit in limits if limit is not None and 0 < limit < _UNLIMITED]
    return min(known, default=MAX_TOKENS)
