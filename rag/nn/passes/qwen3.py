"""Qwen3's forward pass for many prompts that begin alike, from safetensors, for inference only.

What they begin with is read once. What follows is packed without padding: all matrix products run over the tokens of
all prompts, attention within each prompt. Only what the answer needs of the last layer and of the head is computed.
See docs/decisions/015-qwen3-reranker.md.

Source: Qwen3 technical report (2025); weight names as in transformers' `Qwen3ForCausalLM`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import torch
from torch.nn import functional as F

from rag.nn.device import Placement
from rag.nn.passes.onednn import Linear
from rag.nn.passes.qwen3_config import EMBEDDINGS, HEAD, NORM, Qwen3Config
from rag.nn.passes.tensors import Weights

if TYPE_CHECKING:
    from torch import Tensor

KeysAndValues: TypeAlias = "tuple[Tensor, Tensor]"
"""(n_tokens, n_kv_heads, head_dim) each."""
Past: TypeAlias = list[KeysAndValues]
"""Of tokens that were read already, by layer."""
QUERY_ROWS = 512
"""Tokens of a prompt whose attention is computed at once: bounds the mask of a long one."""


@dataclass(frozen=True, slots=True)
class _Layer:
    attention_norm: Tensor
    query: Linear
    key: Linear
    value: Linear
    query_norm: Tensor
    key_norm: Tensor
    out: Linear
    mlp_norm: Tensor
    gate: Linear
    up: Linear
    down: Linear


@dataclass(frozen=True, slots=True)
class _Pack:
    """What the layers need to know of the prompts in it.

    Attributes:
        lengths: tokens of each prompt, those in the past not counted.
        last: (n_prompts,) row of each prompt's last token.
        cos, sin: (n_tokens, 1, head_dim / 2) of the rotary embedding.
        mask: (QUERY_ROWS or less, most tokens with the past), 0 where a query sees a key, else -inf. Its last row and
            column are the last token of any prompt: the bottom right part of it is the mask of a shorter one.
    """

    lengths: list[int]
    last: Tensor
    cos: Tensor
    sin: Tensor
    mask: Tensor


class Qwen3:
    """Logits of a few words after each prompt. Thread-safe (inference only reads).

    Args:
        folder: holds `config.json` and the weights.
        words: ids of the tokens whose logits are wanted.
        placement: where it runs.

    Raises:
        ModelError: `config.json` describes another kind of model.
        OSError, SafetensorError: the weights cannot be read.
        ValueError: the weights are not those that `config.json` describes, or a word is not in the vocabulary.
    """

    def __init__(self, folder: Path, words: Sequence[int], placement: Placement) -> None:
        self._config = Qwen3Config.read(folder)
        if max(words) >= self._config.vocab_size:
            raise ValueError(f"its tokenizer has more tokens than its vocab_size of {self._config.vocab_size}")
        self.max_positions = self._config.max_position_embeddings
        self._placement = placement
        with Weights(folder) as weights:
            weights.check(self._config.shapes())
            self._table = weights.read(EMBEDDINGS).to(placement.device)
            head = EMBEDDINGS if self._config.tie_word_embeddings else HEAD
            self._head = torch.stack([weights.row(head, i) for i in words]).to(placement.device, placement.dtype)
            self._norm_weight = weights.read(NORM).to(placement.device, placement.dtype)
            self._layers = [self._load(weights, i) for i in range(self._config.num_hidden_layers)]

    @torch.inference_mode()
    def read(self, ids: Sequence[int]) -> Past:
        """What all prompts begin with, to be given to `logits`; `[]` is the past of prompts that share nothing."""
        past: Past = []
        if ids:
            self._run([ids], self._nothing(), past)
        return past or self._nothing()

    @torch.inference_mode()
    def logits(self, prompts: Sequence[Sequence[int]], past: Past) -> Tensor:
        """(n_prompts, n_words) float32 on the CPU, of the words after the last token of each prompt.

        Args:
            prompts: ids of the tokens after the past, at least one each.
            past: what `read` gave.
        """
        hidden = self._norm(self._run(prompts, past), self._norm_weight)
        return F.linear(hidden, self._head).float().cpu()

    def _run(self, prompts: Sequence[Sequence[int]], past: Past, keep: Past | None = None) -> Tensor:
        """(n_prompts, hidden_size), the last layer's output at each last token; keys and values go to `keep`."""
        ids = torch.tensor(list(chain.from_iterable(prompts)), device=self._placement.device)
        # Rows are converted when they are looked up: exact, and a table stored in 16 bits takes half the memory.
        hidden = self._table[ids].to(self._placement.dtype)
        pack = self._pack([len(prompt) for prompt in prompts], n_past=len(past[0][0]))
        for layer, before in zip(self._layers, past, strict=True):
            hidden, own = self._layer(layer, hidden, before, pack, only_last=layer is self._layers[-1])
            if keep is not None:
                keep.append(own)
        return hidden

    def _layer(
        self, layer: _Layer, hidden: Tensor, before: KeysAndValues, pack: _Pack, *, only_last: bool
    ) -> tuple[Tensor, KeysAndValues]:
        """The layer's output, for the last tokens alone or for all, and its keys and values for all."""
        normed = self._norm(hidden, layer.attention_norm)
        key = _rotated(self._norm(self._heads(layer.key(normed)), layer.key_norm), pack.cos, pack.sin)
        own = key, self._heads(layer.value(normed))
        cos, sin, n_rows = pack.cos, pack.sin, pack.lengths
        if only_last:
            hidden, normed, cos, sin = (rows[pack.last] for rows in (hidden, normed, cos, sin))
            n_rows = [1] * len(pack.lengths)
        query = _rotated(self._norm(self._heads(layer.query(normed)), layer.query_norm), cos, sin)
        hidden = hidden + layer.out(_attend(query, n_rows, own, before, pack).flatten(1))
        normed = self._norm(hidden, layer.mlp_norm)
        return hidden + layer.down(F.silu(layer.gate(normed), inplace=True).mul_(layer.up(normed))), own

    def _heads(self, rows: Tensor) -> Tensor:
        """(n_tokens, n_heads, head_dim)"""
        return rows.view(len(rows), -1, self._config.head_dim)

    def _norm(self, rows: Tensor, weight: Tensor) -> Tensor:
        return F.rms_norm(rows, weight.shape, weight, self._config.rms_norm_eps)

    def _pack(self, lengths: list[int], n_past: int) -> _Pack:
        device, dtype = self._placement.device, self._placement.dtype
        positions = torch.cat([torch.arange(n_past, n_past + length) for length in lengths])
        angles = positions[:, None, None] * self._config.frequencies()
        most_rows, most_keys = min(QUERY_ROWS, max(lengths)), n_past + max(lengths)
        mask = torch.full((most_rows, most_keys), -torch.inf).triu(most_keys - most_rows + 1)
        return _Pack(
            lengths,
            last=(torch.tensor(lengths).cumsum(0) - 1).to(device),
            cos=angles.cos().to(device, dtype),
            sin=angles.sin().to(device, dtype),
            mask=mask.to(device, dtype),
        )

    def _nothing(self) -> Past:
        config = self._config
        empty = torch.empty((0, config.num_key_value_heads, config.head_dim)).to(
            self._placement.device, self._placement.dtype
        )
        return [(empty, empty)] * config.num_hidden_layers

    def _load(self, weights: Weights, i: int) -> _Layer:
        def read(name: str) -> Tensor:
            return weights.read(f"model.layers.{i}.{name}.weight").to(self._placement.device, self._placement.dtype)

        return _Layer(
            attention_norm=read("input_layernorm"),
            query=Linear(read("self_attn.q_proj")),
            key=Linear(read("self_attn.k_proj")),
            value=Linear(read("self_attn.v_proj")),
            query_norm=read("self_attn.q_norm"),
            key_norm=read("self_attn.k_norm"),
            out=Linear(read("self_attn.o_proj")),
            mlp_norm=read("post_attention_layernorm"),
            gate=Linear(read("mlp.gate_proj")),
            up=Linear(read("mlp.up_proj")),
            down=Linear(read("mlp.down_proj")),
        )


def _attend(query: Tensor, n_rows: Sequence[int], own: KeysAndValues, before: KeysAndValues, pack: _Pack) -> Tensor:
    """Each prompt's last tokens look at the past and at the prompt's own tokens up to themselves.

    Args:
        query: (sum of n_rows, n_heads, head_dim).
        n_rows: of `query`, by prompt; they belong to its last tokens.
        own: (n_tokens, n_kv_heads, head_dim) each, of all prompts.
        before: (n_past, n_kv_heads, head_dim) each.
        pack: lengths and mask.

    Returns:
        As `query`.
    """
    mixed = torch.empty_like(query)
    parts = ((query, n_rows), (own[0], pack.lengths), (own[1], pack.lengths), (mixed, n_rows))
    by_prompt = [torch.split_with_sizes(rows, sizes) for rows, sizes in parts]
    for q, k, v, out in zip(*by_prompt, strict=True):
        keys, values = torch.cat([before[0], k]), torch.cat([before[1], v])
        for rows in range(0, len(q), QUERY_ROWS):
            some = q[rows : rows + QUERY_ROWS]
            n_seen = len(keys) - len(q) + rows + len(some)
            out[rows : rows + QUERY_ROWS] = _attend_once(some, keys[:n_seen], values[:n_seen], pack.mask)
    return mixed


def _attend_once(query: Tensor, keys: Tensor, values: Tensor, mask: Tensor) -> Tensor:
    """(n_rows, n_heads, head_dim), of the last rows of one prompt. Heads that share keys are a batch with them."""
    n_rows, n_keys, n_shared = len(query), len(keys), keys.shape[1]
    grouped = query.view(n_rows, n_shared, -1, query.shape[-1]).permute(1, 2, 0, 3)
    shape = (n_shared, grouped.shape[1], n_keys, query.shape[-1])
    mixed = F.scaled_dot_product_attention(
        grouped,
        keys.transpose(0, 1).unsqueeze(1).expand(shape),
        values.transpose(0, 1).unsqueeze(1).expand(shape),
        attn_mask=mask[-n_rows:, -n_keys:].contiguous(),
    )
    return mixed.permute(2, 0, 1, 3).flatten(1, 2)


def _rotated(heads: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotary embedding: the two halves of each head are the two coordinates."""
    first, second = heads.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
