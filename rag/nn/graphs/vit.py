"""CLIP's vision transformer as a graph.

Source: Dosovitskiy et al., ViT (2021); Radford et al., CLIP (2021); weight names as in transformers'
`CLIPVisionModelWithProjection`. Parity with it is tested.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import numpy as np
from pydantic import Field

from rag.nn.graphs.builder import FUSED, GraphBuilder
from rag.nn.graphs.session import open_session
from rag.nn.graphs.weight_file import WeightFile
from rag.nn.graphs.wire import FLOAT
from rag.nn.model_folder import ConfigFile, read_config

if TYPE_CHECKING:
    from rag.types import Vectors

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
    """Pictures to vectors, in float32. Thread-safe.

    Args:
        folder: holds `config.json` and `model.safetensors`, as `CLIPVisionModelWithProjection.save_pretrained` wrote
            them.
        n_threads: that one call may use; 0: as many as there are cores.

    Raises:
        ModelError: a value in `config.json` is out of bounds.
        OSError, SafetensorError: the weights cannot be read.
        ValueError: the weights are not those that `config.json` describes, or one of them is no number.
    """

    def __init__(self, folder: Path, n_threads: int = 0) -> None:
        config = read_config(folder / "config.json", _Config)
        self.image_px = config.image_size
        weights = WeightFile(folder / "model.safetensors", "vision_model.")
        _check(weights, config)
        self._session = open_session(_graph(weights, config), n_threads)

    def __call__(self, pixels: Vectors) -> Vectors:
        """Projected class tokens.

        Args:
            pixels: (batch, 3, height_px, width_px) float32, normalised, of the size that the model was trained with.

        Returns:
            (batch, projection_dim) float32, not normalised.
        """
        features: Vectors = self._session.run(None, {"pixels": pixels})[0]
        return features


def _graph(weights: WeightFile, config: _Config) -> GraphBuilder:
    g, size, eps = GraphBuilder(weights), config.hidden_size, config.layer_norm_eps
    side, patch_px = config.image_size, config.patch_size
    pixels = g.input("pixels", FLOAT, ["batch", 3, side, side])
    n_tokens, rows = (side // patch_px) ** 2 + 1, g.ints(-1, size)

    patches = g.op(
        "Conv", pixels, g.weight("embeddings.patch_embedding.weight"),
        strides=[patch_px] * 2, kernel_shape=[patch_px] * 2,
    )  # fmt: skip
    patches = g.op("Transpose", g.op("Reshape", patches, g.ints(0, size, -1)), perm=[0, 2, 1])
    one_a_picture = g.op("Concat", g.op("Shape", pixels, start=0, end=1), g.ints(1, size), axis=0)
    classes = g.op("Expand", g.weight("embeddings.class_embedding", (1, 1, size)), one_a_picture)
    tokens = g.op("Add", g.op("Concat", classes, patches, axis=1), g.weight("embeddings.position_embedding.weight"))
    hidden = g.norm(g.op("Reshape", tokens, rows), "pre_layrnorm", eps)

    by_picture = g.ints(-1, n_tokens, size)
    for i in range(config.num_hidden_layers):
        layer, asked = f"encoder.layers.{i}", by_picture
        normed = g.norm(hidden, f"{layer}.layer_norm1", eps)
        keys, values = (g.linear(normed, f"{layer}.self_attn.{part}_proj") for part in "kv")
        if i == config.num_hidden_layers - 1:  # of its tokens only the class's is used: the others need no question
            asked = g.ints(-1, 1, size)
            hidden, normed = (_first_token(g, part, by_picture, rows) for part in (hidden, normed))
        queries = g.op("Reshape", g.linear(normed, f"{layer}.self_attn.q_proj"), asked)
        keys, values = (g.op("Reshape", part, by_picture) for part in (keys, values))
        mixed = g.op("Reshape", g.attention(queries, keys, values, config.num_attention_heads), rows)
        hidden = g.op("Add", hidden, g.linear(mixed, f"{layer}.self_attn.out_proj"))
        wide = g.linear(g.norm(hidden, f"{layer}.layer_norm2", eps), f"{layer}.mlp.fc1")
        hidden = g.op("Add", hidden, g.linear(_activation(g, wide, config.hidden_act), f"{layer}.mlp.fc2"))
    projected = g.op("Gemm", g.norm(hidden, "post_layernorm", eps), g.weight("visual_projection.weight"), transB=1)
    g.output("features", projected, ["batch", config.projection_dim])
    return g


def _first_token(g: GraphBuilder, rows: str, by_picture: str, flat: str) -> str:
    """(batch, size) of (batch * n_tokens, size)."""
    firsts = g.op("Slice", g.op("Reshape", rows, by_picture), g.ints(0), g.ints(1), g.ints(1))
    return g.op("Reshape", firsts, flat)


def _activation(g: GraphBuilder, rows: str, name: str) -> str:
    if name == "quick_gelu":
        return g.op("QuickGelu", rows, domain=FUSED, alpha=1.702)
    return g.op("Gelu", rows, domain=FUSED)


def _check(weights: WeightFile, config: _Config) -> None:
    if config.hidden_size % config.num_attention_heads:
        raise ValueError(f"{config.num_attention_heads} heads cannot share a hidden_size of {config.hidden_size}")
    found, wanted = {name: weights[name].shape for name in weights}, _shapes(config)
    found.pop("embeddings.position_ids", None)  # 0, 1, 2, ...: older versions of transformers saved them
    differing = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
    if differing:
        has, wants = (shapes.get(differing[0], "no such tensor") for shapes in (found, wanted))
        raise ValueError(
            f"tensors that are not as config.json describes them: {len(differing)}, first {differing[0]}: "
            f"{wants} by config.json, {has} in the weights"
        )
    for name in wanted:
        if not np.isfinite(weights.read(name)).all():
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
