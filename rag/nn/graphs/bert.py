"""A BERT encoder as a graph.

Source: Devlin et al., BERT (2018); weight names as in transformers' `BertModel`. Parity with it is tested.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rag.nn.graphs.builder import FUSED, GraphBuilder
from rag.nn.graphs.session import open_session
from rag.nn.graphs.weight_file import WeightFile
from rag.nn.graphs.wire import INT32, INT64

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.types import Vectors


class BertEncoder:
    """Hidden states of a BERT model, in float32. Thread-safe.

    Args:
        folder: holds `config.json` and `model.safetensors`.
        n_threads: that one call may use; 0: as many as there are cores.
    """

    def __init__(self, folder: Path, n_threads: int = 0) -> None:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.dim: int = config["hidden_size"]
        self.max_positions: int = config["max_position_embeddings"]
        self._session = open_session(_graph(WeightFile(folder / "model.safetensors", "bert."), config), n_threads)

    def __call__(self, ids: NDArray[np.int64], lengths: NDArray[np.int32]) -> Vectors:
        """Last hidden state.

        Args:
            ids: (batch, n_tokens), padded on the right.
            lengths: (batch,) tokens of each row that are no padding, at least one.

        Returns:
            (batch, n_tokens, dim) float32; rows of padding are meaningless.
        """
        hidden: Vectors = self._session.run(None, {"ids": ids, "lengths": lengths})[0]
        return hidden


def _graph(weights: WeightFile, config: dict[str, Any]) -> GraphBuilder:
    g, dim = GraphBuilder(weights), int(config["hidden_size"])
    eps, n_heads = float(config["layer_norm_eps"]), int(config["num_attention_heads"])
    rows = g.ints(-1, dim)
    ids, lengths = g.input("ids", INT64, ["batch", "n_tokens"]), g.input("lengths", INT32, ["batch"])

    positions = g.weight("embeddings.position_embeddings.weight")
    used = g.op("Slice", positions, g.ints(0), g.op("Shape", ids, start=1), g.ints(0))
    kind = g.op("Gather", g.weight("embeddings.token_type_embeddings.weight"), g.ints(0))
    words = g.op("Gather", g.weight("embeddings.word_embeddings.weight"), ids)
    embedded = g.norm(g.op("Add", words, g.op("Add", used, kind)), "embeddings.LayerNorm", eps)

    shape, hidden = g.op("Shape", embedded), g.op("Reshape", embedded, rows)
    for layer in (f"encoder.layer.{i}" for i in range(config["num_hidden_layers"])):
        query, key, value = (
            g.op("Reshape", g.linear(hidden, f"{layer}.attention.self.{part}"), shape)
            for part in ("query", "key", "value")
        )
        mixed = g.attention(query, key, value, n_heads, lengths=lengths)
        mixed = g.linear(g.op("Reshape", mixed, rows), f"{layer}.attention.output.dense")
        hidden = g.norm(g.op("Add", hidden, mixed), f"{layer}.attention.output.LayerNorm", eps)
        wide = g.op("Gelu", g.linear(hidden, f"{layer}.intermediate.dense"), domain=FUSED)
        hidden = g.norm(g.op("Add", hidden, g.linear(wide, f"{layer}.output.dense")), f"{layer}.output.LayerNorm", eps)
    g.output("hidden", g.op("Reshape", hidden, shape), ["batch", "n_tokens", dim])
    return g
