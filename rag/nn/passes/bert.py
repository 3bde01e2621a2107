"""A BERT encoder's forward pass from a safetensors file, for inference only.

transformers has the same model, but importing it costs about three CPU seconds on top of torch, which a command that
embeds one question would pay each time. Parity with transformers' own `BertModel` is tested.

Source: Devlin et al., BERT (2018); weight names as in transformers' `BertModel`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor


class BertEncoder:
    """Hidden states of a BERT model, in float32.

    Args:
        folder: holds `config.json` and `model.safetensors`.
    """

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.n_layers: int = config["num_hidden_layers"]
        self.n_heads: int = config["num_attention_heads"]
        self.dim: int = config["hidden_size"]
        self.max_positions: int = config["max_position_embeddings"]
        self._eps: float = config["layer_norm_eps"]
        weights = load_file(folder / "model.safetensors")
        self._weights = {name.removeprefix("bert."): tensor.float() for name, tensor in weights.items()}

    @torch.inference_mode()
    def __call__(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Last hidden state.

        Args:
            ids: (batch, n_tokens) int64.
            mask: (batch, n_tokens) bool, False where padded.

        Returns:
            (batch, n_tokens, dim) float32; rows of padding are meaningless.
        """
        w = self._weights
        hidden = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        bias = torch.zeros(mask.shape).masked_fill(~mask, float("-inf"))[:, None, None, :]
        for i in range(self.n_layers):
            hidden = self._layer(hidden, bias, f"encoder.layer.{i}")
        return hidden

    def _layer(self, hidden: Tensor, bias: Tensor, name: str) -> Tensor:
        batch, n_tokens, dim = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.attention.self.{part}")
            .view(batch, n_tokens, self.n_heads, dim // self.n_heads)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
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
