"""The forward pass of CLIP's vision transformer from a safetensors file, for inference only.

For the reason of `rag.nn.bert`: transformers has the same model, but importing it costs two CPU seconds on top of
torch, which a question with a picture would pay each time. Parity with `CLIPVisionModelWithProjection` is tested.

Source: Dosovitskiy et al., ViT (2021); Radford et al., CLIP (2021); weight names as in transformers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import torch
from pydantic import Field
from safetensors.torch import load_file
from torch.nn import functional as F

from rag.nn.model_folder import ConfigFile, read_config

if TYPE_CHECKING:
    from torch import Tensor

MODEL_TYPE = "clip_vision_model"
_Size = Annotated[int, Field(gt=0, le=65_536)]
_Shape: TypeAlias = tuple[int, ...]


class _Config(ConfigFile):
    """`config.json`."""

    image_size: _Size
    patch_size: _Size
    num_channels: Literal[3] = 3
    hidden_size: _Size
    intermediate_size: _Size
    num_hidden_layers: int = Field(gt=0, le=1000)
    num_attention_heads: _Size
    projection_dim: _Size
    hidden_act: Literal["quick_gelu", "gelu"] = "quick_gelu"
    layer_norm_eps: float = Field(1e-5, gt=0, lt=1)


class VisionTransformer:
    """Pictures to vectors, in float32; thread-safe (inference only reads).

    Args:
        folder: holds `config.json` and `model.safetensors`, as `CLIPVisionModelWithProjection.save_pretrained` wrote
            them.

    Raises:
        ModelError: a value in `config.json` is out of bounds.
        OSError, SafetensorError: the weights cannot be read.
        ValueError: the weights are not those that `config.json` describes, or one of them is no number.
    """

    def __init__(self, folder: Path) -> None:
        config = read_config(folder / "config.json", _Config)
        self.n_layers, self.n_heads = config.num_hidden_layers, config.num_attention_heads
        self.image_px, self.patch_px = config.image_size, config.patch_size
        self._eps, self._activation = config.layer_norm_eps, _ACTIVATIONS[config.hidden_act]
        weights = load_file(folder / "model.safetensors")
        self._weights = {name.removeprefix("vision_model."): tensor.float() for name, tensor in weights.items()}
        self._weights.pop("embeddings.position_ids", None)  # 0, 1, 2, ...: older versions of transformers saved them
        _check(self._weights, config)
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


def _check(weights: Mapping[str, Tensor], config: _Config) -> None:
    if config.hidden_size % config.num_attention_heads:
        raise ValueError(f"{config.num_attention_heads} heads cannot share a hidden_size of {config.hidden_size}")
    found, wanted = {name: tuple(tensor.shape) for name, tensor in weights.items()}, _shapes(config)
    differing = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if differing:
        has, wants = (shapes.get(differing[0], "no such tensor") for shapes in (found, wanted))
        raise ValueError(
            f"tensors that are not as config.json describes them: {len(differing)}, first {differing[0]}: "
            f"{wants} by config.json, {has} in the weights"
        )
    for name, tensor in weights.items():
        if not tensor.isfinite().all():
            raise ValueError(f"{name} has values that are NaN or infinite")


def _shapes(config: _Config) -> dict[str, _Shape]:
    """Of all tensors, by name."""
    size, wide, patch_px = config.hidden_size, config.intermediate_size, config.patch_size
    linear = {f"self_attn.{part}_proj": (size, size) for part in ("q", "k", "v", "out")}
    linear |= {"mlp.fc1": (wide, size), "mlp.fc2": (size, wide)}
    shapes: dict[str, _Shape] = {
        "embeddings.class_embedding": (size,),
        "embeddings.patch_embedding.weight": (size, 3, patch_px, patch_px),
        "embeddings.position_embedding.weight": ((config.image_size // patch_px) ** 2 + 1, size),
        "visual_projection.weight": (config.projection_dim, size),
    }
    norms = ["pre_layrnorm", "post_layernorm"]
    for layer in (f"encoder.layers.{i}" for i in range(config.num_hidden_layers)):
        norms += [f"{layer}.layer_norm1", f"{layer}.layer_norm2"]
        for name, shape in linear.items():
            shapes |= {f"{layer}.{name}.weight": shape, f"{layer}.{name}.bias": shape[:1]}
    return shapes | {f"{norm}.{part}": (size,) for norm in norms for part in ("weight", "bias")}


def _quick_gelu(x: Tensor) -> Tensor:
    return x * torch.sigmoid(1.702 * x)


_ACTIVATIONS: Mapping[str, Callable[[Tensor], Tensor]] = {"quick_gelu": _quick_gelu, "gelu": F.gelu}
