"""XLM-RoBERTa's forward pass from a safetensors file, for inference only: BERT's, but for where positions begin.

transformers has the same model; what this one saves is in docs/decisions/014-bge-m3.md. Parity is tested.

Source: Devlin et al., BERT (2018); Conneau et al., XLM-R (2020); weight names as in transformers' `XLMRobertaModel`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import torch
from pydantic import Field
from safetensors.torch import load_file
from torch.nn import functional as F

from rag.nn.device import Placement
from rag.nn.model_folder import ConfigFile, read_config

if TYPE_CHECKING:
    from torch import Tensor

MODEL_TYPE = "xlm-roberta"
_Size = Annotated[int, Field(gt=0, le=2**24)]


class _Config(ConfigFile):
    """`config.json`."""

    model_type: Literal["xlm-roberta"]
    hidden_act: Literal["gelu"] = "gelu"
    position_embedding_type: Literal["absolute"] = "absolute"
    vocab_size: _Size
    hidden_size: _Size
    intermediate_size: _Size
    num_hidden_layers: int = Field(gt=0, le=1000)
    num_attention_heads: _Size
    max_position_embeddings: _Size
    layer_norm_eps: float = Field(1e-5, gt=0, lt=1)
    pad_token_id: int = Field(1, ge=0)


class XlmRoberta:
    """Hidden states of an XLM-RoBERTa model.

    Args:
        folder: holds `config.json` and `model.safetensors`, as `save_pretrained` wrote them.
        placement: where it runs.

    Raises:
        ModelError: a value in `config.json` is out of bounds, or it describes another kind of model.
        OSError, SafetensorError: the weights cannot be read.
        ValueError: the weights are not those that `config.json` describes.
    """

    def __init__(self, folder: Path, placement: Placement) -> None:
        config = read_config(folder / "config.json", _Config)
        weights = {name.removeprefix("roberta."): w for name, w in load_file(folder / "model.safetensors").items()}
        _check(weights, config)
        self.dim = config.hidden_size
        self._n_layers, self._n_heads = config.num_hidden_layers, config.num_attention_heads
        self._eps = config.layer_norm_eps
        self._weights = {name: tensor.to(placement.device, placement.dtype) for name, tensor in weights.items()}
        self._first = config.pad_token_id + 1
        """Row of the first token's position: RoBERTa keeps those before it for padding."""
        self.max_positions = config.max_position_embeddings - self._first

    @torch.inference_mode()
    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden state.

        Args:
            ids: (batch, n_tokens) int64, padded on the right.
            mask: (batch, n_tokens) bool, False where padded.

        Returns:
            (batch, n_tokens, dim) in the number format of the place; rows of padding are meaningless.
        """
        w = self._weights
        hidden = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][self._first : self._first + ids.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        for i in range(self._n_layers):
            hidden = self._layer(hidden, mask[:, None, None, :], f"encoder.layer.{i}")
        return hidden

    def _layer(self, hidden: Tensor, mask: Tensor, name: str) -> Tensor:
        batch, n_tokens, dim = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.attention.self.{part}")
            .view(batch, n_tokens, self._n_heads, dim // self._n_heads)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = mixed.transpose(1, 2).reshape(batch, n_tokens, dim)
        hidden = self._norm(
            hidden + self._linear(mixed, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
        )
        wide = F.gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._norm(hidden + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, hidden: Tensor, name: str) -> Tensor:
        return F.linear(hidden, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, hidden: Tensor, name: str) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return F.layer_norm(hidden, (self.dim,), weight, bias, self._eps)


def _check(weights: Mapping[str, Tensor], config: _Config) -> None:
    """A missing layer would otherwise be a KeyError at the first text, a surplus one wrong vectors in silence."""
    if config.hidden_size % config.num_attention_heads:
        raise ValueError(f"{config.num_attention_heads} heads cannot share a hidden_size of {config.hidden_size}")
    wanted = _shapes(config)
    found = {
        name: tuple(tensor.shape)
        for name, tensor in weights.items()
        if name in wanted or name.startswith("encoder.layer.")  # beside them: the pooler, which nobody asks
    }
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            have, want = (shapes.get(name, "no such tensor") for shapes in (found, wanted))
            raise ValueError(f"{name} is not as config.json describes it: {want} by config.json, {have} in the weights")


def _shapes(config: _Config) -> dict[str, tuple[int, ...]]:
    """Of all tensors that the pass needs, by name."""
    size, wide = config.hidden_size, config.intermediate_size
    linear = {f"attention.self.{part}": (size, size) for part in ("query", "key", "value")}
    linear |= {"attention.output.dense": (size, size), "intermediate.dense": (wide, size), "output.dense": (size, wide)}
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (config.vocab_size, size),
        "embeddings.position_embeddings.weight": (config.max_position_embeddings, size),
        "embeddings.token_type_embeddings.weight": (1, size),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{i}" for i in range(config.num_hidden_layers)):
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
        for name, shape in linear.items():
            shapes |= {f"{layer}.{name}.weight": shape, f"{layer}.{name}.bias": shape[:1]}
    return shapes | {f"{norm}.{part}": (size,) for norm in norms for part in ("weight", "bias")}
