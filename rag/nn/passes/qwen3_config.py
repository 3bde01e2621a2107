"""`config.json` of a Qwen3 model, and the tensors that follow from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import torch
from pydantic import Field, model_validator

from rag.nn.model_folder import ConfigFile, read_config

if TYPE_CHECKING:
    from torch import Tensor

EMBEDDINGS, NORM, HEAD = "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight"
_Size = Annotated[int, Field(gt=0, le=2**24)]


class _Rope(ConfigFile):
    """Scaled variants (YaRN) are for prompts longer than any here."""

    rope_type: Literal["default"] = "default"
    rope_theta: float = Field(gt=1)


class Qwen3Config(ConfigFile):
    """What the forward pass depends on; any other value than those allowed would need another pass."""

    model_type: Literal["qwen3"]
    hidden_act: Literal["silu"] = "silu"
    attention_bias: Literal[False] = False
    use_sliding_window: Literal[False] = False
    rope_scaling: None = None
    rope_parameters: _Rope
    vocab_size: _Size
    hidden_size: _Size
    intermediate_size: _Size
    num_hidden_layers: int = Field(gt=0, le=1000)
    num_attention_heads: _Size
    num_key_value_heads: _Size
    head_dim: int = Field(128, gt=0, le=65_536, multiple_of=2)
    max_position_embeddings: _Size
    rms_norm_eps: float = Field(1e-6, gt=0, lt=1)
    tie_word_embeddings: bool = False

    @model_validator(mode="before")
    @classmethod
    def _older_rope(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Before transformers 5 the base was a value of its own, as it is in the published models."""
        if "rope_parameters" in values or "rope_theta" not in values:
            return values
        return {**values, "rope_parameters": {"rope_theta": values["rope_theta"]}}

    @model_validator(mode="after")
    def _heads_share(self) -> Qwen3Config:
        if self.num_attention_heads % self.num_key_value_heads:
            raise ValueError(f"{self.num_key_value_heads} keys cannot be shared by {self.num_attention_heads} heads")
        return self

    @classmethod
    def read(cls, folder: Path) -> Qwen3Config:
        """Raises ModelError where a value is missing or not supported."""
        return read_config(folder / "config.json", cls)

    def frequencies(self) -> Tensor:
        """(head_dim / 2,) float32, radians a position of the rotary embedding."""
        exponents = torch.arange(0, self.head_dim, 2, dtype=torch.float32) / self.head_dim
        return 1.0 / self.rope_parameters.rope_theta**exponents

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Of all tensors that are needed, by name."""
        size, wide, dim = self.hidden_size, self.intermediate_size, self.head_dim
        heads, shared = self.num_attention_heads * dim, self.num_key_value_heads * dim
        layer = {
            "input_layernorm": (size,),
            "self_attn.q_proj": (heads, size),
            "self_attn.k_proj": (shared, size),
            "self_attn.v_proj": (shared, size),
            "self_attn.q_norm": (dim,),
            "self_attn.k_norm": (dim,),
            "self_attn.o_proj": (size, heads),
            "post_attention_layernorm": (size,),
            "mlp.gate_proj": (wide, size),
            "mlp.up_proj": (wide, size),
            "mlp.down_proj": (size, wide),
        }
        shapes: dict[str, tuple[int, ...]] = {EMBEDDINGS: (self.vocab_size, size), NORM: (size,)}
        if not self.tie_word_embeddings:
            shapes[HEAD] = (self.vocab_size, size)
        for i in range(self.num_hidden_layers):
            shapes |= {f"model.layers.{i}.{name}.weight": shape for name, shape in layer.items()}
        return shapes
