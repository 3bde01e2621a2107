"""A graph in the making: its operators are called like functions and give the names of what they compute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.nn.graphs import wire
from rag.nn.graphs.wire import Attribute, Dims

if TYPE_CHECKING:
    from rag.nn.graphs.weight_file import WeightFile
    from rag.types import Vectors

FUSED = "com.microsoft"
"""ONNX Runtime's own operators, each several of ONNX's in one: docs/ContribOperators.md of its repository."""
_OPSETS = {"": 17, FUSED: 1}
_IR_VERSION = 8
"""The one of opset 17; whoever reads a newer one reads this."""


class GraphBuilder:
    """Collects operators and names the weights that they use.

    Weights in float32 stay in their file, which ONNX Runtime maps into memory: processes share those pages, and what
    is not used is not read. Others are converted and handed over.

    Args:
        weights: of the model.
    """

    def __init__(self, weights: WeightFile) -> None:
        self.weights = weights
        self.converted: dict[str, Vectors] = {}
        self._tensors: dict[str, bytes] = {}
        self._nodes: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, kind: int, dims: Dims) -> str:
        self._inputs.append(wire.value(name, kind, dims))
        return name

    def output(self, name: str, value: str, dims: Dims) -> None:
        """Gives a float32 value of the graph back, under this name."""
        self._nodes.append(wire.node("Identity", [value], [name], {}))
        self._outputs.append(wire.value(name, wire.FLOAT, dims))

    def weight(self, name: str, shape: tuple[int, ...] | None = None) -> str:
        """A tensor of the file by its name; `shape` is another one for the same values."""
        if name not in self._tensors:
            stored, file = self.weights[name], self.weights.path.name
            if stored.dtype != "F32":
                self.converted[name] = self.weights.read(name).reshape(shape or stored.shape)
            self._tensors[name] = wire.external_tensor(name, shape or stored.shape, file, stored.offset, stored.n_bytes)
        return name

    def ints(self, *values: int) -> str:
        """An int64 vector: a shape, say."""
        name = f"ints {values}"
        self._tensors[name] = wire.int64_tensor(name, values)
        return name

    def number(self, value: float) -> str:
        """One float32: the bound of a `Clip`, say."""
        name = f"number {value}"
        self._tensors[name] = wire.float_scalar(name, value)
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", **attributes: Attribute) -> str:
        """Adds an operator and names its output."""
        name = f"{kind} {len(self._nodes)}"
        self._nodes.append(wire.node(kind, inputs, [name], attributes, domain))
        return name

    def linear(self, rows: str, name: str) -> str:
        """(n, in) times the transpose of `name.weight` (out, in), plus `name.bias`: (n, out)."""
        return self.op("Gemm", rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), transB=1)

    def attention(self, query: str, key: str, value: str, n_heads: int, *, lengths: str = "") -> str:
        """Scaled dot products of each head, softmax, mixed values; all (batch, n_tokens, dim).

        Args:
            query: projected already.
            key: likewise.
            value: likewise.
            n_heads: side by side in `dim`.
            lengths: (batch,) int32, tokens of each row that are no padding; empty: all of them.
        """
        mask = ["", lengths] if lengths else []
        return self.op(
            "MultiHeadAttention", query, key, value, *mask,
            domain=FUSED, num_heads=n_heads, mask_filter_value=_MASKED,
        )  # fmt: skip

    def norm(self, rows: str, name: str, eps: float) -> str:
        """Layer norm of the last dimension."""
        return self.op(
            "LayerNormalization", rows, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"), epsilon=eps
        )

    def model(self, name: str) -> bytes:
        """The graph as ONNX, without the values of its weights."""
        graph = wire.graph(
            name, nodes=self._nodes, tensors=self._tensors.values(), inputs=self._inputs, outputs=self._outputs
        )
        return wire.model(graph, _OPSETS, ir_version=_IR_VERSION)


_MASKED = -1e9
"""Added to the scores of padding: e to the power of it is 0."""
