"""The forward pass of CLIP's vision transformer from a safetensors file, for inference only.

For the reason of `rag.embed.bert`: transformers has the same model, but importing it costs two CPU seconds on top of
torch, which a question with a picture would pay each time. Parity with `CLIPVisionModelWithProjection` is tested.

Source: Dosovitskiy et al., ViT (2021); Radford et al., CLIP (2021); weight names as in transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import load_file
from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor

MODEL_TYPE = "clip_vision_model"


class VisionTransformer:
    """Pictures to vectors, in float32; thread-safe (inference only reads).

    Args:
        folder: holds `model.safetensors`, as `CLIPVisionModelWithProjection.save_pretrained` wrote it.
        config: its `config.json`.

    Raises:
        KeyError: a tensor is missing, or the activation is one that CLIP does not have.
    """

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        self.n_layers: int = config["num_hidden_layers"]
        self.n_heads: int = config["num_attention_heads"]
        self.patch_px: int = config["patch_size"]
        self._eps: float = config.get("layer_norm_eps", 1e-5)
        self._activation = _ACTIVATIONS[config.get("hidden_act", "quick_gelu")]
        weights = load_file(folder / "model.safetensors")
        self._weights = {name.removeprefix("vision_model."): tensor.float() for name, tensor in weights.items()}
        self._classes = self._weights["embeddings.class_embedding"].view(1, 1, -1)

    @torch.inference_mode()
    def __call__(self, pixels: Tensor) -> Tensor:
        """Projected class tokens.

        Args:
            pixels: (batch, 3, height_px, width_px) float32, normalised, of the size that the model was trained with.

        Returns:
            (batch, projection_dim) float32, not normalised.
        """
        w = self._weights
        patches = F.conv2d(pixels, w["embeddings.patch_embedding.weight"], stride=self.patch_px)
        tokens = torch.cat([self._classes.expand(len(pixels), -1, -1), patches.flatten(2).transpose(1, 2)], dim=1)
        hidden = self._norm(tokens + w["embeddings.position_embedding.weight"], "pre_layrnorm")
        for i in range(self.n_layers):
            hidden = self._layer(hidden, f"encoder.layers.{i}")
        return F.linear(self._norm(hidden[:, 0], "post_layernorm"), w["visual_projection.weight"])

    def _layer(self, hidden: Tensor, name: str) -> Tensor:
        batch, n_tokens, size = hidden.shape
        normed = self._norm(hidden, f"{name}.layer_norm1")
        query, key, value = (
            self._linear(normed, f"{name}.self_attn.{part}_proj")
            .view(batch, n_tokens, self.n_heads, size // self.n_heads)
            .transpose(1, 2)
            for part in "qkv"
        )
        mixed = F.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(batch, n_tokens, size)
        hidden = hidden + self._linear(mixed, f"{name}.self_attn.out_proj")
        wide = self._linear(self._norm(hidden, f"{name}.layer_norm2"), f"{name}.mlp.fc1")
        return hidden + self._linear(self._activation(wide), f"{name}.mlp.fc2")

    def _linear(self, hidden: Tensor, name: str) -> Tensor:
        return F.linear(hidden, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, hidden: Tensor, name: str) -> Tensor:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return F.layer_norm(hidden, weight.shape, weight, bias, self._eps)


def _quick_gelu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.702 * x)


_ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {"quick_gelu": _quick_gelu, "gelu": F.gelu}
