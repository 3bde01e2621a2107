"""Subnormal floats as zero."""

import platform
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from rag.nn.subnormals import flushed_subnormals


def product_is_zero():
    return bool((np.full(8, 1e-40, np.float32) * np.float32(1)).max() == 0)


@pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in ("x86_64", "aarch64"), reason="other registers"
)
def test_a_subnormal_float_counts_as_zero_inside_on_this_thread_alone():
    with ThreadPoolExecutor(1) as other:
        assert not other.submit(product_is_zero).result()  # started here: a new thread takes over its parent's register
        with flushed_subnormals():
            assert product_is_zero()
            assert not other.submit(product_is_zero).result()
    assert not product_is_zero()


def test_an_error_inside_puts_the_register_back():
    with pytest.raises(KeyError), flushed_subnormals():
        raise KeyError
    assert not product_is_zero()


def test_on_a_platform_that_is_not_known_nothing_changes(monkeypatch):
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with flushed_subnormals():
        assert not product_is_zero()
