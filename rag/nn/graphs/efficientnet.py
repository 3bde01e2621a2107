"""An EfficientNet-Lite as a graph: convolutions with their batch norms folded in, no squeezing, ReLU6.

Source: Tan and Le, EfficientNet (2019); the Lite variants of https://github.com/tensorflow/tpu. Parity with
torch is tested.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import Field

from rag.nn.graphs.builder import GraphBuilder
from rag.nn.graphs.session import open_session
from rag.nn.graphs.weight_file import WeightFile
from rag.nn.graphs.wire import FLOAT
from rag.nn.model_folder import ConfigFile, read_config

if TYPE_CHECKING:
    from rag.types import Vectors


class _Config(ConfigFile):
    """`config.json`; `strides` has one a block."""

    image_size: int = Field(gt=0, le=4096)
    strides: list[int] = Field(min_length=1, max_length=1000)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the network makes of some pictures.

    Attributes:
        features: (batch, n_features) float32, none below 0, before the classifier.
        logits: (batch, n_classes) float32.
    """

    features: Vectors
    logits: Vectors


class EfficientNet:
    """Pictures to features and classes, in float32. Thread-safe.

    Args:
        folder: holds `config.json` and `model.safetensors`, as `tools.photographs` writes them.
        n_threads: that one call may use; 0: as many as there are cores.

    Raises:
        ModelError: a value in `config.json` is out of bounds.
        OSError, SafetensorError: the weights cannot be read.
        ValueError: the weights are not those that `config.json` describes, or one of them is no number.
    """

    def __init__(self, folder: Path, n_threads: int = 0) -> None:
        config = read_config(folder / "config.json", _Config)
        self.image_px = config.image_size
        weights = WeightFile(folder / "model.safetensors")
        _check(weights, config)
        self.n_features = weights["classifier.weight"].shape[1]
        self._session = open_session(_graph(weights, config), n_threads, convolves=True)

    def __call__(self, pixels: Vectors) -> Seen:
        """Looks at `pixels`: (batch, 3, image_px, image_px) float32, normalised."""
        return Seen(*self._session.run(None, {"pixels": pixels}))


def _check(weights: WeightFile, config: _Config) -> None:
    missing = {"stem.weight", "head.weight", "classifier.weight", "classifier.bias"} - set(weights)
    blocks = {name.split(".")[1] for name in weights if name.startswith("blocks.")}
    if missing or blocks != {str(i) for i in range(len(config.strides))}:
        raise ValueError(f"config.json describes {len(config.strides)} blocks, and the weights have {len(blocks)}")
    bad = [name for name in weights if not np.isfinite(weights.read(name)).all()]
    if bad:
        raise ValueError(f"{bad[0]} holds what is no number")


def _graph(weights: WeightFile, config: _Config) -> GraphBuilder:
    g, side = GraphBuilder(weights), config.image_size
    hidden = _relu6(g, _conv(g, g.input("pixels", FLOAT, ["batch", 3, side, side]), "stem", 2, side))
    side = -(-side // 2)
    for i, stride in enumerate(config.strides):
        block, before = f"blocks.{i}", hidden
        if f"{block}.expand.weight" in weights:
            hidden = _relu6(g, _conv(g, hidden, f"{block}.expand"))
        depthwise = weights[f"{block}.depthwise.weight"].shape
        hidden = _relu6(g, _conv(g, hidden, f"{block}.depthwise", stride, side, groups=depthwise[0]))
        side = -(-side // stride)
        hidden = _conv(g, hidden, f"{block}.project")
        if stride == 1 and _width_in(weights, block) == weights[f"{block}.project.weight"].shape[0]:
            hidden = g.op("Add", hidden, before)
    pooled = g.op("GlobalAveragePool", _relu6(g, _conv(g, hidden, "head")))
    features = g.op("Flatten", pooled, axis=1)
    n_classes, n_features = weights["classifier.weight"].shape
    g.output("features", features, ["batch", n_features])
    g.output("logits", g.linear(features, "classifier"), ["batch", n_classes])
    return g


def _width_in(weights: WeightFile, block: str) -> int:
    expand = f"{block}.expand.weight"
    return weights[expand].shape[1] if expand in weights else weights[f"{block}.depthwise.weight"].shape[0]


def _conv(g: GraphBuilder, hidden: str, name: str, stride: int = 1, side: int = 0, *, groups: int = 1) -> str:
    """Padded as TensorFlow pads 'SAME': where it does not come out even, the right and the bottom get one more."""
    kernel = g.weights[f"{name}.weight"].shape[-1]
    total = max((-(-side // stride) - 1) * stride + kernel - side, 0) if kernel > 1 else 0
    pads = [total // 2] * 2 + [total - total // 2] * 2
    return g.op(
        "Conv", hidden, g.weight(f"{name}.weight"), g.weight(f"{name}.bias"),
        strides=[stride] * 2, kernel_shape=[kernel] * 2, pads=pads, group=groups,
    )  # fmt: skip


def _relu6(g: GraphBuilder, hidden: str) -> str:
    return g.op("Clip", hidden, g.number(0.0), g.number(6.0))
