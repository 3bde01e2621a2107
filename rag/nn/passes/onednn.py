"""Matrix products by weights that stay as they are: on a CPU through oneDNN where that is faster and as exact."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import torch
from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor

_FASTER = 1.15
"""By how much oneDNN must be faster for the weights to be laid out anew."""
_LARGEST_ERROR = 1e-5
"""Relative to the largest value; rounding to bfloat16 gives 3e-3."""


class Linear:
    """`x @ weight.T`, for x of (n, n_in). On a CPU the weight may be laid out anew; the given one is then let go.

    Args:
        weight: (n_out, n_in).
    """

    def __init__(self, weight: Tensor) -> None:
        self._is_packed = weight.device.type == "cpu" and weight.dtype == torch.float32 and onednn_is_better()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight) if self._is_packed else weight

    def __call__(self, x: Tensor) -> Tensor:
        return _onednn(x, self._weight) if self._is_packed else F.linear(x, self._weight)


@cache
def onednn_is_better() -> bool:
    """Whether oneDNN multiplies float32 matrices faster here than torch does by itself, and without rounding more.

    torch asks MKL, which takes slower ways on processors of other makers. oneDNN may round to bfloat16 on its way if a
    process or its environment allows it, hence the check. Takes about 30 ms.
    """
    if not hasattr(torch.ops.mkldnn, "_linear_pointwise"):
        return False
    random = torch.Generator().manual_seed(0)
    x, weight = torch.randn(256, 1024, generator=random), torch.randn(1024, 1024, generator=random)
    packed = torch.ops.mkldnn._reorder_linear_weight(weight)
    exact = x.double() @ weight.double().T
    if (_onednn(x, packed) - exact).abs().max() > _LARGEST_ERROR * exact.abs().max():
        return False
    return _FASTER * _seconds(lambda: _onednn(x, packed)) < _seconds(lambda: F.linear(x, weight))


def _onednn(x: Tensor, packed: Tensor) -> Tensor:
    """What `torch.compile` makes of a linear layer in a frozen model; there is no public name for it."""
    product: Tensor = torch.ops.mkldnn._linear_pointwise(x, packed, None, "none", [], "")
    return product


def _seconds(run: Callable[[], object]) -> float:
    """The least of three, after one that is not counted."""
    run()
    took = []
    for _ in range(3):
        start = time.perf_counter()
        run()
        took.append(time.perf_counter() - start)
    return min(took)
